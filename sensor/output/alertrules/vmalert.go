package alertrules

import "fmt"

type ruleFile struct {
	Groups []ruleGroup `json:"groups"`
}

type ruleGroup struct {
	Name     string     `json:"name"`
	Interval string     `json:"interval"`
	Rules    []ruleForm `json:"rules"`
}

type ruleForm struct {
	Alert       string            `json:"alert"`
	Expr        string            `json:"expr"`
	For         string            `json:"for"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// vmalert are the rules as vmalert reads them.
func vmalert() ruleFile {
	g := ruleGroup{Name: "tollwatch", Interval: "30s"}
	for _, r := range rules() {
		g.Rules = append(g.Rules, ruleForm{r.metric, r.metrics, fmt.Sprintf("%dm", r.minutes),
			map[string]string{"severity": r.severity, "product": "tollwatch"}, map[string]string{"summary": r.summary, "description": r.advice, "dashboard": "tollwatch-vm-" + r.dashboard}})
	}
	return ruleFile{[]ruleGroup{g}}
}

type alertmanager struct {
	Route     route      `json:"route"`
	Receivers []receiver `json:"receivers"`
}

type route struct {
	Receiver       string   `json:"receiver"`
	Matchers       []string `json:"matchers,omitempty"`
	GroupBy        []string `json:"group_by"`
	GroupWait      string   `json:"group_wait,omitempty"`
	GroupInterval  string   `json:"group_interval,omitempty"`
	RepeatInterval string   `json:"repeat_interval,omitempty"`
	Routes         []route  `json:"routes,omitempty"`
}

type receiver struct {
	Name string `json:"name"`
}

// grouping is how an Alertmanager must group: by what it is, thefts by site.
func grouping() alertmanager {
	top := route{Receiver: "tollwatch", GroupBy: []string{"alertname"}, GroupWait: "30s", GroupInterval: "5m", RepeatInterval: "4h"}
	for _, r := range rules() {
		if more := labels[r.group]; more != nil {
			top.Routes = append(top.Routes, route{Receiver: "tollwatch", Matchers: []string{fmt.Sprintf("alertname = %q", r.metric)}, GroupBy: append([]string{"alertname"}, more...)})
		}
	}
	return alertmanager{top, []receiver{{"tollwatch"}}}
}
