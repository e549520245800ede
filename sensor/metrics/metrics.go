package metrics

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	vm "github.com/VictoriaMetrics/metrics"
)

// Metrics is a set of metrics. Registering a metric twice, or under a name
// that the catalogue does not have, is a bug of ours and panics.
type Metrics struct {
	set   *vm.Set
	known map[string]Metric
}

// New is an empty set.
func New() *Metrics {
	m := &Metrics{set: vm.NewSet(), known: map[string]Metric{}}
	for _, one := range Catalogue() {
		m.known[one.Name] = one
	}
	return m
}

// Counter registers a figure that only grows. Labels are pairs of name and
// value.
func (m *Metrics) Counter(name string, read func() float64, labels ...string) {
	if !isCounter(name) {
		panic("counter " + name + " does not end in _total")
	}
	// Counters of the library are pushed; a gauge that reads prints the same.
	m.register(name, read, labels)
}

// Gauge registers a figure that goes up and down.
func (m *Metrics) Gauge(name string, read func() float64, labels ...string) {
	if isCounter(name) {
		panic("gauge " + name + " ends in _total")
	}
	m.register(name, read, labels)
}

func isCounter(name string) bool { return strings.HasSuffix(name, "_total") }

func (m *Metrics) register(name string, read func() float64, labels []string) {
	if _, ok := m.known[name]; !ok {
		panic("metric " + name + " is not in the catalogue")
	}
	m.set.NewGauge(withLabels(name, labels), read)
}

// WritePrometheus prints all metrics, each with its type and meaning, and those
// of the process: CPU, memory, open files, the Go runtime.
func (m *Metrics) WritePrometheus(w io.Writer) {
	var sorted bytes.Buffer
	m.set.WritePrometheus(&sorted)
	last := ""
	for line := range strings.Lines(sorted.String()) {
		if name := line[:strings.IndexAny(line, "{ ")]; name != last {
			last = name
			one := m.known[name]
			fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, escapeHelp.Replace(one.Text), name, one.Type())
		}
		io.WriteString(w, line)
	}
	vm.WriteProcessMetrics(w)
}

// Type is Prometheus's word.
func (m Metric) Type() string {
	if isCounter(m.Name) {
		return "counter"
	}
	return "gauge"
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

// escape is what the text format wants in label values, escapeHelp in texts.
var (
	escape     = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	escapeHelp = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
)
