package score

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// Sheet collects the results of many attacks and of quiet months.
type Sheet struct {
	attacks map[string][]Result
	quiet   map[string]*Quiet
}

// Quiet is what was alerted for nothing at sites of one kind.
type Quiet struct {
	Months  float64 // of 30 days
	Pages   int     // that woke somebody
	Notices int     // that did not
}

// NewSheet is empty.
func NewSheet() *Sheet { return &Sheet{attacks: map[string][]Result{}, quiet: map[string]*Quiet{}} }

// Attack adds a result.
func (s *Sheet) Attack(r Result) { s.attacks[r.Label] = append(s.attacks[r.Label], r) }

// Quiet adds what happened at a kind of site.
func (s *Sheet) Quiet(kind string, q Quiet) {
	sum := s.quiet[kind]
	if sum == nil {
		sum = &Quiet{}
		s.quiet[kind] = sum
	}
	sum.Months += q.Months
	sum.Pages += q.Pages
	sum.Notices += q.Notices
}

// Empty says that nothing was tried.
func (s *Sheet) Empty() bool { return len(s.attacks) == 0 && len(s.quiet) == 0 }

// Row sums up the trials of one attack. One that was not found counts as found
// after all its calls, and never: its seconds are infinite.
type Row struct {
	Label          string
	Trials, Found  int
	Early          int // found before anything was stolen
	Calls, Seconds Middle
	BySecond       Middle // euro lost
	ByMinute       Middle
}

// Middle is the median and the 95 % quantile.
type Middle struct{ Median, P95 float64 }

// Rows are the attacks by name.
func (s *Sheet) Rows() []Row {
	var rows []Row
	for label, results := range s.attacks {
		rows = append(rows, row(label, results))
	}
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.Label, b.Label) })
	return rows
}

func row(label string, results []Result) Row {
	r := Row{Label: label, Trials: len(results)}
	for i := range results {
		if results[i].Found {
			r.Found++
		}
		if results[i].Early {
			r.Early++
		}
	}
	r.Calls = middle(results, func(x *Result) float64 {
		if !x.Found {
			return math.Inf(1)
		}
		return float64(x.Calls)
	})
	r.Seconds = middle(results, func(x *Result) float64 { return x.Seconds })
	r.BySecond = middle(results, func(x *Result) float64 { return x.Loss.BySecond })
	r.ByMinute = middle(results, func(x *Result) float64 { return x.Loss.ByMinute })
	return r
}

func middle(results []Result, of func(*Result) float64) Middle {
	values := make([]float64, len(results))
	for i := range results {
		values[i] = of(&results[i])
	}
	return Middle{Quantile(values, .5), Quantile(values, .95)}
}

// Write prints both tables as Markdown.
func (s *Sheet) Write(w io.Writer) error {
	var b strings.Builder
	if len(s.attacks) > 0 {
		b.WriteString("| attack | found | early | calls: median / p95 | seconds: median / p95 | € by the second | € by the minute |\n|---|---|---|---|---|---|---|\n")
	}
	for _, r := range s.Rows() {
		fmt.Fprintf(&b, "| %s | %d/%d | %d | %s / %s | %s / %s | %.2f / %.2f | %.2f / %.2f |\n", r.Label, r.Found, r.Trials, r.Early,
			count(r.Calls.Median), count(r.Calls.P95), span(r.Seconds.Median), span(r.Seconds.P95),
			r.BySecond.Median, r.BySecond.P95, r.ByMinute.Median, r.ByMinute.P95)
	}
	if len(s.attacks) > 0 && len(s.quiet) > 0 {
		b.WriteString("\n")
	}
	if len(s.quiet) > 0 {
		b.WriteString("| site | site-months | false pages | a site-month | less than, at 95 % | notices a site-month |\n|---|---|---|---|---|---|\n")
	}
	for _, kind := range slices.Sorted(maps.Keys(s.quiet)) {
		q := s.quiet[kind]
		fmt.Fprintf(&b, "| %s | %.1f | %d | %.3f | %.3f | %.2f |\n", kind, q.Months, q.Pages,
			float64(q.Pages)/q.Months, PoissonUpper(q.Pages)/q.Months, float64(q.Notices)/q.Months)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func count(n float64) string {
	if math.IsInf(n, 1) {
		return "never"
	}
	return fmt.Sprintf("%.0f", n)
}

// span is seconds as a person reads them.
func span(seconds float64) string {
	switch {
	case math.IsInf(seconds, 1):
		return "never"
	case seconds < 600:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 3*3600:
		return fmt.Sprintf("%.0f min", seconds/60)
	case seconds < 3*86400:
		return fmt.Sprintf("%.1f h", seconds/3600)
	}
	return fmt.Sprintf("%.1f d", seconds/86400)
}
