package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/pointstest"
)

// seen are texts that a person reads, of the points by hand, in either language.
var seen = map[string]string{
	"sites.json/Open incidents":         "critical 2, major 2, watch 2, notice 2",
	"sites.json/Silent sensors":         "silent 1",
	"sites.json/Spent today":            "today €658, a usual day €24",
	"site.json/Calls now":               "calls 10, usual at this hour 6",
	"quality.json/Loss":                 "loss 10%",
	"sensor.json/Spool age":             "spool_age 1 min",
	"sensor.json/TLS":                   "tls_share 40%",
	"incident.json/Level":               "level critical",
	"incident.json/Lost":                "lost €4",
	"incident.json/An hour costs":       "an hour of it 240 €/h",
	"quality.json/One-way calls":        "one_way 1",
	"sensor.json/Interfaces down":       "interfaces_down 1",
	"incident.json/At once":             "at once 3",
	"sensor.json/Clock":                 "clock_offset 2.50 s",
	"site.json/Registered":              "registered 30",
	"quality.json/Jitter":               "jitter_mean_ms 30 ms",
	"incident.json/Event":               "event acknowledged",
	"site.json/Open incidents":          "critical 2, major 2, watch 2, notice 2",
	"quality.json/MOS":                  "mos 3",
	"incident.json/By the next opening": "forecast_eur €12K",
}

// cellsSeen are those of the first rows.
var cellsSeen = map[string]string{"level": "critical", "incident": pointstest.Incident, "lost": "€4", "an hour costs": "240 €/h", "number": "+1345555****", "loss": "10%",
	"reasons": "3 calls to new destinations in ten minutes (38.5)", "encrypted": "no", "country": "KY"}

// TestShown: Grafana's own code makes of the answers what each panel is to show: the
// columns in their order and no others, with rows; numbers in their units; links that
// lead on.
func TestShown(t *testing.T) {
	servers := map[Language]*influxtest.Server{InfluxQL: influxd(t), MetricsQL: influxtest.Victoria(t)}
	pointstest.SendApart(t, servers[InfluxQL], pointstest.Hand(t))
	pointstest.Send(t, servers[MetricsQL], pointstest.Hand(t))
	for l, s := range servers {
		var cases []shownCase
		var panels []panel
		for _, b := range boards() {
			d := b.in(l)
			for i, p := range b.panelsIn(l) {
				if p.kind == kindText {
					continue
				}
				cases = append(cases, shownCase{d.Panels[i], handViews["all"].frames(t, s, d.Panels[i]), urlVariables})
				p.content = b.file() + "/" + p.title
				panels = append(panels, p)
			}
		}
		for i, got := range showAll(t, cases) {
			switch panels[i].kind {
			case kindTable:
				got.table(t, l, panels[i])
			case kindGraph:
				got.graph(t, l, panels[i].content)
			default:
				got.stat(t, l, panels[i].content)
			}
		}
	}
}

// urlVariables are what Grafana puts into a link of what is chosen on the page.
var urlVariables = map[string]string{"datasource": "var-datasource=d", "alerts": "var-alerts=a", "__url_time_range": "from=1&to=2"}

type shownCase struct {
	Panel     Panel             `json:"panel"`
	Frames    []frame           `json:"frames"`
	Variables map[string]string `json:"variables"`
}

type shown struct {
	Values []struct{ Name, Text, Color string }
	Frames []struct {
		Rows    int
		Columns []struct {
			Name, Link string
			Texts      []string
		}
	}
}

func (s shown) stat(t *testing.T, l Language, name string) {
	t.Helper()
	var all []string
	for _, v := range s.Values {
		all = append(all, v.Name+" "+v.Text)
		if strings.Contains(v.Text, "nothing known") {
			t.Errorf("%s: %s shows %s", l, name, v.Text)
		}
	}
	got := strings.Join(all, ", ")
	want, listed := seen[name]
	if l == MetricsQL && name == "quality.json/One-way calls" {
		want = "one_way 4" // legs, of both sensors
	}
	if listed && got != want || got == "" {
		t.Errorf("%s: %s shows %q, want %q", l, name, got, want)
	}
}

// graph wants series that a legend can tell apart.
func (s shown) graph(t *testing.T, l Language, name string) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range s.Frames {
		title := f.Columns[1].Name
		if seen[title] || strings.TrimSpace(title) == "" || strings.ContainsAny(title, "${") || title == "Value" {
			t.Errorf("%s: %s: a series is called %q, of %d", l, name, title, len(s.Frames))
		}
		seen[title] = true
	}
}

func (s shown) table(t *testing.T, l Language, p panel) {
	t.Helper()
	if len(s.Frames) != 1 || s.Frames[0].Rows == 0 {
		t.Errorf("%s: %s is %v, want one table with rows", l, p.content, s.Frames)
		return
	}
	var titles, want []string
	for _, c := range s.Frames[0].Columns {
		titles = append(titles, c.Name)
		if c.Link != "" && !strings.Contains(c.Link, "?var-datasource=d&") {
			t.Errorf("%s: %s: %s leads nowhere", l, p.content, c.Link)
		}
	}
	for _, c := range p.shown(l, p.asks.in(l)) {
		want = append(want, c.title)
	}
	if diff := cmp.Diff(want, titles); diff != "" {
		t.Errorf("%s: %s: columns (-want +got)\n%s", l, p.content, diff)
	}
	for _, c := range s.Frames[0].Columns {
		if want, listed := cellsSeen[c.Name]; listed && c.Texts[0] != want {
			t.Errorf("%s: %s: %s shows %q, want %q", l, p.content, c.Name, c.Texts[0], want)
		}
	}
}

func showAll(t *testing.T, cases []shownCase) (out []shown) {
	t.Helper()
	program, modules := node(t)
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "testdata/show.cjs")
	c.Env = append(os.Environ(), "NODE_PATH="+modules)
	c.Stdin = bytes.NewReader(in)
	var said bytes.Buffer
	c.Stderr = &said
	text, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// frame is Grafana's own form of an answer, as its servers' side makes it.
type frame struct {
	RefID  string  `json:"refId"`
	Name   string  `json:"name"`
	Fields []field `json:"fields"`
}

type field struct {
	Name   string            `json:"name"`
	Type   string            `json:"type"`
	Labels map[string]string `json:"labels,omitempty"`
	Values []any             `json:"values"`
	Config map[string]string `json:"config,omitempty"`
}

// frames ask a panel's queries as Grafana would.
func (v view) frames(t *testing.T, s *influxtest.Server, p Panel) (all []frame) {
	t.Helper()
	for _, target := range p.Targets {
		answer, _ := v.ask(t, s, target)
		switch {
		case target.ResultFormat == "table" || target.Format == "table":
			all = append(all, tableFrame(target, answer, len(p.Targets)))
		default:
			all = append(all, seriesFrames(target, answer)...)
		}
	}
	return all
}

// tableFrame puts the series below each other: time, tags in no order, and values.
func tableFrame(target Target, answer []influxtest.Series, targets int) frame {
	f := frame{RefID: target.RefID}
	tags := map[string]bool{}
	for _, s := range answer {
		for tag := range s.Tags {
			tags[tag] = true
		}
	}
	add := func(name, title string, value func(influxtest.Series, []any) any) {
		c := field{Name: name, Type: "string"}
		if title != "" {
			c.Config = map[string]string{"displayNameFromDS": title}
		}
		for _, s := range answer {
			for _, row := range s.Rows {
				c.Values = append(c.Values, value(s, row))
			}
		}
		c.Type = typeOf(name, c.Values)
		f.Fields = append(f.Fields, c)
	}
	add("Time", "", func(_ influxtest.Series, row []any) any { return milliseconds(target, row[0]) })
	for _, tag := range slices.Backward(slices.Sorted(maps.Keys(tags))) {
		add(tag, tag, func(s influxtest.Series, _ []any) any { return s.Tags[tag] })
	}
	for i, column := range answer[0].Columns[1:] {
		name := column
		if target.Expr != "" {
			name = "Value"
			if targets > 1 {
				name += " #" + target.RefID
			}
		}
		add(name, "", func(_ influxtest.Series, row []any) any { return numeric(target, row[i+1]) })
	}
	return f
}

// seriesFrames has a frame a series and column, named as the target says.
func seriesFrames(target Target, answer []influxtest.Series) (all []frame) {
	for _, s := range answer {
		for i, column := range s.Columns[1:] {
			name := strings.ReplaceAll(target.Alias+target.LegendFormat, "$col", column)
			for tag, value := range s.Tags {
				name = strings.NewReplacer("$tag_"+tag, value, "{{"+tag+"}}", value).Replace(name)
			}
			at, value := field{Name: "Time", Type: "time"}, field{Name: "Value", Labels: s.Tags, Config: map[string]string{"displayNameFromDS": name}}
			for _, row := range s.Rows {
				at.Values = append(at.Values, milliseconds(target, row[0]))
				value.Values = append(value.Values, numeric(target, row[i+1]))
			}
			value.Type = typeOf("Value", value.Values)
			all = append(all, frame{target.RefID, name, []field{at, value}})
		}
	}
	return all
}

func typeOf(name string, values []any) string {
	if name == "Time" {
		return "time"
	}
	for _, v := range values {
		if _, ok := v.(string); ok {
			return "string"
		}
	}
	return "number"
}

// milliseconds are Grafana's times; InfluxDB was asked for nanoseconds.
func milliseconds(target Target, v any) float64 {
	n, _ := v.(json.Number).Float64()
	if target.Expr != "" {
		return n * 1000
	}
	return n / 1e6
}

// numeric is a number of an answer: VictoriaMetrics writes them as texts.
func numeric(target Target, v any) any {
	if s, ok := v.(string); ok && target.Expr != "" {
		var x float64
		fmt.Sscan(s, &x)
		return x
	}
	return v
}
