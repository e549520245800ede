package spool

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var wide = Limits{Bytes: 256 << 20, Age: 14 * 24 * time.Hour}

func in(t *testing.T, limits Limits) *Spool {
	t.Helper()
	s := New(filepath.Join(memory(t), "spool.db"), limits)
	t.Cleanup(func() { s.Close() })
	return s
}

// memory is a folder that costs no time to sync, where there is one: what a disk
// does is tested elsewhere.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "tollwatch-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// append keeps a batch of lines and lets it be given out.
func (s *Spool) add(t *testing.T, c Class, lines ...string) int64 {
	t.Helper()
	id, err := s.Append(c, []byte(strings.Join(lines, "\n")+"\n"), len(lines))
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	s.Release(c, id)
	return id
}

// next is the next load as text; its numbers are acknowledged if told so.
func (s *Spool) next(t *testing.T, c Class, lines int, acknowledge bool) string {
	t.Helper()
	l, err := s.Load(c, lines, 1<<20)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	if l.Count != bytes.Count(l.Lines, newline) {
		t.Errorf("got %d lines told of %q", l.Count, l.Lines)
	}
	if acknowledge {
		s.Acknowledge(c, l.IDs...)
		if err := s.Sweep(c); err != nil {
			t.Fatalf("sweep: %v", err)
		}
	}
	return strings.ReplaceAll(string(l.Lines), "\n", " ")
}

// TestAWeekendAway: what is kept comes out, metrics oldest first, alerts newest
// first, several batches at once, until it is acknowledged; a restart gives out
// again what was not.
func TestAWeekendAway(t *testing.T) {
	s := in(t, wide)
	for n := range 4 {
		s.add(t, Metrics, fmt.Sprintf("m%d", n), fmt.Sprintf("n%d", n))
		s.add(t, Alerts, fmt.Sprintf("a%d", n))
	}
	if got := s.next(t, Metrics, 5, true); got != "m0 n0 m1 n1 " {
		t.Errorf("got %q, want the two oldest batches that fit five lines", got)
	}
	if got := s.next(t, Alerts, 3, false); got != "a1 a2 a3 " {
		t.Errorf("got %q, want the three newest alerts", got)
	}
	if got := s.next(t, Alerts, 3, false); got != "a0 " {
		t.Errorf("got %q, want the alert that is not out", got)
	}
	if got := s.Figures(Metrics); got.Batches != 2 || got.Points != 4 || got.Oldest.IsZero() {
		t.Errorf("got %+v, want two batches of four points", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := New(s.path, wide)
	defer again.Close()
	if got := again.next(t, Alerts, 9, true); got != "a0 a1 a2 a3 " {
		t.Errorf("got %q after a restart, want all alerts: none was acknowledged", got)
	}
	if got := again.next(t, Metrics, 9, true); got != "m2 n2 m3 n3 " {
		t.Errorf("got %q after a restart, want the metrics that were not acknowledged", got)
	}
	if got := again.next(t, Metrics, 9, true); got != "" {
		t.Errorf("got %q of an empty spool", got)
	}
	a, m := again.Figures(Alerts), again.Figures(Metrics)
	if a.Found != 4 || m.Found != 4 || a.Points+m.Points != 0 || a.Bytes+m.Bytes != 0 || !m.Oldest.IsZero() {
		t.Errorf("got %+v and %+v, want four points found each, and nothing left", a, m)
	}
	for _, part := range []string{"", "-wal", ".ballast"} {
		if info, err := os.Stat(again.path + part); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got %v, %v, want a file for its owner alone", part, info, err)
		}
	}
}

// noise is a line that does not compress.
func noise(n int) string {
	x := uint64(n + 1)
	var b strings.Builder
	for range 1000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		fmt.Fprintf(&b, "%016x", x)
	}
	return b.String()
}

// TestTheOldestMetricsGoFirst: what is too much for the cap goes, alerts stay, what
// is being sent stays, and all of it is counted.
func TestTheOldestMetricsGoFirst(t *testing.T) {
	s := in(t, Limits{Bytes: 400 << 10, Age: time.Hour})
	s.add(t, Alerts, "first")
	s.add(t, Metrics, "sent", noise(-1))
	if got := s.next(t, Metrics, 1, false); !strings.HasPrefix(got, "sent ") {
		t.Fatalf("got %q", got)
	}
	for n := range 100 {
		s.add(t, Metrics, fmt.Sprint("m", n), noise(n))
	}
	m := s.Figures(Metrics)
	if m.Evicted == 0 || m.Points+int(m.Evicted) != 202 || s.onDisk() > 400<<10 || s.onDisk() < 380<<10 {
		t.Errorf("got %+v and %d bytes, want 202 points kept or counted and the cap all but reached", m, s.onDisk())
	}
	if got := s.next(t, Metrics, 1, false); !strings.HasPrefix(got, fmt.Sprint("m", m.Evicted/2)+" ") {
		t.Errorf("got %.10q next after %d points had gone, want the oldest that is left", got, m.Evicted)
	}
	if got := s.next(t, Alerts, 1, false); got != "first " {
		t.Errorf("got %q, want the alert", got)
	}
	for n := 0; ; n++ {
		id, err := s.Append(Alerts, []byte(noise(n)+"\n"), 1)
		if err == ErrCapped {
			break
		}
		if err != nil || n > 100 {
			t.Fatalf("got %v for alert %d, want that alerts alone fill the spool at last", err, n)
		}
		s.Release(Alerts, id)
	}
	if m, a := s.Figures(Metrics), s.Figures(Alerts); m.Points != 4 || a.Evicted != 0 || a.Points < 40 {
		t.Errorf("got %+v and %+v, want only the metrics left that are being sent", m, a)
	}
}

// TestTheFileKeepsToItsCap: however long the batches, and however they fit into the
// pages of the file.
func TestTheFileKeepsToItsCap(t *testing.T) {
	const most = 4 << 20
	for _, size := range []int{60, 400, 1000, 1400, 2100, 3000, 4000, 4500, 8200, 30_000} {
		s := in(t, Limits{Bytes: most, Age: time.Hour})
		text, used := random(most*3/2+size), 0
		for used < most*5/4 && s.Figures(Metrics).Evicted < 20 {
			s.add(t, Metrics, text[used:used+size])
			used += size
		}
		info, err := os.Stat(s.path)
		if err != nil || info.Size() > most*11/10 || s.Figures(Metrics).Evicted > 0 && info.Size() < most*8/10 {
			t.Errorf("lines of %d bytes: got a file of %d bytes, %v, want the cap of %d about", size, info.Size(), err, most)
		}
	}
}

func TestMetricsGrowOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(filepath.Join(t.TempDir(), "spool.db"), Limits{Bytes: 1 << 20, Age: time.Hour})
		defer s.Close()
		s.add(t, Metrics, "m0")
		s.add(t, Alerts, "a0")
		time.Sleep(50 * time.Minute)
		s.add(t, Metrics, "m1")
		time.Sleep(11 * time.Minute)
		s.add(t, Metrics, "m2")
		if got := s.next(t, Metrics, 9, false); got != "m1 m2 " {
			t.Errorf("got %q, want what is younger than an hour", got)
		}
		if got := s.next(t, Alerts, 9, false); got != "a0 " {
			t.Errorf("got %q, want the alert, which does not grow old", got)
		}
		if m := s.Figures(Metrics); m.Evicted != 1 || time.Since(m.Oldest) != 11*time.Minute {
			t.Errorf("got %+v, want one point gone, the oldest of eleven minutes ago", m)
		}
	})
}

// TestTheClockIsPutRight: a box whose clock was in 1970, or in 2061, when it kept its
// metrics, and is right at its next start, has them as long as any other. How long
// they wait is told by what passes.
func TestTheClockIsPutRight(t *testing.T) {
	for _, wrong := range []time.Time{time.Unix(1e6, 0), time.Date(2061, 1, 1, 0, 0, 0, 0, time.UTC)} {
		synctest.Test(t, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "spool.db")
			limits := Limits{Bytes: 1 << 20, Age: time.Hour}
			first := New(path, limits)
			first.add(t, Metrics, "m0")
			if _, err := first.db.Exec("UPDATE metrics SET time = ?", wrong.UnixNano()); err != nil {
				t.Fatal(err)
			}
			first.Close()
			for restarts := range 3 {
				s := New(path, limits)
				s.add(t, Metrics, fmt.Sprint("m", restarts+1))
				if m := s.Figures(Metrics); m.Evicted != 0 || m.Points != restarts+2 || time.Since(m.Oldest) != time.Duration(restarts)*10*time.Minute {
					t.Errorf("%v: got %+v, the oldest of %v ago, at start %d", wrong, m, time.Since(m.Oldest), restarts)
				}
				time.Sleep(10 * time.Minute)
				s.add(t, Alerts, "a") // shows the next process how late it was
				s.Close()
			}
			s := New(path, limits)
			defer s.Close()
			s.add(t, Metrics, "late")
			time.Sleep(31 * time.Minute)
			s.add(t, Metrics, "later")
			if m := s.Figures(Metrics); m.Evicted != 2 {
				t.Errorf("%v: got %+v, want the two oldest gone after an hour", wrong, m)
			}
		})
	}
}

// TestTheFileShrinks: an outage that is over leaves no large file.
func TestTheFileShrinks(t *testing.T) {
	s := in(t, wide)
	for n := range 2000 {
		s.add(t, Metrics, noise(n))
	}
	size := func() int64 {
		var n int64
		s.db.QueryRow("PRAGMA page_count").Scan(&n)
		return n * 4096
	}
	before := size()
	for s.next(t, Metrics, 20, true) != "" {
	}
	if after := size(); before < 16<<20 || after > pagesKept*4096+1<<20 {
		t.Errorf("got %d bytes of %d after all had gone, want %d at most", after, before, pagesKept*4096+1<<20)
	}
}

func TestClassesPrintThemselves(t *testing.T) {
	if got := fmt.Sprint(Classes); got != "[alerts metrics]" {
		t.Errorf("got %s", got)
	}
}
