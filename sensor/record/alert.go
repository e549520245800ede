package record

import (
	"time"

	"tollwatch/detect"
)

// Alert is one change of an incident.
type Alert struct {
	Type      string `json:"type"`
	Event     string `json:"event"`
	Time      Time   `json:"time"`
	WallTime  Time   `json:"wall_time,omitzero"`
	Incident  string `json:"incident"`
	Level     string `json:"level"`
	Scheme    string `json:"scheme"`
	Site      string `json:"site,omitempty"`
	Customer  string `json:"customer,omitempty"`
	Sensor    string `json:"sensor,omitempty"`
	Drill     bool   `json:"drill,omitempty"`
	Extension string `json:"extension,omitempty"`
	Trunk     string `json:"trunk,omitempty"`
	Source    string `json:"source,omitempty"`

	Score        float64       `json:"score"`
	Reasons      []Reason      `json:"reasons"`
	Calls        int           `json:"calls"`
	Concurrent   int           `json:"concurrent"`
	Answered     int           `json:"answered"`
	Since        Time          `json:"since"`
	Closed       Time          `json:"closed,omitzero"`
	Destinations []Destination `json:"destinations"`
	CallIDs      []string      `json:"call_ids"`
	Chain        []Link        `json:"chain,omitempty"`

	SpentEUR        float64  `json:"spent_eur"`
	SpentLowEUR     float64  `json:"spent_eur_low"`
	SpentHighEUR    float64  `json:"spent_eur_high"`
	Tariff          string   `json:"tariff"`
	BurnEURPerHour  float64  `json:"burn_eur_per_hour"`
	UsualEURPerHour *float64 `json:"usual_eur_per_hour,omitempty"`
	ForecastEUR     *float64 `json:"forecast_eur,omitempty"`
	ForecastUntil   Time     `json:"forecast_until,omitzero"`
	WorstEURPerHour *float64 `json:"worst_eur_per_hour,omitempty"`
	AcceptedAt      Time     `json:"accepted_at,omitzero"`
	AcknowledgedAt  Time     `json:"acknowledged_at,omitzero"`
	AcknowledgedBy  string   `json:"acknowledged_by,omitempty"`
	Until           Time     `json:"acknowledged_until,omitzero"`
	Normal          bool     `json:"normal,omitempty"`
	Members         *Members `json:"members,omitempty"`
	Maintenance     string   `json:"maintenance,omitempty"`
	Visibility      string   `json:"visibility,omitempty"`
	LostShare       *float64 `json:"lost_share,omitempty"`
	TLSShare        *float64 `json:"tls_share,omitempty"`
	RulesVersion    string   `json:"rules_version"`
	JournalHead     string   `json:"journal_head,omitempty"`

	Frequency   *Criterion `json:"frequency,omitempty"`
	Duration    *Criterion `json:"duration,omitempty"`
	Destination *Criterion `json:"destination,omitempty"`

	// Decision is what the score was made from: for the store, no part of the object.
	// nil where no rule decided.
	Decision *detect.Decision `json:"-"`
}

// Members are all that an incident is known by; of strangers some.
type Members struct {
	Extensions   []string `json:"extensions,omitempty"`
	Sources      []string `json:"sources,omitempty"`
	Destinations []string `json:"destinations,omitempty"` // country and class: "KY high_risk"
}

// Reason is one rule's points; the points of all add up to the score.
type Reason struct {
	Rule   string  `json:"rule"`
	Points float64 `json:"points"`
	Text   string  `json:"text"`
}

// Link is an earlier incident that led to this one, or a step of this one.
type Link struct {
	Time      Time   `json:"time"`
	Scheme    string `json:"scheme,omitempty"`
	Step      string `json:"step,omitempty"` // new_destination, test_call or burst
	Incident  string `json:"incident,omitempty"`
	Extension string `json:"extension,omitempty"`
	Source    string `json:"source,omitempty"`
	Number    string `json:"number,omitempty"`
}

// Destination is one number of an incident.
type Destination struct {
	Number  string `json:"number"`
	Country string `json:"country,omitempty"`
	Calls   int    `json:"calls"`
}

// Criterion is one of the three that a court asks for: what was seen beside
// what is usual. Where nothing was usual there is no ratio.
type Criterion struct {
	Observed    float64  `json:"observed"`
	Usual       *float64 `json:"usual,omitempty"`
	Ratio       *float64 `json:"ratio,omitempty"`
	NeverBefore bool     `json:"never_before,omitempty"`
	Unit        string   `json:"unit"`
	Since       Time     `json:"since,omitzero"`
}

// NewAlert puts an alert of the engine into the contract's words.
func NewAlert(a *detect.Alert) *Alert {
	out := &Alert{
		Type: "alert", Event: a.Event.String(), Time: Time(a.Time), Incident: a.Incident, Level: a.Level.String(),
		Scheme: a.Scheme.String(), Site: a.Site, Customer: a.Customer, Sensor: a.Sensor, Drill: a.Drill,
		Extension: a.Extension, Trunk: a.Trunk, Source: address(a.Source),
		Score: a.Score, Reasons: make([]Reason, len(a.Reasons)),
		Calls: a.Calls, Concurrent: a.Concurrent, Answered: a.Answered, Since: Time(a.Since), Closed: Time(a.Closed),
		Destinations: make([]Destination, len(a.Destinations)), CallIDs: append([]string{}, a.CallIDs...),
		SpentEUR: round(a.SpentEUR, 4), SpentLowEUR: round(a.SpentLow, 4), SpentHighEUR: round(a.SpentHigh, 4),
		Tariff: a.Tariff.String(), BurnEURPerHour: round(a.BurnEURPerHour, 2),
		UsualEURPerHour: optional(a.UsualEURPerHour, 4), ForecastEUR: optional(a.ForecastEUR, 2),
		ForecastUntil: Time(a.ForecastUntil), WorstEURPerHour: optional(a.WorstEURPerHour, 2),
		Visibility: a.Visibility.String(), RulesVersion: a.RulesVersion,
		Frequency: criterion(a.Frequency), Duration: criterion(a.Duration), Destination: criterion(a.Destination),
	}
	if a.Decision.Stage != 0 {
		decision := a.Decision
		out.Decision = &decision
	}
	out.AcknowledgedAt, out.AcknowledgedBy, out.Until, out.Normal = Time(a.AcknowledgedAt), a.AcknowledgedBy, Time(a.AcknowledgedUntil), a.Normal
	out.Members, out.Maintenance = NewMembers(&a.Members), a.Maintenance
	if a.TLSShare > 0 {
		share := round(a.TLSShare, 4)
		out.TLSShare = &share
	}
	for i, r := range a.Reasons {
		out.Reasons[i] = Reason(r)
	}
	for i, d := range a.Destinations {
		out.Destinations[i] = Destination{Number: d.Number, Country: d.Country, Calls: d.Calls}
	}
	for _, l := range a.Chain {
		link := Link{Time: Time(l.Time), Scheme: l.Scheme.String(), Step: l.Step.String(), Incident: l.Incident, Extension: l.Extension, Number: l.Number}
		if l.Source.IsValid() {
			link.Source = l.Source.String()
		}
		out.Chain = append(out.Chain, link)
	}
	return out
}

// NewMembers is nil where nothing is known.
func NewMembers(m *detect.Members) *Members {
	if len(m.Extensions)+len(m.Sources)+len(m.Groups) == 0 {
		return nil
	}
	out := &Members{Extensions: m.Extensions}
	for _, a := range m.Sources {
		out.Sources = append(out.Sources, a.String())
	}
	for _, g := range m.Groups {
		out.Destinations = append(out.Destinations, g.String())
	}
	return out
}

func criterion(c detect.Criterion) *Criterion {
	if c.Unit == "" {
		return nil
	}
	out := &Criterion{Observed: round(c.Observed, 2), NeverBefore: c.NeverBefore, Unit: c.Unit, Since: Time(c.Since)}
	if !c.NeverBefore {
		out.Usual, out.Ratio = optional(c.Usual, 2), optional(c.Ratio, 1)
	}
	return out
}

// Pages says that the alert wakes somebody.
func (a *Alert) Pages() bool {
	return a.Level == detect.Major.String() || a.Level == detect.Critical.String()
}

// Key names the change that the alert tells of: a receiver that has seen it
// knows a repeated post by it.
func (a *Alert) Key() string {
	return a.Incident + "/" + a.Event + "/" + time.Time(a.Time).UTC().Format(timeLayout)
}
