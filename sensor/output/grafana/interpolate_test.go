package grafana

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// view is what somebody looks at: Grafana's part of a query. It writes into the text
// what Grafana writes there before a server sees it.
type view struct {
	from, to time.Time
	step     time.Duration
	chosen   map[string][]string // of variables; nil: All
	live     bool                // heartbeats are of now, whatever else is looked at
}

// all is how Grafana writes All where the variable has a value of its own for it.
const all = ".*"

// special is escaped by Grafana's formatter "regex".
var special = regexp.MustCompile(`[\\^$*+?.()|\[\]{}/]`)

func (v view) regex(name string) string {
	values := v.chosen[name]
	if values == nil {
		return all
	}
	var out []string
	for _, s := range values {
		out = append(out, special.ReplaceAllString(s, `\$0`))
	}
	if len(out) == 1 {
		return out[0]
	}
	return "(" + strings.Join(out, "|") + ")"
}

// label is how the data source for Prometheus writes a variable of several values:
// as a regular expression within a quoted string.
func (v view) label(name string) string {
	values := v.chosen[name]
	if values == nil {
		return all
	}
	var out []string
	for _, s := range values {
		s = strings.ReplaceAll(s, `\`, `\\\\`)
		out = append(out, regexp.MustCompile(`[$^*{}\[\]'+?.()|]`).ReplaceAllString(s, `\\$0`))
	}
	if len(out) == 1 {
		return out[0]
	}
	return "(" + strings.Join(out, "|") + ")"
}

var (
	escaped = regexp.MustCompile(`\$\{(\w+):regex\}`)
	raw     = regexp.MustCompile(`\$(\w+)`)
)

// influx is the query as InfluxDB gets it. The server's now() is the end of what is
// looked at: the example is of another day.
func (v view) influx(text string) string {
	text = escaped.ReplaceAllStringFunc(text, func(s string) string { return v.regex(escaped.FindStringSubmatch(s)[1]) })
	return strings.NewReplacer(
		"$timeFilter", fmt.Sprintf("time >= %dms AND time <= %dms", v.from.UnixMilli(), v.to.UnixMilli()),
		"$__interval", fmt.Sprintf("%dms", v.step.Milliseconds()),
		"now()", fmt.Sprintf("%dms", v.to.UnixMilli()),
	).Replace(text)
}

// prometheus is the query as VictoriaMetrics gets it.
func (v view) prometheus(text string) string {
	return raw.ReplaceAllStringFunc(text, func(s string) string {
		switch name := s[1:]; name {
		case "__range":
			return strconv.Itoa(int(v.to.Sub(v.from).Seconds())) + "s"
		case "__interval":
			return strconv.Itoa(int(v.step.Seconds())) + "s"
		case "__rate_interval":
			return strconv.Itoa(int(max(v.step+15*time.Second, time.Minute).Seconds())) + "s"
		default:
			return v.label(name)
		}
	})
}

// TestInterpolate: what Grafana's own tests say of its formatters, for the names that
// break queries.
func TestInterpolate(t *testing.T) {
	from := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	v := view{from, from.Add(time.Hour), 10 * time.Second, map[string][]string{"site": {`a/b (c)`}, "sensor": {"x", "y.z"}}, false}
	for _, c := range []struct{ in, influx, prometheus string }{
		{`/^${site:regex}$/`, `/^a\/b \(c\)$/`, ``},
		{`/^${sensor:regex}$/ /^${customer:regex}$/`, `/^(x|y\.z)$/ /^.*$/`, ``},
		{`$timeFilter GROUP BY time($__interval)`, `time >= 1795780800000ms AND time <= 1795784400000ms GROUP BY time(10000ms)`, ``},
		{`time > now() - 2m`, `time > 1795784400000ms - 2m`, ``},
		{`{site=~"$site",sensor=~"$sensor",customer=~"$customer"}`, ``, `{site=~"a/b \\(c\\)",sensor=~"(x|y\\.z)",customer=~".*"}`},
		{`[$__range] [$__interval] [$__rate_interval]`, ``, `[3600s] [10s] [60s]`},
	} {
		if got := v.influx(c.in); c.influx != "" && got != c.influx {
			t.Errorf("%s: got %s, want %s", c.in, got, c.influx)
		}
		if got := v.prometheus(c.in); c.prometheus != "" && got != c.prometheus {
			t.Errorf("%s: got %s, want %s", c.in, got, c.prometheus)
		}
	}
}
