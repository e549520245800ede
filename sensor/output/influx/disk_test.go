package influx

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

// await waits for a condition, for half a minute at most.
func await(t *testing.T, what string, condition func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !condition() {
		if time.Since(began) > 30*time.Second {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(time.Millisecond)
	}
	return time.Since(began)
}

// TestADiskThatHangs: the spool's file is locked by somebody, so that a commit takes
// five seconds and fails. Alerts arrive without it, half a second later than
// otherwise; metrics wait for it in memory, and arrive from there.
func TestADiskThatHangs(t *testing.T) {
	logged(t)
	l := newLine()
	o := overLine(t, l, nil)
	db, err := sqlite.Open(filepath.Join(o.cfg.Dir, SpoolFile), sqlite.Layout{Pragmas: []string{"/* first */ locking_mode(EXCLUSIVE)"}, Version: 1, Schema: "CREATE TABLE x (y);"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("INSERT INTO x VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	stop := running(t, o)
	for n := range 10 {
		o.Put(cayman(n))
		a := anAlert()
		a.Incident = fmt.Sprint("i-", n)
		o.Put(a)
		if took := await(t, "an alert", func() bool { return l.lines("alerts") == n+1 }); took > 2*time.Second {
			t.Errorf("alert %d took %v beside a disk that hangs, want half a second", n, took)
		}
	}
	await(t, "the metrics", func() bool { return l.lines("calls") == 10 })
	if got := o.Trouble(); got.Kind != Disk {
		t.Errorf("got the trouble %v, want the disk", got)
	}
	stop()
	if c := balanced(t, o); c.Done != 20 || c.Lost != 0 {
		t.Errorf("got %+v, want all done", c)
	}
}

// TestAFullDisk: others fill the disk while the server is away. Alerts and metrics
// wait in memory as far as there is room; when the disk has room again they go
// there, and when the server is back all that was not lost arrives.
func TestAFullDisk(t *testing.T) {
	logged(t)
	dir := livetest.SmallDisk(t, 32<<20)
	l := newLine()
	l.answer = always(503, nil, "away")
	o := overLine(t, l, func(c *Config) {
		c.Dir, c.Memory, c.MinPause, c.MaxPause, c.Linger = dir, 256<<10, time.Millisecond, 20*time.Millisecond, 0
	})
	stop := running(t, o)
	o.Put(cayman(0))
	await(t, "the first batch on disk", func() bool { return o.Counters().Batches == 1 })
	filler := filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(dir, SpoolFile+".ballast")) // others have taken that as well
	for b := make([]byte, 4096); err == nil; {
		_, err = f.Write(b)
	}
	f.Close()
	made := uint64(1)
	for n := 1; o.Counters().Lost == 0; n++ {
		o.Put(cayman(n))
		made++
		if n > 1_000_000 {
			t.Fatalf("got %+v of a disk that is full", o.Counters())
		}
	}
	o.Put(anAlert())
	made++
	await(t, "the trouble", func() bool { return kinds(o)[Disk] })
	l.set(func(l *line) { l.answer = nil })
	await(t, "the alert while the disk is full", func() bool { return l.lines("alerts") == 1 })
	await(t, "all that was not lost", func() bool { return o.Counters().Waiting == 0 })
	os.Remove(filler)
	o.Put(cayman(-1))
	made++
	await(t, "the disk to be whole", func() bool { return !kinds(o)[Disk] })
	stop()
	if c := balanced(t, o); c.Queued != made || c.Done+c.Lost+c.Evicted != made || c.Done != uint64(l.lines("calls")+l.lines("alerts")) {
		t.Errorf("got %+v of %d points, %d lines in the server", c, made, l.lines("calls")+l.lines("alerts"))
	}
}

func kinds(o *Output) map[Kind]bool {
	now := map[Kind]bool{}
	for _, t := range o.Troubles() {
		now[t.Kind] = true
	}
	return now
}

// TestAReadOnlyDisk: a process that begins on one sends from memory, and says so.
func TestAReadOnlyDisk(t *testing.T) {
	logged(t)
	dir := livetest.SmallDisk(t, 32<<20)
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	l := newLine()
	o := overLine(t, l, func(c *Config) { c.Dir = dir })
	stop := running(t, o)
	o.Put(anAlert())
	o.Put(cayman(1))
	await(t, "both points", func() bool { return l.lines("alerts") == 1 && l.lines("calls") == 1 })
	if got := o.Trouble(); got.Kind != Disk || !strings.Contains(got.Text, SpoolFile) {
		t.Errorf("got the trouble %v, want that the spool cannot be opened", got)
	}
	stop()
	if c := balanced(t, o); c.Done != 2 || c.Lost != 0 {
		t.Errorf("got %+v, want both done", c)
	}
}

// TestDeadLettersAreBounded: two files of a bounded size, each line under its
// reason, whatever the reason holds.
func TestDeadLettersAreBounded(t *testing.T) {
	dir := t.TempDir()
	d := newDeadLetters(dir)
	for n := range 5000 {
		if err := d.add(fmt.Sprintf("call n=%di %s", n, strings.Repeat("x", 2000)), "refused"); err != nil {
			t.Fatal(err)
		}
	}
	total, last := int64(0), ""
	for _, name := range []string{deadLettersFile, deadLettersFile + ".old"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		total += int64(len(b))
		if last == "" {
			lines := strings.Split(strings.TrimSpace(string(b)), "\n")
			last = lines[len(lines)-1]
		}
		if len(b) > deadLettersMost || !strings.HasPrefix(string(b), "# ") {
			t.Errorf("%s: got %d bytes, beginning with %.20q", name, len(b), b)
		}
	}
	if total < deadLettersMost || !strings.HasPrefix(last, "call n=4999i") {
		t.Errorf("got %d bytes and the last line %.20q, want the newest kept", total, last)
	}
}
