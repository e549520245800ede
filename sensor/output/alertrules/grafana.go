package alertrules

import (
	"fmt"
	"strings"
)

// dataSource is the uid of the data source that the files of provisioning make: a
// rule, unlike a dashboard, cannot ask which one.
// Alerts may lie in a bucket of their own.
var dataSource = map[string]struct{ uid, alerts string }{
	"influxdb": {"tollwatch-influxdb", "tollwatch-influxdb-alerts"}, "victoriametrics": {"tollwatch-victoriametrics", "tollwatch-victoriametrics"},
}

type provisioned struct {
	APIVersion int            `json:"apiVersion"`
	Groups     []grafanaGroup `json:"groups"`
}

type grafanaGroup struct {
	OrgID    int           `json:"orgId"`
	Name     string        `json:"name"`
	Folder   string        `json:"folder"`
	Interval string        `json:"interval"`
	Rules    []grafanaRule `json:"rules"`
}

type grafanaRule struct {
	UID           string            `json:"uid"`
	Title         string            `json:"title"`
	Condition     string            `json:"condition"`
	For           string            `json:"for"`
	NoDataState   string            `json:"noDataState"`
	ExecErrState  string            `json:"execErrState"`
	Labels        map[string]string `json:"labels"`
	Annotations   map[string]string `json:"annotations"`
	Notifications notifications     `json:"notification_settings"`
	Data          []step            `json:"data"`
}

type notifications struct {
	Receiver       string   `json:"receiver"`
	GroupBy        []string `json:"group_by"`
	GroupWait      string   `json:"group_wait"`
	GroupInterval  string   `json:"group_interval"`
	RepeatInterval string   `json:"repeat_interval"`
}

// step is a query or what is reckoned of one.
type step struct {
	RefID      string `json:"refId"`
	Range      span   `json:"relativeTimeRange"`
	Datasource string `json:"datasourceUid"`
	Model      any    `json:"model"`
}

type span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

type influxModel struct {
	RefID        string `json:"refId"`
	Query        string `json:"query"`
	RawQuery     bool   `json:"rawQuery"`
	ResultFormat string `json:"resultFormat"`
}

type metricsModel struct {
	RefID   string `json:"refId"`
	Expr    string `json:"expr"`
	Instant bool   `json:"instant"`
}

type expression struct {
	RefID      string `json:"refId"`
	Type       string `json:"type"`
	Expression string `json:"expression"`
	Reducer    string `json:"reducer,omitempty"`
}

// grafana are the rules as a file of provisioning.
func grafana(server string) provisioned {
	g := grafanaGroup{OrgID: 1, Name: "tollwatch", Folder: "tollwatch", Interval: "1m"}
	for _, r := range rules() {
		g.Rules = append(g.Rules, r.grafana(server))
	}
	return provisioned{1, []grafanaGroup{g}}
}

func (r rule) grafana(server string) grafanaRule {
	out := grafanaRule{UID: r.uid, Title: r.title, Condition: "Z", For: fmt.Sprintf("%dm", r.minutes), NoDataState: r.silence,
		// A data source that does not answer is one cause: the first rule says so, as
		// Grafana's own DatasourceError, and the others keep what they said.
		ExecErrState: "KeepLast", Labels: map[string]string{"severity": r.severity, "product": "tollwatch"},
		Annotations: map[string]string{"summary": r.summary, "description": r.advice, "dashboard": "tollwatch-" + r.dashboard}}
	if r.silence == "Alerting" {
		out.ExecErrState = "Error"
	}
	out.Notifications = notifications{"tollwatch", append([]string{"grafana_folder", "alertname"}, labels[r.group]...), "30s", "5m", "4h"}
	out.Data = r.steps(server)
	return out
}

// sourceOf is the uid of what a query asks.
func sourceOf(query, server string) string {
	if strings.Contains(query, `FROM "alert"`) {
		return dataSource[server].alerts
	}
	return dataSource[server].uid
}

// labels tell notifications of one rule apart.
var labels = map[string][]string{byRule: nil, bySite: {"customer", "site"}, byScheme: {"scheme"}}

// steps are the queries A, B …, the last value of each, and whether it fires.
func (r rule) steps(server string) []step {
	var steps []step
	when := r.when
	asks := r.asks
	if server == "victoriametrics" {
		asks, when = []string{r.metrics}, "is_number($A)"
	}
	for i, q := range asks {
		letter := string(rune('A' + i))
		var model any = influxModel{letter, q, true, "time_series"}
		if server == "victoriametrics" {
			model = metricsModel{letter, q, true}
		}
		steps = append(steps, step{letter, span{From: 24 * 60 * 60}, sourceOf(q, server), model})
	}
	for i := range asks {
		letter, last := string(rune('A'+i)), "last"+string(rune('A'+i))
		steps = append(steps, step{last, span{}, "__expr__", expression{last, "reduce", letter, "last"}})
		when = strings.ReplaceAll(when, "$"+letter, "${"+last+"}")
	}
	return append(steps, step{"Z", span{}, "__expr__", expression{"Z", "math", when, ""}})
}
