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
		if strings.Contains(line, "tollwatch_") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func TestMetricsAreReadWhenAsked(t *testing.T) {
	m := New()
	lost, active := 0.0, 2.5
	m.Counter(FramesLost, func() float64 { return lost }, "reason", "ring_full")
	m.Counter(FramesLost, func() float64 { return 7 }, "reason", "card")
	m.Gauge(CallsActive, func() float64 { return active })
	m.Gauge(BuildInfo, func() float64 { return 1 }, "version", `1"\`+"\n", "commit", "c")
	lost, active = 1<<53, -1
	want := `# HELP tollwatch_build_info always 1
# TYPE tollwatch_build_info gauge
tollwatch_build_info{version="1\"\\\n",commit="c"} 1
# HELP tollwatch_calls_active calls at once, now
# TYPE tollwatch_calls_active gauge
tollwatch_calls_active -1
# HELP tollwatch_frames_lost_total frames that were never seen: ring_full, or card, which had no room
# TYPE tollwatch_frames_lost_total counter
tollwatch_frames_lost_total{reason="card"} 7
tollwatch_frames_lost_total{reason="ring_full"} 9007199254740992
`
	if diff := cmp.Diff(want, ours(m)); diff != "" {
		t.Error(diff)
	}
}

func TestSetsAreApart(t *testing.T) {
	a, b := New(), New()
	a.Counter(Frames, func() float64 { return 1 })
	b.Counter(Frames, func() float64 { return 2 })
	for want, m := range map[string]*Metrics{"1": a, "2": b} {
		if got := ours(m); !strings.HasSuffix(got, "tollwatch_frames_total "+want+"\n") {
			t.Errorf("got %q, want %s frames", got, want)
		}
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
		"twice":          func(m *Metrics) { m.Counter(Frames, nil); m.Counter(Frames, nil) },
		"not a total":    func(m *Metrics) { m.Counter(CallsActive, nil) },
		"no gauge":       func(m *Metrics) { m.Gauge(Frames, nil) },
		"not catalogued": func(m *Metrics) { m.Gauge("tollwatch_new", nil) },
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

// TestCatalogue: every name of ours is described once, in one plain line, and
// the library takes it.
func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, one := range Catalogue() {
		if seen[one.Name] || !strings.HasPrefix(one.Name, "tollwatch_") || one.Text == "" || strings.ContainsAny(one.Text+one.Labels+one.Field, "\n|") {
			t.Errorf("%+v: want a name of ours, once, with a text of one line", one)
		}
		seen[one.Name] = true
		New().register(one.Name, func() float64 { return 0 }, nil)
	}
}
