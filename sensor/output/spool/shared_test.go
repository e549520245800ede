package spool

import (
	"testing"
	"time"
)

// TestTwoProcesses: a file has one user. The second is told, loses nothing of the
// first one's, and has the file once the first has gone.
func TestTwoProcesses(t *testing.T) {
	first := in(t, wide)
	first.add(t, Metrics, "m0")
	second := New(first.path, wide)
	defer second.Close()
	began := time.Now()
	if _, err := second.Append(Metrics, []byte("m1\n"), 1); err == nil {
		t.Fatal("two processes have one file")
	}
	if now, _ := second.Trouble(); now == nil {
		t.Error("got no trouble of a file that is another's")
	}
	t.Logf("refused after %v", time.Since(began))
	first.add(t, Metrics, "m2")
	if got := first.next(t, Metrics, 9, false); got != "m0 m2 " {
		t.Errorf("got %q", got)
	}
	first.Close()
	second.again = time.Time{}
	if got := second.next(t, Metrics, 9, false); got != "m0 m2 " {
		t.Errorf("got %q once the first has gone", got)
	}
	if now, _ := second.Trouble(); now != nil {
		t.Errorf("got the trouble %v", now)
	}
}
