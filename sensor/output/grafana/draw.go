package grafana

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// kind is Grafana's name of one.
type kind string

const (
	kindStat  kind = "stat"
	kindGraph kind = "timeseries"
	kindTable kind = "table"
	kindText  kind = "text"
)

// panel is one of a dashboard before it has a language and a place.
type panel struct {
	kind          kind
	title         string
	text          string // what it says, and what to do when it is red
	unit          unit
	limits        limits
	asks          asked
	width, height int

	stacked bool
	crowded bool // hundreds of series: a legend would leave no room
	derived bool // its unit is not that of the fields it is made of
	columns []column
	groups  []string // a table's rows are the latest of each of these
	sort    string   // title of the column that a table is sorted by
	rising  bool
	series  []column // of a stat or a graph: names to show, colours of their own
	words   []word
	content string // of a text
	field   string // the one that a stat shows, where it is a text
	empty   string // what a stat says of no answer
}

func stat(title, text string, u unit, l limits, asks asked) panel {
	return panel{kind: kindStat, title: title, text: text, unit: u, limits: l, asks: asks, width: 4, height: 4}
}

func graph(title, text string, u unit, l limits, asks asked) panel {
	return panel{kind: kindGraph, title: title, text: text, unit: u, limits: l, asks: asks, width: 12, height: 8}
}

func table(title, text string, asks asked, columns ...column) panel {
	return panel{kind: kindTable, title: title, text: text, unit: plain, asks: asks, columns: columns, width: 24, height: 9}
}

func note(title, text, content string) panel {
	return panel{kind: kindText, title: title, text: text, content: content, width: 24, height: 4}
}

func (p panel) wide(w int) panel { p.width = w; return p }

func (p panel) high(h int) panel { p.height = h; return p }

// ratio says that the unit is of what is computed, not of the fields.
func (p panel) ratio() panel { p.derived = true; return p }

func (p panel) stack() panel { p.stacked = true; return p }

// many has so many series that one reads them under the pointer, the largest first.
func (p panel) many() panel { p.crowded = true; return p }

// latest keeps, of rows that come latest first, the latest of each group.
func (p panel) latest(groups ...string) panel { p.groups = groups; return p }

// sorted orders a table by the column of a title, the most first.
func (p panel) sorted(title string) panel { p.sort = title; return p }

// sortedUp has the least first.
func (p panel) sortedUp(title string) panel { p.sort, p.rising = title, true; return p }

// zero shows nothing as none: where nothing happened, nothing was written.
func (p panel) zero() panel { p.empty = "0"; return p }

// word shows a text: unasked Grafana shows numbers.
func (p panel) word(field string) panel { p.field = "/^" + field + "$/"; return p }

// called gives series titles.
func (p panel) called(series ...column) panel { p.series = series; return p }

// named writes words in colours for values.
func (p panel) named(words []word) panel { p.words = words; return p }

func (p panel) in(l Language, id int, place GridPos) Panel {
	out := Panel{Description: p.text, FieldConfig: p.fields(), GridPos: place, ID: id, Title: p.title, Type: string(p.kind), Options: p.options()}
	if p.kind == kindText {
		return out
	}
	asks := p.asks.in(l)
	out.Datasource, out.Interval = l.source(asks[0].text), "10s" // as often as the sensor writes
	for i, q := range asks {
		out.Targets = append(out.Targets, l.target(q, i, p.kind == kindTable || l == MetricsQL && p.kind == kindStat))
		if p.kind == kindStat && l == MetricsQL {
			out.Targets[i].Format, out.Targets[i].LegendFormat = "time_series", legendOf(q.name)
		}
	}
	if p.kind == kindTable {
		out.Transformations = p.transformations(l, asks)
		out.FieldConfig.Overrides = p.overrides(l, asks)
	}
	for _, c := range append(p.series, p.titled(asks)...) {
		out.FieldConfig.Overrides = append(out.FieldConfig.Overrides, c.override(false))
	}
	return out
}

// titled are titles for the series of a stat or a graph that has several.
func (p panel) titled(asks []query) (all []column) {
	if p.kind == kindTable {
		return nil
	}
	for _, q := range asks {
		for _, field := range slices.Sorted(maps.Keys(titles)) {
			if q.name == field || strings.Contains(q.text, `AS "`+field+`"`) {
				all = append(all, column{field: field, title: titles[field]})
			}
		}
	}
	return all
}

func (p panel) fields() FieldConfig {
	f := FieldConfig{Defaults: Field{Unit: string(p.unit), Thresholds: p.limits.thresholds(), Color: &Color{Mode: "thresholds"}, Mappings: mappings(p.words)}, Overrides: []Override{}}
	switch p.kind {
	case kindText:
		return FieldConfig{Overrides: []Override{}}
	case kindStat:
		f.Defaults.NoValue = cmp.Or(p.empty, "nothing known")
	case kindGraph:
		f.Defaults.Color.Mode = "palette-classic"
		f.Defaults.Custom = p.lines()
	case kindTable:
		f.Defaults.Custom = tableField{Align: "auto", CellOptions: cellType{"auto"}, Inspect: true}
	}
	return f
}

func (p panel) lines() graphField {
	g := graphField{DrawStyle: "line", FillOpacity: 10, LineInterpolation: "stepAfter", LineWidth: 1, ShowPoints: "auto", SpanNulls: false,
		Stacking: stacking{"A", "none"}, ThresholdsStyle: thresholdsStyle{"off"}}
	if p.stacked {
		g.DrawStyle, g.FillOpacity, g.Stacking.Mode = "bars", 60, "normal"
	}
	if len(p.limits.steps) > 0 {
		g.ThresholdsStyle.Mode = "dashed"
	}
	return g
}

func (p panel) options() any {
	switch p.kind {
	case kindStat:
		return statOptions{ColorMode: "value", GraphMode: "none", JustifyMode: "auto", Orientation: "auto", PercentChangeColorMode: "standard",
			ReduceOptions: reduceOptions{Calcs: []string{"lastNotNull"}, Fields: p.field}, TextMode: "auto", WideLayout: true}
	case kindGraph:
		return graphOptions{legend{[]string{"lastNotNull", "max"}, "list", "bottom", !p.crowded}, tooltip{"multi", "desc"}}
	case kindTable:
		t := tableOptions{CellHeight: "sm", ShowHeader: true, SortBy: []sortBy{}}
		if p.sort != "" {
			t.SortBy = append(t.SortBy, sortBy{p.sort, !p.rising})
		}
		return t
	}
	return textOptions{p.content, "markdown"}
}

// shown are the columns that a language has.
func (p panel) shown(l Language, asks []query) []column {
	if l == InfluxQL {
		return p.columns
	}
	var out []column
	for _, c := range p.columns {
		if has(asks, c.field) {
			out = append(out, c)
		}
	}
	return out
}

// has tells whether a set of instant queries fills a column: by the name of one, or
// as a label that they are grouped by.
func has(asks []query, field string) bool {
	for _, q := range asks {
		if q.name == field {
			return true
		}
		_, labels, _ := strings.Cut(q.text, "by (")
		labels, _, _ = strings.Cut(labels, ")")
		for label := range strings.SplitSeq(labels, ", ") {
			if label == field {
				return true
			}
		}
	}
	return false
}

func (p panel) overrides(l Language, asks []query) []Override {
	out := []Override{}
	for _, c := range p.shown(l, asks) {
		c.field = p.columnName(c.field)
		if c.link != "" && l == MetricsQL {
			c.link = strings.NewReplacer("/d/tollwatch-", "/d/tollwatch-vm-", "${alerts:queryparam}&", "").Replace(c.link)
		}
		out = append(out, c.override(true))
	}
	return out
}

// columnName is what a column is called behind the transformations.
func (p panel) columnName(field string) string {
	if p.groups == nil {
		return field
	}
	for _, g := range p.groups {
		if g == field {
			return field
		}
	}
	return field + " (firstNotNull)"
}
