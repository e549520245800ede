package metrics

import (
	"fmt"
	"io"
	"strings"

	vm "github.com/VictoriaMetrics/metrics"
)

// Metrics is a set of metrics. Registering a metric twice, or under a name
// that Prometheus does not take, is a bug of ours and panics.
type Metrics struct {
	set *vm.Set
}

// New is an empty set.
func New() *Metrics { return &Metrics{set: vm.NewSet()} }

// Counter registers a figure that only grows. Labels are pairs of name and
// value.
func (m *Metrics) Counter(name string, read func() uint64, labels ...string) {
	full := withLabels(name, labels)
	if !strings.HasSuffix(name, "_total") {
		panic("counter " + name + " does not end in _total")
	}
	// Counters of the library are pushed; a gauge that reads prints the same.
	m.set.NewGauge(full, func() float64 { return float64(read()) })
}

// Gauge registers a figure that goes up and down.
func (m *Metrics) Gauge(name string, read func() float64, labels ...string) {
	m.set.NewGauge(withLabels(name, labels), read)
}

// WritePrometheus prints all metrics, and those of the process: CPU, memory,
// open files, the Go runtime.
func (m *Metrics) WritePrometheus(w io.Writer) {
	m.set.WritePrometheus(w)
	vm.WriteProcessMetrics(w)
}

// withLabels is name{a="1",b="2"}.
func withLabels(name string, labels []string) string {
	if len(labels) == 0 {
		return name
	}
	pairs := make([]string, 0, len(labels)/2)
	for i := 0; i+1 < len(labels); i += 2 {
		pairs = append(pairs, fmt.Sprintf(`%s="%s"`, labels[i], escape.Replace(labels[i+1])))
	}
	return name + "{" + strings.Join(pairs, ",") + "}"
}

// escape is what the text format wants in label values.
var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
