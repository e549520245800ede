package grafana

import (
	"cmp"
	"strings"
)

// Language is what a data source is asked in.
type Language uint8

// The languages of the two sets.
const (
	InfluxQL Language = iota + 1
	MetricsQL
)

var languages = [...]struct{ name, source, product string }{
	InfluxQL:  {"influxql", "influxdb", "InfluxDB"},
	MetricsQL: {"victoriametrics", "prometheus", "VictoriaMetrics"},
}

// String is the name of the set's folder.
func (l Language) String() string { return languages[l].name }

// scopes are the filters that the variables make. A site may be called anything, so
// its name is escaped: by Grafana, which does so for PromQL unasked. An empty
// variable's All is .*, which a tag that is not there matches too.
var scopes = [...]*strings.Replacer{
	InfluxQL: strings.NewReplacer(
		"@site", `"customer" =~ /^${customer:regex}$/ AND "site" =~ /^${site:regex}$/`,
		"@sensor", `"customer" =~ /^${customer:regex}$/ AND "site" =~ /^${site:regex}$/ AND "sensor" =~ /^${sensor:regex}$/`,
		"@trunk", `"customer" =~ /^${customer:regex}$/ AND "site" =~ /^${site:regex}$/ AND "trunk" =~ /^${trunk:regex}$/`,
		"@customer", `"customer" =~ /^${customer:regex}$/`,
		"@incident", `"incident" =~ /^${incident:regex}$/`,
	),
	MetricsQL: strings.NewReplacer(
		"@site", `customer=~"$customer",site=~"$site"`,
		"@sensor", `customer=~"$customer",site=~"$site",sensor=~"$sensor"`,
		"@trunk", `customer=~"$customer",site=~"$site",trunk=~"$trunk"`,
		"@customer", `customer=~"$customer"`,
	),
}

// query is one question. In its text @site and the like stand for what the variables
// choose. Its name is that of its series, in InfluxDB's way ($tag_codec), or of the
// column that it fills in a table of VictoriaMetrics.
type query struct{ text, name string }

// asked is the same question in both languages; one that has no answer in MetricsQL,
// whose server keeps numbers only, is not there.
type asked struct{ influx, metrics []query }

func (a asked) in(l Language) []query {
	if l == InfluxQL {
		return a.influx
	}
	return a.metrics
}

// source is the data source that somebody chose for what a query asks: alerts may lie
// in a bucket of their own, which is a data source of its own. VictoriaMetrics has no
// buckets.
func (l Language) source(text string) *DataSourceRef {
	uid := "${datasource}"
	if l == InfluxQL && strings.Contains(text, `FROM "alert"`) {
		uid = "${alerts}"
	}
	return &DataSourceRef{Type: languages[l].source, UID: uid}
}

// target is a query as Grafana keeps it.
func (l Language) target(q query, number int, table bool) Target {
	t := Target{Datasource: l.source(q.text), RefID: string(rune('A' + number))}
	text := scopes[l].Replace(q.text)
	if l == InfluxQL {
		t.Query, t.RawQuery, t.ResultFormat, t.Alias = text, true, "time_series", q.name
		if table {
			t.ResultFormat, t.Alias = "table", ""
		}
		return t
	}
	t.Expr, t.EditorMode, t.Range, t.Format = text, "code", !table, "time_series"
	t.Instant = table
	t.LegendFormat = cmp.Or(legendOf(q.name), "__auto")
	if table {
		t.Format, t.LegendFormat = "table", ""
	}
	return t
}

// legendOf turns "$tag_codec lost" into "{{codec}} lost".
func legendOf(alias string) string {
	words := strings.Fields(alias)
	for i, w := range words {
		if tag, ok := strings.CutPrefix(w, "$tag_"); ok {
			words[i] = "{{" + tag + "}}"
		}
	}
	return strings.Join(words, " ")
}

// atSensor narrows a query of sites to the sensors that are chosen.
func atSensor(text string) string { return strings.ReplaceAll(text, "@site", "@sensor") }
