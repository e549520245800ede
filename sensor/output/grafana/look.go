package grafana

// unit is Grafana's name of one.
type unit string

// The units of what the sensor measures.
const (
	number  unit = "short"
	euro    unit = "currencyEUR"
	hourly  unit = "suffix:€/h"
	seconds unit = "s"
	millis  unit = "ms"
	size    unit = "bytes"
	share   unit = "percentunit"
	perSec  unit = "suffix:/s"
	ago     unit = "dateTimeFromNow"
	moment  unit = "dateTimeAsIso"
	ofOne   unit = "percentunit" // of one core
	opinion unit = "none"        // MOS, R-factor, points: a number of its own scale
	plain   unit = "string"
)

// colours
const (
	green  = "green"
	yellow = "yellow"
	orange = "orange"
	red    = "red"
	blue   = "blue"
	grey   = "text"
)

// limits are where colours begin: the first from the least value on.
type limits struct {
	first string
	steps []limit
}

type limit struct {
	from   float64
	colour string
}

// none says that no number of it is bad by itself.
var none = limits{first: grey}

// above is good below the first of the values, then yellow and red; a value of less
// than nothing is left out.
func above(warn, bad float64) limits {
	l := limits{first: green}
	if warn >= 0 {
		l.steps = append(l.steps, limit{warn, yellow})
	}
	return limits{l.first, append(l.steps, limit{bad, red})}
}

// below is bad below the first value, yellow below the second.
func below(bad, warn float64) limits {
	return limits{red, []limit{{bad, yellow}, {warn, green}}}
}

func (l limits) thresholds() *Thresholds {
	if l.first == "" {
		l = none
	}
	t := &Thresholds{Mode: "absolute", Steps: []Step{{Color: l.first}}}
	for _, s := range l.steps {
		t.Steps = append(t.Steps, Step{s.colour, &s.from})
	}
	return t
}

// levels are the colours of how bad an incident is.
var levels = []word{{value: "critical", colour: red}, {value: "major", colour: orange}, {value: "watch", colour: yellow}, {value: "notice", colour: blue}}

// yesNo are a flag's words.
var yesNo = []word{{"1", grey, "yes"}, {"0", grey, "no"}}

// word is a value with a colour of its own, and perhaps another text.
type word struct{ value, colour, text string }

func mappings(words []word) []Mapping {
	if words == nil {
		return nil
	}
	m := Mapping{Type: "value", Options: map[string]Word{}}
	for i, w := range words {
		m.Options[w.value] = Word{Color: w.colour, Index: i, Text: w.text}
	}
	return []Mapping{m}
}

// titles are how a person calls fields that stand beside each other.
var titles = map[string]string{
	"spent_today_eur": "today", "usual_day_eur": "a usual day", "calls_peak": "most at once", "calls_usual": "usual at this hour", "asr": "ASR", "ner": "NER",
	"spent_eur": "lost", "spent_eur_low": "at least", "spent_eur_high": "at most", "burn_eur_per_hour": "an hour of it", "usual_eur_per_hour": "such an hour, usually",
	"concurrent": "at once",
}

// column is one of a table, in the order that they are given.
type column struct {
	field  string // of the answer
	title  string
	unit   unit
	width  int
	limits *limits
	words  []word
	link   string // URL of another dashboard
}

// override is the look of a column; a series has no cells.
func (c column) override(cells bool) Override {
	o := Override{Matcher: Matcher{"byName", c.field}, Properties: []Property{{"displayName", c.title}}}
	if c.unit != "" {
		o.Properties = append(o.Properties, Property{"unit", string(c.unit)})
	}
	if c.width > 0 {
		o.Properties = append(o.Properties, Property{"custom.width", c.width})
	}
	if c.words != nil {
		o.Properties = append(o.Properties, Property{"mappings", mappings(c.words)})
	}
	if c.limits != nil {
		o.Properties = append(o.Properties, Property{"thresholds", c.limits.thresholds()})
	}
	if cells && (c.words != nil || c.limits != nil) {
		o.Properties = append(o.Properties, Property{"custom.cellOptions", cellType{"color-text"}})
	}
	if c.link != "" {
		o.Properties = append(o.Properties, Property{"links", []DataLink{{Title: "Show " + c.title + " ${__value.text}", URL: c.link}}})
	}
	return o
}
