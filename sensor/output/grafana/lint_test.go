package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tollwatch/sensor/output/points"
)

// TestCommitted: what is committed is what is generated.
func TestCommitted(t *testing.T) {
	files, err := Boards()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("../../../packaging/grafana", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("packaging/grafana/%s is not what the code says: make generate", name)
		}
	}
	for _, l := range []Language{InfluxQL, MetricsQL} {
		there, err := filepath.Glob("../../../packaging/grafana/" + l.String() + "/*.json")
		if err != nil || len(there) != len(boards()) {
			t.Errorf("packaging/grafana/%s has %v (%v), want the five dashboards", l, there, err)
		}
	}
}

// each runs a test of every dashboard in every language.
func each(t *testing.T, run func(*testing.T, Language, board, Dashboard)) {
	for _, l := range []Language{InfluxQL, MetricsQL} {
		for _, b := range boards() {
			t.Run(l.String()+"/"+b.uid, func(t *testing.T) { run(t, l, b, b.in(l)) })
		}
	}
}

// TestPlaces: ids are unique, and no panel lies on another or off the page.
func TestPlaces(t *testing.T) {
	uids := map[string]bool{}
	each(t, func(t *testing.T, _ Language, _ board, d Dashboard) {
		if uids[d.UID] || len(d.UID) > 40 { // Grafana's longest
			t.Errorf("uid %q is there twice, or too long", d.UID)
		}
		uids[d.UID] = true
		ids := map[int]bool{}
		taken := map[[2]int]string{}
		for _, p := range d.Panels {
			if ids[p.ID] || p.ID == 0 {
				t.Errorf("%s: id %d is there twice", p.Title, p.ID)
			}
			ids[p.ID] = true
			for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
				for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
					if other := taken[[2]int{x, y}]; other != "" || x >= pageWidth {
						t.Fatalf("%s lies on %q at %d, %d", p.Title, other, x, y)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	})
}

// TestWords: each panel says what it is, and in which unit.
func TestWords(t *testing.T) {
	each(t, func(t *testing.T, _ Language, _ board, d Dashboard) {
		if len(d.Description) < 40 {
			t.Error("no description")
		}
		for _, v := range d.Templating.List {
			if v.Label == "" || v.Description == "" {
				t.Errorf("variable %s says nothing", v.Name)
			}
		}
		for _, p := range d.Panels {
			if p.Title == "" || len(p.Description) < 15 || !strings.HasSuffix(p.Description, ".") {
				t.Errorf("panel %d %q: description %q", p.ID, p.Title, p.Description)
			}
			if p.Type != "text" && p.FieldConfig.Defaults.Unit == "" {
				t.Errorf("%s has no unit", p.Title)
			}
		}
	})
}

// TestDataSources: the variables, and nothing else; alerts by the one for alerts.
func TestDataSources(t *testing.T) {
	each(t, func(t *testing.T, l Language, _ board, d Dashboard) {
		for _, v := range d.Templating.List {
			if v.Type == "query" && *v.Datasource != sourceOf(l, v.Query) {
				t.Errorf("variable %s asks %v", v.Name, v.Datasource)
			}
		}
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				if want := sourceOf(l, target.Query); *target.Datasource != want || *p.Datasource != want {
					t.Errorf("%s asks %v and %v, want %v", p.Title, target.Datasource, p.Datasource, want)
				}
			}
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"datasource":(\{.*?"\})`).FindAllSubmatch(text, -1) {
			if got := string(m[1]); !strings.Contains(got, `"uid":"${`) && got != `{"type":"grafana","uid":"-- Grafana --"}` {
				t.Errorf("data source %s is fixed", got)
			}
		}
	})
}

func sourceOf(l Language, query string) DataSourceRef {
	if fromWhat.MatchString(query) && fromWhat.FindStringSubmatch(query)[1] == "alert" {
		return DataSourceRef{languages[l].source, "${alerts}"}
	}
	return DataSourceRef{languages[l].source, "${datasource}"}
}

var used = regexp.MustCompile(`\$\{?(\w+)`)

// TestVariables: each is defined before it is used.
func TestVariables(t *testing.T) {
	each(t, func(t *testing.T, _ Language, _ board, d Dashboard) {
		known := map[string]bool{"timeFilter": true}
		check := func(where, text string) {
			for _, m := range used.FindAllStringSubmatch(text, -1) {
				if !known[m[1]] && !strings.HasPrefix(m[1], "__") {
					t.Errorf("%s uses $%s, which is not defined: %s", where, m[1], text)
				}
			}
			if strings.Contains(text, "@") {
				t.Errorf("%s: %s", where, text)
			}
		}
		for _, v := range d.Templating.List {
			check("variable "+v.Name, v.Query)
			known[v.Name] = true
		}
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				check(p.Title, target.Query+target.Expr+target.Datasource.UID)
			}
			for _, o := range p.FieldConfig.Overrides {
				for _, property := range o.Properties {
					if links, ok := property.Value.([]DataLink); ok {
						check(p.Title, links[0].URL)
					}
				}
			}
		}
	})
}

var (
	linked = regexp.MustCompile(`^/d/([\w-]+)\?(?:\$\{(?:datasource|alerts):queryparam\}&)+\$\{__url_time_range\}(.*)$`)
	passed = regexp.MustCompile(`&var-(\w+)=\$\{__data\.fields\.(\w+):percentencode\}`)
)

// TestLinks: each leads to a dashboard of the same set, with variables that are there
// and values that the row has.
func TestLinks(t *testing.T) {
	variables := map[string][]string{}
	each(t, func(t *testing.T, _ Language, _ board, d Dashboard) {
		for _, v := range d.Templating.List {
			variables[d.UID] = append(variables[d.UID], v.Name)
		}
	})
	each(t, func(t *testing.T, l Language, b board, d Dashboard) {
		for _, p := range d.Panels {
			for _, o := range p.FieldConfig.Overrides {
				for _, property := range o.Properties {
					links, ok := property.Value.([]DataLink)
					if !ok {
						continue
					}
					m := linked.FindStringSubmatch(links[0].URL)
					if m == nil || variables[m[1]] == nil || strings.HasPrefix(m[1], "tollwatch-vm-") != (l == MetricsQL) {
						t.Fatalf("%s: %s leads nowhere", p.Title, links[0].URL)
					}
					if rest := passed.ReplaceAllString(m[2], ""); rest != "" {
						t.Errorf("%s: %q is no variable", p.Title, rest)
					}
					for _, v := range passed.FindAllStringSubmatch(m[2], -1) {
						if !slices.Contains(variables[m[1]], v[1]) || !slices.Contains(p.columnsOf(), v[2]) {
							t.Errorf("%s: %s: no variable %s there, or no column %s here %v", p.Title, links[0].URL, v[1], v[2], p.columnsOf())
						}
					}
				}
			}
		}
	})
}

// unitsOf is how Grafana may write what the schema measures.
var unitsOf = map[string][]unit{
	"": {number, opinion, plain}, "s": {seconds}, "ms": {millis}, "EUR": {euro}, "EUR/h": {hourly}, "0 to 1": {share}, "bytes": {size}, "cores": {ofOne},
	"0 to 100": {opinion}, "1 to 5": {opinion},
}

// TestSchema: each query names measurements, tags and fields that the sensor writes,
// and each field has the unit that it is measured in.
func TestSchema(t *testing.T) {
	each(t, func(t *testing.T, l Language, b board, d Dashboard) {
		for _, p := range b.panelsIn(l) {
			for _, q := range p.asks.in(l) {
				fields, err := fieldsOf(l, scopes[l].Replace(q.text))
				if err != nil {
					t.Errorf("%s: %s: %v", p.title, q.text, err)
				}
				for _, f := range fields {
					if !p.fits(f) {
						t.Errorf("%s shows %s, in %q, as %s", p.title, f.Key, f.Unit, p.unit)
					}
				}
			}
		}
		for _, v := range d.Templating.List {
			if v.Type != "query" {
				continue
			}
			if _, err := fieldsOf(l, v.Query); err != nil {
				t.Errorf("%s: %v", v.Query, err)
			}
		}
	})
}

func (p panel) fits(f points.Field) bool {
	if p.derived || f.Type == points.String || slices.Contains(unitsOf[f.Unit], p.unit) {
		return true
	}
	for _, c := range p.columns {
		if c.field == f.Key {
			return c.unit == "" && f.Unit == "" || slices.Contains(unitsOf[f.Unit], c.unit)
		}
	}
	return false
}

var (
	quoted   = regexp.MustCompile(`(AS )?"(\w+)"`)
	fromWhat = regexp.MustCompile(`FROM "(\w+)"`)
	selected = regexp.MustCompile(`\b([a-z]+)_(\w+)\{([^}]*)\}`)
	matched  = regexp.MustCompile(`(\w+)(?:=~|=|!=)`)
	grouped  = regexp.MustCompile(`by \(([^)]*)\)`)
	wanted   = regexp.MustCompile(`label_values\((\w+?)_\w+(?:\{[^}]*\})?, (\w+)\)`)
)

// fieldsOf are the fields that a query reads; one of a name that the schema has not
// is an error.
func fieldsOf(l Language, text string) ([]points.Field, error) {
	if l == MetricsQL {
		return fieldsOfMetrics(text)
	}
	m := fromWhat.FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("no measurement")
	}
	names := map[string]bool{m[1]: true}
	var out []points.Field
	for _, q := range quoted.FindAllStringSubmatch(text, -1) {
		if q[1] != "" {
			names[q[2]] = true
		}
	}
	for _, q := range quoted.FindAllStringSubmatch(text, -1) {
		if q[1] != "" {
			continue
		}
		f, err := lookup(m[1], q[2])
		if err != nil && !names[q[2]] {
			return nil, err
		}
		if f.Key != "" {
			out = append(out, f)
		}
	}
	return out, nil
}

func fieldsOfMetrics(text string) ([]points.Field, error) {
	var out []points.Field
	all := selected.FindAllStringSubmatch(text, -1)
	if m := wanted.FindStringSubmatch(text); m != nil {
		if _, err := lookup(m[1], m[2]); err != nil {
			return nil, err
		}
	} else if all == nil {
		return nil, fmt.Errorf("no measurement")
	}
	for _, m := range all {
		f, err := lookup(m[1], m[2])
		if err != nil || f.Key == "" || f.Type == points.String {
			return nil, fmt.Errorf("%s: no number: %v", m[0], err)
		}
		out = append(out, f)
		labels := matched.FindAllStringSubmatch(m[3], -1)
		for _, g := range grouped.FindAllStringSubmatch(text, -1) {
			for name := range strings.SplitSeq(g[1], ", ") {
				labels = append(labels, []string{"", name})
			}
		}
		for _, label := range labels {
			if f, err := lookup(m[1], label[1]); err != nil || f.Key != "" {
				return nil, fmt.Errorf("%s: no tag %s", m[0], label[1])
			}
		}
	}
	return out, nil
}

// lookup is a field of a measurement, or an empty one for a tag.
func lookup(measurement, name string) (points.Field, error) {
	for _, m := range points.Schema() {
		if m.Name != measurement {
			continue
		}
		for _, tag := range slices.Concat(m.Tags, points.Common) {
			if tag.Key == name {
				return points.Field{}, nil
			}
		}
		for _, f := range m.Fields {
			if f.Key == name {
				return f, nil
			}
		}
		return points.Field{}, fmt.Errorf("measurement %s has no %s", measurement, name)
	}
	return points.Field{}, fmt.Errorf("no measurement %s", measurement)
}

// TestSchemaSees: what TestSchema must find, or it is worth nothing.
func TestSchemaSees(t *testing.T) {
	for query, l := range map[string]Language{
		`SELECT last("uptim") FROM "sensor" WHERE @site`:              InfluxQL,
		`SELECT last("uptime") FROM "sensors" WHERE @site`:            InfluxQL,
		`SELECT last("uptime") FROM "sensor" WHERE @trunk`:            InfluxQL, // a heartbeat has no trunk
		`SELECT last("uptime") AS "u" FROM "sensor" GROUP BY "codec"`: InfluxQL,
		`sum(sensor_uptim{@site})`:                                    MetricsQL,
		`sum(sensor_version{@site})`:                                  MetricsQL, // a text
		`sum(sensor_uptime{@trunk})`:                                  MetricsQL,
		`sum by (codec) (sensor_uptime{@site})`:                       MetricsQL,
		`sum(sensor_uptime)`:                                          MetricsQL, // of whatever site
		`label_values(traffic_calls{@customer}, codec)`:               MetricsQL,
	} {
		if fields, err := fieldsOf(l, scopes[l].Replace(query)); err == nil {
			t.Errorf("%s: got %v, want an error", query, fields)
		}
	}
	uptime, err := lookup("sensor", "uptime")
	if err != nil || stat("", "", euro, none, asked{}).fits(uptime) || !stat("", "", seconds, none, asked{}).fits(uptime) {
		t.Errorf("seconds are shown as euro: %v", err)
	}
}
