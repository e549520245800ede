package points

import "time"

// Alert is a change of an incident. Its point lies at Time.
type Alert struct {
	Incident string
	Event    string
	Time     time.Time
	Since    time.Time

	Level, Scheme, Rule, Trunk string // tags

	Extension  string
	Source     string // the address that the traffic comes from
	Number     string // the destination most called
	Country    string
	Text       string // the reasons, for a person
	Drill      bool
	Open       bool // false once it is closed
	Pages      bool // it wakes somebody
	Normal     bool // people said that it is
	By         string
	Visibility string
	Tariff     string
	Score      float64

	Calls, Concurrent, Answered         int
	SpentEUR, SpentLowEUR, SpentHighEUR float64
	BurnEURPerHour, UsualEURPerHour     float64 // usual: NaN, not known
	ForecastEUR, WorstEURPerHour        float64 // NaN: not known
	JournalHead                         string
}

var alertTable = table[Alert]{
	name: "alert", text: "a change of an incident: opened, raised, updated every minute, acknowledged, reopened, closed",
	tags: []tag[Alert]{
		set("level", "the last two wake somebody", levels, func(a *Alert) string { return a.Level }),
		set("rule", "the rule that weighs most ([detections.md](detections.md))", ruleIDs, func(a *Alert) string { return a.Rule }),
		set("scheme", "what is being done to the site", schemes, func(a *Alert) string { return a.Scheme }),
		trunk("by which the calls go", func(a *Alert) string { return a.Trunk }),
	},
	fields: [][]field[Alert]{
		word("incident", "its stable id", func(a *Alert) string { return a.Incident }),
		word("event", "opened, raised, updated, acknowledged, reopened or closed", func(a *Alert) string { return a.Event }),
		flag("open", "the incident is open", func(a *Alert) bool { return a.Open }),
		flag("pages", "its level is one that wakes somebody, in each update too", func(a *Alert) bool { return a.Pages }),
		user("extension", "whose calls they are", func(a *Alert) string { return a.Extension }),
		address("source", "the address that the traffic comes from", func(a *Alert) string { return a.Source }),
		number("number", "the destination most called, E.164", func(a *Alert) string { return a.Number }),
		word("country", "of that destination", func(a *Alert) string { return a.Country }),
		sentence("text", "the reasons", func(a *Alert) string { return a.Text }, func(a *Alert) string { return a.Extension }),
		boolean("drill", "somebody tries the way of an alert", func(a *Alert) bool { return a.Drill }),
		flag("normal", "people said that it is normal", func(a *Alert) bool { return a.Normal }),
		user("acknowledged_by", "who acknowledged it", func(a *Alert) string { return a.By }),
		word("visibility", "full, trunk_only, one_way or media_only", func(a *Alert) string { return a.Visibility }),
		word("tariff", "estimate or customer", func(a *Alert) string { return a.Tariff }),
		figure("score", "", "sum of the reasons' points", func(a *Alert) float64 { return a.Score }),
		count("calls", "calls of the incident", func(a *Alert) int { return a.Calls }),
		count("concurrent", "most of them at once", func(a *Alert) int { return a.Concurrent }),
		count("answered", "of them answered", func(a *Alert) int { return a.Answered }),
		figure("age", seconds, "since the incident began", func(a *Alert) float64 { return a.age() }),
		money("spent_eur", euro, "lost so far", func(a *Alert) float64 { return a.SpentEUR }),
		money("spent_eur_low", euro, "at least", func(a *Alert) float64 { return a.SpentLowEUR }),
		money("spent_eur_high", euro, "at most", func(a *Alert) float64 { return a.SpentHighEUR }),
		money("burn_eur_per_hour", hourly, "what an hour of this costs", func(a *Alert) float64 { return a.BurnEURPerHour }),
		money("usual_eur_per_hour", hourly, "what such an hour usually costs", func(a *Alert) float64 { return a.UsualEURPerHour }),
		money("forecast_eur", euro, "by the next opening, if nobody acts", func(a *Alert) float64 { return a.ForecastEUR }),
		money("worst_eur_per_hour", hourly, "with all channels busy", func(a *Alert) float64 { return a.WorstEURPerHour }),
		word("journal_head", "head of the journal's chain of hashes", func(a *Alert) string { return a.JournalHead }),
	},
	at:    func(a *Alert) time.Time { return a.Time },
	about: func(a *Alert) (string, string) { return a.Incident, a.Event },
}

func (a *Alert) age() float64 {
	if a.Since.IsZero() {
		return unknown
	}
	return a.Time.Sub(a.Since).Seconds()
}
