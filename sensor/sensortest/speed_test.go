package sensortest

import (
	"cmp"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
)

// workloads are what the whole program is measured with, a million frames each
// or more.
var workloads = []struct {
	name string
	base string
	set  [][2]string
}{
	{"signalling", "court-a", [][2]string{{"media", "none"}, {"length", "2h"}, {"attack.calls_per_minute", "600"}, {"attack.length", "100m"}}},
	{"office", "office-day", [][2]string{{"media", "none"}, {"length", "720h"}, {"extensions", "100"}, {"honest.outbound", "1500"},
		{"honest.inbound", "900"}, {"honest.internal", "400"}}},
	{"media", "court-a", [][2]string{{"length", "1m"}, {"attack.calls_per_minute", "400"}, {"attack.length", "40s"},
		{"attack.talk_least", "60s"}, {"attack.talk_most", "90s"}}},
}

// BenchmarkReplay runs the program as a user does, JSON to /dev/null, in turn
// with tcpdump, which reads and writes the same file: user and system time of
// whole processes, the median of three turns.
func BenchmarkReplay(b *testing.B) {
	tcpdump, err := exec.LookPath("tcpdump")
	if err != nil {
		b.Skip("no tcpdump to compare with (apt-get install tcpdump)")
	}
	program := filepath.Join(b.TempDir(), "tollwatch")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", program, "tollwatch/cmd/tollwatch").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			file, frames := workload(b, w.name, w.base, w.set)
			const turns = 3
			var own, other []time.Duration
			for b.Loop() {
				own, other = own[:0], other[:0]
				for range turns {
					own = append(own, processor(b, program, "replay", "--json", file))
					other = append(other, processor(b, tcpdump, "-r", file, "-w", os.DevNull))
				}
			}
			slices.Sort(own)
			slices.Sort(other)
			mine, reference := own[turns/2], other[turns/2]
			b.ReportMetric(float64(mine)/float64(reference), "x_tcpdump")
			b.ReportMetric(float64(mine.Nanoseconds())/float64(frames), "cpu-ns/frame")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// processor is the user and system time of one run.
func processor(b *testing.B, name string, args ...string) time.Duration {
	b.Helper()
	c := exec.Command(name, args...)
	if err := c.Run(); err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

// workload makes the capture, in memory-backed storage where there is some, and
// reads it once so that it lies in the page cache.
func workload(b *testing.B, name, base string, set [][2]string) (string, uint64) {
	b.Helper()
	p, err := scenario.Load(base)
	if err != nil {
		b.Fatal(err)
	}
	for _, kv := range set {
		if err := p.Set(kv[0], kv[1]); err != nil {
			b.Fatal(err)
		}
	}
	file := filepath.Join(b.TempDir(), name+".pcap")
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	totals, err := packets.Generate(b.Context(), p, 1, f, io.Discard)
	if err := cmp.Or(err, f.Close()); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d calls, %d frames", totals.Calls, totals.Frames)
	return file, uint64(totals.Frames)
}
