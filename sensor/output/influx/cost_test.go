package influx

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// TestQueueingAllocatesNothing: a point goes into memory at no cost but its bytes.
func TestQueueingAllocatesNothing(t *testing.T) {
	o := newOutput(t, "http://127.0.0.1:1", nil)
	call, alert := cayman(1), anAlert()
	o.Call(call)
	o.Alert(alert)
	drop := func() {
		for _, l := range []*lane{o.metrics, o.alerts} {
			for c := l.inbox.toKeep(); c != nil; c = l.inbox.toKeep() {
				l.inbox.kept(c, 1, nil)
			}
		}
	}
	for range 3 * maxLines { // the memory of the first chunks
		o.Call(call)
	}
	drop()
	if got := testing.AllocsPerRun(maxLines/2, func() { o.Call(call) }); got != 0 {
		t.Errorf("got %v allocations for a call, want none", got)
	}
	drop()
	if got := testing.AllocsPerRun(100, func() { o.Alert(alert) }); got != 0 {
		t.Errorf("got %v allocations for an alert, want none", got)
	}
}

// cpu is how long this process has used a processor, all threads, user and kernel.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSpool is 10,000 points, encoded, compressed, written to disk and synced,
// as a second of them would be: with 0.1 s of processor they take a tenth of one.
func BenchmarkSpool(b *testing.B) {
	b.ReportAllocs()
	o := spoolOnly(b)
	begin := cpu(b)
	for n := range b.N {
		tenThousand(o, n)
	}
	spent := cpu(b) - begin
	b.ReportMetric(spent.Seconds()/float64(b.N), "cpu-s/10000points")
	b.ReportMetric(float64(o.Counters().Bytes)/float64(10_000*b.N), "bytes/point")
}

// BenchmarkDrain is a backlog of 10,000 points each on its way from the disk into the
// real InfluxDB, which shares the machine.
func BenchmarkDrain(b *testing.B) {
	logged(b)
	real := influxtest.Influxd(b)
	real.InfluxQL(b, "", "CREATE DATABASE b")
	o := spoolOnly(b)
	for n := range b.N {
		tenThousand(o, n)
	}
	o.spool.Close()
	o.cfg.URL = real.URL
	next, err := New(o.cfg, lyon)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	begin := cpu(b)
	b.ResetTimer()
	go next.Run(ctx)
	for next.Counters().Done < uint64(b.N)*10_000 {
		time.Sleep(time.Millisecond)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "points/s")
	b.ReportMetric((cpu(b)-begin).Seconds()/float64(b.N), "cpu-s/10000points")
}

// spoolOnly is an output whose drainer does nothing.
func spoolOnly(t testing.TB) *Output {
	t.Helper()
	cfg := DefaultConfig()
	cfg.URL, cfg.Bucket, cfg.Dir, cfg.Spool.Bytes = "http://127.0.0.1:1", "b", t.TempDir(), 1<<40
	o, err := New(cfg, lyon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.spool.Close() })
	return o
}

// tenThousand makes the points of a second and keeps them.
func tenThousand(o *Output, second int) {
	at := night.Add(time.Duration(second) * time.Second)
	for n := range 10_000 {
		o.Call(&points.Call{ID: ids[n], Group: ids[n], End: at.Add(time.Duration(n) * 100 * time.Microsecond), Trunk: "trunk-1", Direction: "outbound",
			Class: "mobile", Country: "FR", State: "answered", Extension: ids[n%200], Number: numbers[n%1000], Status: 200, Attempts: 1,
			Ringing: time.Duration(n%3000) * time.Millisecond, Duration: time.Duration(n%600) * time.Second, CostEUR: float64(n%97) / 100, MOS: 4.1})
	}
	o.metrics.keepAll()
}

var ids, numbers = func() (ids [10_000]string, numbers [1000]string) {
	for n := range ids {
		ids[n] = fmt.Sprintf("%x@pbx.example.net", uint32(n)*2654435761)
	}
	for n := range numbers {
		numbers[n] = fmt.Sprintf("+336%08d", uint32(n)*2654435761%100_000_000)
	}
	return
}()

// TestTenThousandASecond holds what the benchmark measures, of SPOOL_SECONDS: under a
// tenth of a core. Without them, beside other tests and the race detector, ten times
// that is borne.
func TestTenThousandASecond(t *testing.T) {
	seconds, most := rounds(t, "SPOOL_SECONDS", 0), 100*time.Millisecond
	if seconds == 0 {
		seconds, most = 2, time.Second
	}
	o := spoolOnly(t)
	tenThousand(o, 0)
	begin := cpu(t)
	for n := range seconds {
		tenThousand(o, n+1)
	}
	spent := (cpu(t) - begin) / time.Duration(seconds)
	t.Logf("%v of processor for 10,000 points", spent)
	if c := o.Counters(); c.Waiting != uint64(10_000*(seconds+1)) || c.Lost != 0 {
		t.Errorf("got %+v", c)
	}
	if spent > most {
		t.Errorf("got %v of processor for 10,000 points, want %v at most", spent, most)
	}
}
