package detect

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tollwatch/detect/numbering"
)

// TestFirstDaysWaitForAWord: a hacked site was called abroad from on its first
// days. Its people confirm one of two destinations: calls there are usual from then
// on, also after a restart; the other one keeps its points.
func TestFirstDaysWaitForAWord(t *testing.T) {
	s := &script{}
	for day := range 10 {
		at := monday.AddDate(0, 0, day).Add(9 * time.Hour)
		for n := range 3 {
			s.add(plot{at: at.Add(time.Duration(n) * time.Hour), extension: 204, number: fmt.Sprintf("4930123456%d", n), ring: time.Second, talk: time.Minute})
		}
		for n := range 2 {
			s.add(plot{at: at.Add(time.Duration(4+n) * time.Hour), extension: 205, number: fmt.Sprintf("3491123456%d", day%3), ring: time.Second, talk: time.Minute})
		}
	}
	e := newEngine(t)
	after := monday.AddDate(0, 0, 20)
	play(e, s.sorted(), after)

	de, es := Group{"DE", numbering.International}, Group{"ES", numbering.International}
	got := e.FirstDays()
	if len(got) != 2 || got[0].Group != de || got[1].Group != es || got[0].Calls != 30 || got[0].Numbers != 3 || got[0].Dearest <= 0 {
		t.Fatalf("got %+v, want 30 calls to Germany and 20 to Spain", got)
	}
	if err := e.Confirm([]Group{es, {"KY", numbering.HighRisk}}); !errors.Is(err, ErrNothingToConfirm) {
		t.Errorf("got %v for a destination that was never called", err)
	}
	if err := e.Confirm([]Group{de}); err != nil {
		t.Fatal(err)
	}
	restarted := newEngine(t)
	if err := restarted.LoadState(e.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	if got := restarted.FirstDays(); len(got) != 1 || got[0].Group != es {
		t.Errorf("got %+v after a restart, want Spain alone", got)
	}
	for _, c := range []struct {
		number string
		points bool
	}{{"49301234560", false}, {"34911234560", true}} {
		s := &script{call: 5000, leg: 5000}
		s.add(plot{at: after.Add(10 * time.Hour), extension: 204, number: c.number, ring: time.Second, talk: time.Minute})
		points := false
		for _, ev := range s.sorted() {
			for _, r := range restarted.Observe(ev).Verdict.Reasons {
				points = points || r.Rule == "novelty"
			}
		}
		if points != c.points {
			t.Errorf("%s: got points for novelty %t, want %t", c.number, points, c.points)
		}
	}
}

func TestGroupsAreRead(t *testing.T) {
	for _, g := range []Group{{"MA", numbering.International}, {"", numbering.Satellite}} {
		if got, err := ParseGroup(g.String()); err != nil || got != g {
			t.Errorf("%s: got %+v, %v", g, got, err)
		}
	}
	for _, text := range []string{"", "MA", "MA abroad", "MA international x"} {
		if g, err := ParseGroup(text); err == nil {
			t.Errorf("%q: got %+v, want it refused", text, g)
		}
	}
}
