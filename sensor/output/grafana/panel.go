package grafana

// Panel is one picture, table or text.
type Panel struct {
	Datasource      *DataSourceRef   `json:"datasource,omitempty"`
	Description     string           `json:"description"`
	FieldConfig     FieldConfig      `json:"fieldConfig"`
	GridPos         GridPos          `json:"gridPos"`
	ID              int              `json:"id"`
	Interval        string           `json:"interval,omitempty"`
	Options         any              `json:"options"`
	Targets         []Target         `json:"targets,omitempty"`
	Title           string           `json:"title"`
	Transformations []Transformation `json:"transformations,omitempty"`
	Type            string           `json:"type"`
}

// GridPos is a place on the page, which is 24 wide.
type GridPos struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// Target is a query. InfluxQL has Query, MetricsQL has Expr.
type Target struct {
	Alias        string         `json:"alias,omitempty"`
	Datasource   *DataSourceRef `json:"datasource"`
	EditorMode   string         `json:"editorMode,omitempty"`
	Expr         string         `json:"expr,omitempty"`
	Format       string         `json:"format,omitempty"`
	Instant      bool           `json:"instant,omitempty"`
	LegendFormat string         `json:"legendFormat,omitempty"`
	Query        string         `json:"query,omitempty"`
	Range        bool           `json:"range,omitempty"`
	RawQuery     bool           `json:"rawQuery,omitempty"`
	RefID        string         `json:"refId"`
	ResultFormat string         `json:"resultFormat,omitempty"`
}

// Transformation is what Grafana does to an answer before it is drawn.
type Transformation struct {
	ID      string `json:"id"`
	Options any    `json:"options"`
}

// FieldConfig is how values look.
type FieldConfig struct {
	Defaults  Field      `json:"defaults"`
	Overrides []Override `json:"overrides"`
}

// Field is how the values of all columns look.
type Field struct {
	Color      *Color      `json:"color,omitempty"`
	Custom     any         `json:"custom,omitempty"`
	Decimals   *int        `json:"decimals,omitempty"`
	Mappings   []Mapping   `json:"mappings,omitempty"`
	Max        *float64    `json:"max,omitempty"`
	Min        *float64    `json:"min,omitempty"`
	NoValue    string      `json:"noValue,omitempty"`
	Thresholds *Thresholds `json:"thresholds,omitempty"`
	Unit       string      `json:"unit,omitempty"`
}

// Color says what a colour follows.
type Color struct {
	Mode       string `json:"mode"`
	FixedColor string `json:"fixedColor,omitempty"`
}

// Mapping writes a word, in a colour, instead of a value.
type Mapping struct {
	Options map[string]Word `json:"options"`
	Type    string          `json:"type"`
}

// Word is what is written.
type Word struct {
	Color string `json:"color,omitempty"`
	Index int    `json:"index"`
	Text  string `json:"text,omitempty"`
}

// Thresholds are where a colour begins.
type Thresholds struct {
	Mode  string `json:"mode"`
	Steps []Step `json:"steps"`
}

// Step is a colour from a value on; the first has none.
type Step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

// Override is how one column, or one series, looks.
type Override struct {
	Matcher    Matcher    `json:"matcher"`
	Properties []Property `json:"properties"`
}

// Matcher finds a column.
type Matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

// Property is one thing of a column's look.
type Property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// DataLink leads from a value to another dashboard.
type DataLink struct {
	Title       string `json:"title"`
	URL         string `json:"url"`
	TargetBlank bool   `json:"targetBlank"`
}

type statOptions struct {
	ColorMode              string        `json:"colorMode"`
	GraphMode              string        `json:"graphMode"`
	JustifyMode            string        `json:"justifyMode"`
	Orientation            string        `json:"orientation"`
	PercentChangeColorMode string        `json:"percentChangeColorMode"`
	ReduceOptions          reduceOptions `json:"reduceOptions"`
	ShowPercentChange      bool          `json:"showPercentChange"`
	TextMode               string        `json:"textMode"`
	WideLayout             bool          `json:"wideLayout"`
}

type reduceOptions struct {
	Calcs  []string `json:"calcs"`
	Fields string   `json:"fields"`
	Values bool     `json:"values"`
}

type graphOptions struct {
	Legend  legend  `json:"legend"`
	Tooltip tooltip `json:"tooltip"`
}

type legend struct {
	Calcs       []string `json:"calcs"`
	DisplayMode string   `json:"displayMode"`
	Placement   string   `json:"placement"`
	ShowLegend  bool     `json:"showLegend"`
}

type tooltip struct {
	Mode string `json:"mode"`
	Sort string `json:"sort"`
}

type graphField struct {
	DrawStyle         string          `json:"drawStyle"`
	FillOpacity       int             `json:"fillOpacity"`
	LineInterpolation string          `json:"lineInterpolation"`
	LineWidth         int             `json:"lineWidth"`
	ShowPoints        string          `json:"showPoints"`
	SpanNulls         bool            `json:"spanNulls"`
	Stacking          stacking        `json:"stacking"`
	ThresholdsStyle   thresholdsStyle `json:"thresholdsStyle"`
}

type stacking struct {
	Group string `json:"group"`
	Mode  string `json:"mode"`
}

type thresholdsStyle struct {
	Mode string `json:"mode"`
}

type tableOptions struct {
	CellHeight string   `json:"cellHeight"`
	FrameIndex int      `json:"frameIndex"`
	ShowHeader bool     `json:"showHeader"`
	SortBy     []sortBy `json:"sortBy"`
}

type sortBy struct {
	DisplayName string `json:"displayName"`
	Desc        bool   `json:"desc"`
}

type tableField struct {
	Align       string   `json:"align"`
	CellOptions cellType `json:"cellOptions"`
	Filterable  bool     `json:"filterable"`
	Inspect     bool     `json:"inspect"`
}

type cellType struct {
	Type string `json:"type"`
}

type textOptions struct {
	Content string `json:"content"`
	Mode    string `json:"mode"`
}
