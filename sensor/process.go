package sensor

import (
	"bytes"
	"math"
	"os"
	"runtime/metrics"
	"strconv"
	"syscall"
	"time"
)

// process is what the sensor costs its machine.
type process struct {
	at   time.Time // of the last look
	used time.Duration
}

// cores is how many cores were busy with the sensor since the last look; NaN at the
// first one.
func (p *process) cores(now time.Time) float64 {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return math.NaN()
	}
	before := *p
	p.at, p.used = now, time.Duration(r.Utime.Nano()+r.Stime.Nano())
	passed := now.Sub(before.at)
	if before.at.IsZero() || passed <= 0 {
		return math.NaN()
	}
	return (p.used - before.used).Seconds() / passed.Seconds()
}

// resident is the memory of the process in bytes, as the kernel counts it; what Go
// has of it where there is no /proc.
func resident() uint64 {
	if b, err := os.ReadFile("/proc/self/statm"); err == nil { // proc(5): size, then resident, in pages
		if f := bytes.Fields(b); len(f) > 1 {
			if pages, err := strconv.ParseUint(string(f[1]), 10, 64); err == nil {
				return pages * uint64(os.Getpagesize())
			}
		}
	}
	total := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(total)
	return total[0].Value.Uint64()
}
