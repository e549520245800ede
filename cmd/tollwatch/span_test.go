package main

import (
	"testing"
	"time"
)

func TestSpansHaveDays(t *testing.T) {
	for text, want := range map[string]time.Duration{"7d": 7 * 24 * time.Hour, "24h": 24 * time.Hour, "1h30m": 90 * time.Minute} {
		var s span
		if err := s.Set(text); err != nil || time.Duration(s) != want {
			t.Errorf("%s: got %v, %v; want %v", text, time.Duration(s), err, want)
		}
	}
	for _, text := range []string{"", "d", "7 days", "-1d", "1.5d"} {
		var s span
		if err := s.Set(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, time.Duration(s))
		}
	}
}
