package metrics

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ours prints the metrics of the sensor, without those of the process.
func ours(m *Metrics) string {
	var b strings.Builder
	m.WritePrometheus(&b)
	var out []string
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "tollwatch_") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func TestMetricsAreReadWhenAsked(t *testing.T) {
	m := New()
	lost, active := uint64(0), 2.5
	m.Counter(FramesLost, func() uint64 { return lost }, "reason", "ring_full")
	m.Counter(FramesLost, func() uint64 { return 7 }, "reason", "card")
	m.Gauge(CallsActive, func() float64 { return active })
	m.Gauge(BuildInfo, func() float64 { return 1 }, "version", `1"\`+"\n", "commit", "c")
	lost, active = 1<<53, -1
	want := `tollwatch_build_info{version="1\"\\\n",commit="c"} 1
tollwatch_calls_active -1
tollwatch_frames_lost_total{reason="card"} 7
tollwatch_frames_lost_total{reason="ring_full"} 9007199254740992
`
	if diff := cmp.Diff(want, ours(m)); diff != "" {
		t.Error(diff)
	}
}

func TestSetsAreApart(t *testing.T) {
	a, b := New(), New()
	a.Counter(Frames, func() uint64 { return 1 })
	b.Counter(Frames, func() uint64 { return 2 })
	if got, want := ours(a)+ours(b), "tollwatch_frames_total 1\ntollwatch_frames_total 2\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheProcessIsThereToo(t *testing.T) {
	var b strings.Builder
	New().WritePrometheus(&b)
	for _, name := range []string{"process_resident_memory_bytes ", "go_goroutines "} {
		if !strings.Contains(b.String(), name) {
			t.Errorf("got no %s", name)
		}
	}
}

func TestOurBugsPanic(t *testing.T) {
	for name, register := range map[string]func(m *Metrics){
		"twice":       func(m *Metrics) { m.Counter(Frames, nil); m.Counter(Frames, nil) },
		"not a total": func(m *Metrics) { m.Counter(CallsActive, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("got no panic")
				}
			}()
			register(New())
		})
	}
}
