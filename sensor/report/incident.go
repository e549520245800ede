package report

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"tollwatch/sensor/record"
)

// incidents prints those that page in full, then one line for each quieter one.
func (p *printer) incidents(r *Report) {
	all := make([]*incident, 0, len(r.incidents))
	for _, i := range r.incidents {
		all = append(all, i)
	}
	sort.Slice(all, func(a, b int) bool {
		x, y := all[a], all[b]
		if (x.raised != nil) != (y.raised != nil) {
			return x.raised != nil
		}
		if sx, sy := time.Time(x.opened.Since), time.Time(y.opened.Since); !sx.Equal(sy) {
			return sx.Before(sy)
		}
		return x.opened.Incident < y.opened.Incident
	})
	if len(all) == 0 {
		p.row("alerts", "none")
		return
	}
	for _, i := range all {
		if i.raised != nil {
			p.alert(i)
			p.printf("\n")
			continue
		}
		a := i.latest
		p.row(a.Level, "%s, %s, since %s, score %s: %s", scheme(a.Scheme), who(a), p.time(a.Since), points(a.Score), because(a.Reasons))
	}
	if r.more > 0 {
		p.row("", "and %s of lower score", plural(r.more, "incident"))
	}
}

func (p *printer) alert(i *incident) {
	a, first := i.latest, i.raised
	p.printf("%s: %s, %s\n", strings.ToUpper(a.Level), scheme(a.Scheme), who(a))
	p.row("  since", "%s, incident %s", p.time(a.Since), a.Incident)
	p.before(a.Chain)
	if a.Calls == 0 {
		p.row("  alerted", "%s", p.clock(first.Time))
		p.row("  do now", "%s", doNow(a))
	} else {
		p.extent(a, first)
	}
	p.row("  why", "score %s when it alerted, %s at its highest:", points(first.Score), points(a.Score))
	for _, r := range first.Reasons {
		p.row("", "%+6.1f  %s", r.Points, r.Text)
	}
}

// before prints the earlier incidents that led to this one, and a call that
// tried whether the way is open.
func (p *printer) before(chain []record.Link) {
	name := "  before"
	for _, l := range chain {
		switch {
		case l.Incident != "":
			p.row(name, "%s: %s, %s (incident %s)", p.time(l.Time), scheme(l.Scheme),
				who(&record.Alert{Extension: l.Extension, Source: l.Source}), l.Incident)
		case l.Step == "test_call":
			p.row(name, "%s: a short call to %s by extension %s, as a test", p.time(l.Time), l.Number, l.Extension)
		default:
			continue
		}
		name = ""
	}
}

// extent prints what the calls of an incident are and cost.
func (p *printer) extent(a, first *record.Alert) {
	p.row("  alerted", "%s, at call %d, %.1f s after its first call, with %s lost", p.clock(first.Time), first.Calls,
		time.Time(first.Time).Sub(time.Time(first.Since)).Seconds(), euro(first.SpentEUR))
	p.row("  do now", "%s", doNow(a))
	p.row("  extent", "%s, %d answered, %d at once at the end", plural(a.Calls, "call"), a.Answered, a.Concurrent)
	p.row("  lost", "%s by the %s%s", euro(a.SpentEUR), tariff(a.Tariff), band(a))
	if a.Closed.IsZero() {
		p.row("  burns", "%s an hour%s%s", euro(a.BurnEURPerHour), usual(a.UsualEURPerHour), p.forecast(a))
	} else {
		p.row("  closed", "%s%s", p.time(a.Closed), usual(a.UsualEURPerHour))
	}
	p.row("  destinations", "%s", destinations(a.Destinations))
	p.criteria(a)
}

// criteria prints the three that a court asks for.
func (p *printer) criteria(a *record.Alert) {
	for _, c := range []struct {
		name string
		*record.Criterion
	}{{"frequency", a.Frequency}, {"duration", a.Duration}, {"destination", a.Destination}} {
		if c.Criterion == nil {
			continue
		}
		beside := "never before"
		if !c.Since.IsZero() {
			beside += " since " + p.time(c.Since)
		}
		if !c.NeverBefore && c.Usual != nil {
			beside = fmt.Sprintf("usual is %.1f", *c.Usual)
		}
		p.row("  "+c.name, "%.1f %s, %s", c.Observed, c.Unit, beside)
	}
}

func (p *printer) forecast(a *record.Alert) string {
	if a.ForecastEUR == nil || a.ForecastUntil.IsZero() {
		return ""
	}
	return fmt.Sprintf("; at this pace %s by %s", euro(*a.ForecastEUR), p.time(a.ForecastUntil))
}

func scheme(s string) string { return strings.ReplaceAll(s, "_", " ") }

func who(a *record.Alert) string {
	var parts []string
	if a.Extension != "" {
		parts = append(parts, "extension "+a.Extension)
	}
	if a.Trunk != "" {
		parts = append(parts, "through "+a.Trunk)
	}
	if a.Source != "" {
		parts = append(parts, "from "+a.Source)
	}
	if len(parts) == 0 {
		return "whole site"
	}
	return strings.Join(parts, " ")
}

func because(reasons []record.Reason) string {
	parts := make([]string, len(reasons))
	for i, r := range reasons {
		parts[i] = r.Text
	}
	return strings.Join(parts, "; ")
}

func destinations(ds []record.Destination) string {
	parts := make([]string, len(ds))
	for i, d := range ds {
		parts[i] = fmt.Sprintf("%s %s (%s)", d.Number, d.Country, plural(d.Calls, "call"))
	}
	return strings.Join(parts, ", ")
}

func usual(x *float64) string {
	if x == nil {
		return ""
	}
	return fmt.Sprintf(" (usual: %s an hour)", euro(*x))
}

// band is what the calls may be billed at, where the price does not say.
func band(a *record.Alert) string {
	if a.SpentLowEUR == a.SpentHighEUR {
		return ""
	}
	return fmt.Sprintf("; between %s and %s, as it may be billed", euro(a.SpentLowEUR), euro(a.SpentHighEUR))
}

func tariff(t string) string {
	switch t {
	case "customer":
		return "customer's tariff"
	case "bills":
		return "prices of the bills"
	}
	return "estimated tariff"
}

// euro prints money: cents matter below a thousand only.
func euro(x float64) string {
	if x >= 1000 {
		return grouped(uint64(x+0.5)) + " €"
	}
	return fmt.Sprintf("%.2f €", x)
}

// points prints a score to the half point that it is made of.
func points(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
