package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// board is a dashboard before it has a language.
type board struct {
	uid, title, text string
	variables        []variable
	panels           []panel
	from             string // how far back it looks
}

// Boards are the dashboards' files, "influxql/site.json" and so on.
func Boards() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, l := range []Language{InfluxQL, MetricsQL} {
		for _, b := range boards() {
			text, err := encode(b.in(l))
			if err != nil {
				return nil, fmt.Errorf("dashboard %s: %w", b.uid, err)
			}
			files[l.String()+"/"+b.file()] = text
		}
	}
	return files, nil
}

func boards() []board { return []board{sites(), site(), incident(), quality(), sensor()} }

func (b board) file() string { return strings.TrimPrefix(b.uid, "tollwatch-") + ".json" }

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return out.Bytes(), err
}

// in is the dashboard in a language.
func (b board) in(l Language) Dashboard {
	d := Dashboard{
		Annotations: list[Annotation]{[]Annotation{{BuiltIn: 1, Datasource: DataSourceRef{"grafana", "-- Grafana --"}, Enable: true, Hide: true,
			IconColor: "rgba(0, 211, 255, 1)", Name: "Annotations & Alerts", Type: "dashboard"}}},
		Description: b.text, Editable: true, GraphTooltip: 1, Links: []DashboardLink{l.siblings()}, Panels: []Panel{}, Refresh: "1m",
		SchemaVersion: schemaVersion, Tags: []string{tag, l.String()}, Time: TimeRange{b.from, "now"}, Timezone: "browser",
		Title: "tollwatch: " + b.title, UID: b.uidIn(l), Version: 1,
	}
	d.Templating.List = append(d.Templating.List, l.sources("datasource", "Data source", "Where tollwatch writes to"))
	if l == InfluxQL {
		d.Templating.List = append(d.Templating.List, l.sources("alerts", "Data source of alerts", "That of bucket_alerts; where there is none, the same as the other"))
	}
	for _, v := range b.variables {
		if variable, ok := v.in(l); ok {
			d.Templating.List = append(d.Templating.List, variable)
		}
	}
	panels := b.panelsIn(l)
	for i, place := range flow(panels) {
		d.Panels = append(d.Panels, panels[i].in(l, i+1, place))
	}
	return d
}

const tag = "tollwatch"

// siblings are the buttons that lead to the other dashboards of the set.
func (l Language) siblings() DashboardLink {
	return DashboardLink{Icon: "external link", IncludeVars: true, KeepTime: true, Tags: []string{tag, l.String()}, Title: "tollwatch", Type: "dashboards",
		Tooltip: "The other dashboards, of the same site and time"}
}

// uidIn tells the sets apart: both may be imported into one Grafana.
func (b board) uidIn(l Language) string { return uidIn(b.uid, l) }

func uidIn(uid string, l Language) string {
	if l == MetricsQL {
		return strings.Replace(uid, "tollwatch-", "tollwatch-vm-", 1)
	}
	return uid
}

// panelsIn leaves out what cannot be asked, and says so in a text.
func (b board) panelsIn(l Language) []panel {
	var out []panel
	var missing []string
	for _, p := range b.panels {
		if p.kind != kindText && len(p.asks.in(l)) == 0 {
			missing = append(missing, "*"+p.title+"*")
			continue
		}
		out = append(out, p)
	}
	if missing != nil {
		out = append(out, note("Not here", "What "+languages[l].product+" cannot tell, and InfluxDB can.", fmt.Sprintf(
			"%s keeps numbers, no texts, and each number by itself. So these are only on the dashboards for InfluxDB: %s. "+
				"The texts are in `tollwatch incidents` at the site and in what was sent to people.", languages[l].product, strings.Join(missing, ", "))))
	}
	return out
}

const pageWidth = 24

// flow places panels left to right, and on below what is highest there.
func flow(panels []panel) []GridPos {
	var places []GridPos
	x, y, high := 0, 0, 0
	for _, p := range panels {
		if x+p.width > pageWidth {
			x, y, high = 0, y+high, 0
		}
		places = append(places, GridPos{H: p.height, W: p.width, X: x, Y: y})
		x, high = x+p.width, max(high, p.height)
	}
	return places
}

// linkTo leads to another dashboard with its variables and the time that is shown.
func linkTo(uid string, variables ...string) string {
	url := "/d/" + uid + "?${datasource:queryparam}&${alerts:queryparam}&${__url_time_range}"
	for _, v := range variables {
		url += fmt.Sprintf("&var-%s=${__data.fields.%s:percentencode}", v, v)
	}
	return url
}

// variable is a choice above the panels.
type variable struct {
	name, label, text string
	influx, metrics   string // what asks for its values; empty: not there
	one               bool   // one value, never several and never all
	some              bool   // several, never all: it begins with the first
}

// few offers no All: its panels are for a few sites, and dear for hundreds.
func (v variable) few() variable { v.some = true; return v }

// What was replayed has no heartbeat, and is to be found all the same: so sites and
// sensors are those that have traffic.
var (
	customers = variable{name: "customer", label: "Customer", text: "[site] customer of the sensors; empty where none is configured",
		influx: `SHOW TAG VALUES FROM "traffic" WITH KEY = "customer"`, metrics: `label_values(traffic_calls, customer)`}
	siteNames = variable{name: "site", label: "Site", text: "[site] name of the sensors",
		influx: `SHOW TAG VALUES FROM "traffic" WITH KEY = "site" WHERE @customer`, metrics: `label_values(traffic_calls{@customer}, site)`}
	sensors = variable{name: "sensor", label: "Sensor", text: "Short name of a sensor; of two at one site each has its own",
		influx: `SHOW TAG VALUES FROM "traffic" WITH KEY = "sensor" WHERE @site`, metrics: `label_values(traffic_calls{@site}, sensor)`}
	trunks = variable{name: "trunk", label: "Trunk", text: "Name of the trunk, configured or learned; All has calls without one too",
		influx: `SHOW TAG VALUES FROM "call" WITH KEY = "trunk" WHERE @site`, metrics: `label_values(call_duration{@site}, trunk)`}
	incidents = variable{name: "incident", label: "Incident", text: "Stable id of an incident that changed within the time that is shown",
		influx: `SELECT DISTINCT("incident") FROM "alert" WHERE $timeFilter AND @site`, one: true}
)

func (l Language) sources(name, label, text string) Variable {
	return Variable{Description: text, Label: label, Name: name, Options: []Option{},
		Query: languages[l].source, Refresh: 1, Type: "datasource"}
}

func (v variable) in(l Language) (Variable, bool) {
	ask := []string{InfluxQL: v.influx, MetricsQL: v.metrics}[l]
	out := Variable{Datasource: l.source(ask), Description: v.text, Label: v.label, Name: v.name, Options: []Option{},
		Query: scopes[l].Replace(ask), Refresh: 2, Sort: 1, Type: "query"}
	if v.one {
		out.Sort = 2 // ids begin with their time: the latest first
		return out, ask != ""
	}
	out.Multi = true
	if v.some {
		return out, ask != ""
	}
	out.IncludeAll, out.AllValue = true, ".*"
	out.Current = &Option{Selected: true, Text: []string{"All"}, Value: []string{"$__all"}}
	return out, ask != ""
}
