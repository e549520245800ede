package grafana

// What follows is Grafana's own form of a dashboard, as far as it is used here, by
// the names of @grafana/schema: a test has its compiler check what is generated.

// schemaVersion is that of Grafana 12 and 13; older ones load what is newer.
const schemaVersion = 42

// Dashboard is one page.
type Dashboard struct {
	Annotations   list[Annotation] `json:"annotations"`
	Description   string           `json:"description"`
	Editable      bool             `json:"editable"`
	GraphTooltip  int              `json:"graphTooltip"`
	ID            *int             `json:"id"` // Grafana's own; null: a new one
	Links         []DashboardLink  `json:"links"`
	Panels        []Panel          `json:"panels"`
	Refresh       string           `json:"refresh"`
	SchemaVersion int              `json:"schemaVersion"`
	Tags          []string         `json:"tags"`
	Templating    list[Variable]   `json:"templating"`
	Time          TimeRange        `json:"time"`
	Timezone      string           `json:"timezone"`
	Title         string           `json:"title"`
	UID           string           `json:"uid"`
	Version       int              `json:"version"`
}

type list[T any] struct {
	List []T `json:"list"`
}

// Annotation marks moments on every graph.
type Annotation struct {
	BuiltIn    int           `json:"builtIn"`
	Datasource DataSourceRef `json:"datasource"`
	Enable     bool          `json:"enable"`
	Hide       bool          `json:"hide"`
	IconColor  string        `json:"iconColor"`
	Name       string        `json:"name"`
	Type       string        `json:"type"`
}

// DashboardLink is a button above the panels.
type DashboardLink struct {
	AsDropdown  bool     `json:"asDropdown"`
	Icon        string   `json:"icon"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	Tags        []string `json:"tags"`
	TargetBlank bool     `json:"targetBlank"`
	Title       string   `json:"title"`
	Tooltip     string   `json:"tooltip"`
	Type        string   `json:"type"`
}

// DataSourceRef names a data source, here always by the variable.
type DataSourceRef struct {
	Type string `json:"type,omitempty"`
	UID  string `json:"uid,omitempty"`
}

// TimeRange is what a dashboard shows when it is opened.
type TimeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Variable is a choice above the panels.
type Variable struct {
	AllValue    string         `json:"allValue,omitempty"`
	Current     *Option        `json:"current,omitempty"`
	Datasource  *DataSourceRef `json:"datasource,omitempty"`
	Description string         `json:"description"`
	Hide        int            `json:"hide"`
	IncludeAll  bool           `json:"includeAll"`
	Label       string         `json:"label"`
	Multi       bool           `json:"multi"`
	Name        string         `json:"name"`
	Options     []Option       `json:"options"`
	Query       string         `json:"query"`
	Refresh     int            `json:"refresh"`
	Regex       string         `json:"regex"`
	Sort        int            `json:"sort"`
	Type        string         `json:"type"`
}

// Option is a value of a variable.
type Option struct {
	Selected bool `json:"selected"`
	Text     any  `json:"text"` // a word, or several
	Value    any  `json:"value"`
}
