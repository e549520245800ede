package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tollwatch/sensor/livetest"
	"tollwatch/sensor/sqlite"
)

// fill takes all the room that is left on a disk.
func fill(t *testing.T, dir string) (path string) {
	t.Helper()
	path = filepath.Join(dir, "fill")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4096, 1} {
		for b := make([]byte, size); err == nil; {
			_, err = f.Write(b)
		}
		err = nil
	}
	return path
}

// random is a text that does not compress.
func random(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(noise(i))
	}
	return b.String()
}

// appended is how many batches go in before the disk takes none.
func appended(s *Spool, c Class, most int) (n int, err error) {
	for ; n < most; n++ {
		id, err := s.Append(c, []byte(fmt.Sprint(c, n, " ", noise(n), "\n")), 1)
		if err != nil {
			return n, err
		}
		s.Release(c, id)
	}
	return n, nil
}

// TestTheDiskIsFull: the spool itself fills a disk that is smaller than its cap. The
// oldest metrics make room, for new ones and for alerts, all is counted, what is
// acknowledged is deleted, and the trouble is told of until there is room.
func TestTheDiskIsFull(t *testing.T) {
	dir := livetest.SmallDisk(t, 24<<20)
	s := New(filepath.Join(dir, "spool.db"), wide)
	defer s.Close()
	if n, err := appended(s, Metrics, 4000); n != 4000 {
		t.Fatalf("got %d batches in, then %v", n, err)
	}
	m := s.Figures(Metrics)
	if m.Evicted == 0 || m.Points+int(m.Evicted) != 4000 || m.Points < 1000 {
		t.Errorf("got %+v of 4000 points on a disk for about 2000", m)
	}
	if now, _ := s.Trouble(); now == nil || !strings.Contains(now.Error(), "is full") {
		t.Errorf("got the trouble %v, want that the disk is full", now)
	}
	if n, err := appended(s, Alerts, 200); n != 200 {
		t.Errorf("got %d alerts in, then %v", n, err)
	}
	for s.next(t, Alerts, 9, true)+s.next(t, Metrics, 9, true) != "" {
	}
	a, m := s.Figures(Alerts), s.Figures(Metrics)
	if a.Points+m.Points != 0 || len(s.toSweep(Metrics))+len(s.toSweep(Alerts)) != 0 || a.Evicted != 0 {
		t.Errorf("got %+v and %+v after all was acknowledged, want nothing on disk", a, m)
	}
	for range 20 {
		s.add(t, Metrics, "m") // the file shrinks step by step
		s.next(t, Metrics, 9, true)
	}
	if now, _ := s.Trouble(); now != nil || !s.ballast.laid {
		t.Errorf("got the trouble %v after there was room again", now)
	}
}

// TestSomebodyElseFillsTheDisk: not even the room of the ballast is left. Nothing
// can be kept or deleted; what is acknowledged is not given out again, and all
// works once there is room.
func TestSomebodyElseFillsTheDisk(t *testing.T) {
	dir := livetest.SmallDisk(t, 24<<20)
	s := New(filepath.Join(dir, "spool.db"), wide)
	defer s.Close()
	if n, err := appended(s, Metrics, 100); n != 100 {
		t.Fatal(err)
	}
	s.add(t, Alerts, "a")
	s.ballast.give()
	s.full = true
	file := fill(t, dir)
	if _, err := s.Append(Alerts, []byte(random(3<<20)+"\n"), 1); !sqlite.Full(err) {
		t.Fatalf("got %v, want that the disk is full", err)
	}
	seen := 0
	for {
		l, err := s.Load(Metrics, 10, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if l.Count == 0 {
			break
		}
		seen += l.Count
		s.Acknowledge(Metrics, l.IDs...)
		s.Sweep(Metrics) // it may not work
	}
	if m := s.Figures(Metrics); seen != 100 || m.Points != 0 {
		t.Errorf("got %d points given out and %+v left, want 100 and none", seen, m)
	}
	os.Remove(file)
	if err := s.Sweep(Metrics); err != nil || len(s.toSweep(Metrics)) != 0 {
		t.Errorf("got %v after there was room again, and %d batches left to delete", err, len(s.toSweep(Metrics)))
	}
	s.add(t, Alerts, "b")
	if got := s.next(t, Alerts, 9, true); got != "a b " {
		t.Errorf("got %q, want both alerts", got)
	}
}

// TestStartOnAFullDisk: a process that begins on a full disk reads what an earlier
// one has kept.
func TestStartOnAFullDisk(t *testing.T) {
	dir := livetest.SmallDisk(t, 24<<20)
	s := New(filepath.Join(dir, "spool.db"), wide)
	if n, err := appended(s, Alerts, 50); n != 50 {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	os.Remove(s.ballast.path)
	fill(t, dir)
	again := New(s.path, wide)
	defer again.Close()
	l, err := again.Load(Alerts, 100, 2<<20)
	if err != nil || l.Count != 50 {
		t.Errorf("got %d alerts, %v, want 50", l.Count, err)
	}
}

// TestReadOnly: a disk that became read-only gives out what it has, takes nothing,
// and takes again when it may be written.
func TestReadOnly(t *testing.T) {
	dir := livetest.SmallDisk(t, 24<<20)
	s := New(filepath.Join(dir, "spool.db"), wide)
	defer s.Close()
	s.add(t, Metrics, "m0")
	s.Close()
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	if _, err := s.Append(Alerts, []byte("a0\n"), 1); err == nil {
		t.Error("a read-only disk took an alert")
	}
	if now, _ := s.Trouble(); now == nil || !strings.Contains(now.Error(), "spool.db") {
		t.Errorf("got the trouble %v", now)
	}
	remount(0)
	s.again = time.Time{} // the moment that it waits has passed
	s.add(t, Alerts, "a0")
	if got := s.next(t, Metrics, 9, true) + s.next(t, Alerts, 9, true); got != "m0 a0 " {
		t.Errorf("got %q, want what was kept before and after", got)
	}
	if now, _ := s.Trouble(); now != nil {
		t.Errorf("got the trouble %v of a disk that may be written", now)
	}
}
