package detect

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/detect/rules"
)

// Alert is one change of an incident, whole: whoever reads only this one
// knows all. Its slices are its own. Money is EUR; a field that is not known
// is zero.
type Alert struct {
	Event    Change
	Time     time.Time // of the packet, or of the tick, that decided
	Incident string    // stable id
	Level    Level
	Scheme   Scheme

	Site, Customer, Sensor string
	Drill                  bool

	Extension string         // of the strongest decision
	Trunk     string         // likewise, else of the latest call
	Source    netip.AddrPort // of its first INVITE

	Score        float64 // of the strongest decision; the sum of Reasons
	Reasons      []Reason
	Decision     Decision // it, with its inputs
	RulesVersion string

	Calls, Concurrent, Answered int
	Since                       time.Time // first INVITE of the incident
	Closed                      time.Time // zero while it is open
	Destinations                []Destination
	CallIDs                     []string // the latest 50
	Chain                       []Link   // the stages before it, the earliest first

	Members Members // all that it is known by; of strangers some

	AcknowledgedAt    time.Time // a person's word under which the incident stands; zero without
	AcknowledgedBy    string
	AcknowledgedUntil time.Time // zero: as long as the incident is open, and a day
	Normal            bool      // the word is that this is normal here
	Maintenance       string    // why, while roles are learned anew; empty otherwise

	SpentEUR, SpentLow, SpentHigh float64
	Tariff                        Tariff  // of the price of the strongest decision's call
	BurnEURPerHour                float64 // the larger of running prices and the last ten minutes
	UsualEURPerHour               float64 // all calls of the site, day and night
	ForecastEUR                   float64 // spent at ForecastUntil, if it goes on like this
	ForecastUntil                 time.Time
	WorstEURPerHour               float64 // all channels of the trunk busy; 0 where their number is not known

	Visibility Visibility
	TLSShare   float64 // of the signalling that this tap sees: Unread.Share

	Frequency   Criterion // calls an hour
	Duration    Criterion // billed minutes a day
	Destination Criterion // calls to this country and class in 90 days
}

// Criterion is one of the three by which a court judged what was abnormal:
// what was seen, beside what is usual here.
type Criterion struct {
	Observed, Usual float64
	Ratio           float64 // Observed/Usual; 0 with NeverBefore
	Unit            string
	Since           time.Time // since when the usual value was watched
	NeverBefore     bool      // nothing was usual
}

// tell puts an alert about the incident into the result.
func (e *Engine) tell(i *incident, event Change) {
	running, rate, minutes := e.runningOf(i)
	a := Alert{
		Event: event, Time: e.now, Incident: i.id, Level: i.level, Scheme: i.scheme,
		Site: e.cfg.Site, Customer: e.cfg.Customer, Sensor: e.cfg.Sensor,
		Extension: i.extension, Trunk: i.way(), Source: i.source,
		Score: i.strongest.Score, Reasons: slices.Clone(i.strongest.Reasons), Decision: i.strongest, RulesVersion: rules.Version,
		Calls: i.calls, Concurrent: running, Answered: i.answered, Since: i.since,
		Destinations: i.top(), CallIDs: slices.Clone(i.callIDs),
		SpentEUR: i.spent.likely, SpentLow: i.spent.low, SpentHigh: i.spent.high, Tariff: i.tariff,
		UsualEURPerHour: e.usualPerHour(), WorstEURPerHour: e.worst(i), Visibility: e.visibility(i), TLSShare: e.unread.Share,
	}
	a.Decision.Reasons, a.Chain = a.Reasons, e.chain(i)
	a.Members = i.members()
	if w := i.word; w != nil && !w.told {
		a.AcknowledgedAt, a.AcknowledgedBy, a.AcknowledgedUntil, a.Normal = w.at, w.by, w.until, w.normal
	}
	if e.maintained() {
		a.Maintenance = e.maintenance.reason
	}
	if signs := i.strongest.Signs; signs != nil {
		own := *signs
		a.Decision.Signs = &own
		rules.ExplainSigns(a.Reasons, signs)
	} else {
		rules.Explain(a.Reasons, &i.strongest.Inputs)
	}
	const tenMinutesAnHour = 6
	a.BurnEURPerHour = max(60*rate, tenMinutesAnHour*i.burn.Sum(e.now), 0)
	a.ForecastUntil = e.cfg.Hours.Next(e.now.In(e.cfg.Location))
	a.ForecastEUR = a.SpentEUR + a.BurnEURPerHour*a.ForecastUntil.Sub(e.now).Hours()
	if event == Closed {
		a.Closed = e.now
		a.ForecastEUR, a.ForecastUntil = a.SpentEUR, time.Time{}
	}
	e.criteria(i, &a, minutes)
	e.alerts = append(e.alerts, a)
}

// way is the trunk of the strongest decision or, while its call has not come
// that far, the latest that the incident's calls left by.
func (i *incident) way() string {
	if i.trunk == "" && len(i.trunks) > 0 {
		return i.trunks[len(i.trunks)-1]
	}
	return i.trunk
}

// runningOf sums up the incident's calls that have not ended: how many, their
// prices by the minute while answered, and their billed minutes.
func (e *Engine) runningOf(i *incident) (running int, rate, minutes float64) {
	for _, slot := range e.calls.OldestFirst() {
		c := *slot
		if c.incident != i {
			continue
		}
		running++
		minutes += c.billed()
		if c.running() {
			rate += c.number.Rate
		}
	}
	return running, rate, minutes
}

// usualPerHour is what the site spends in an hour, the whole week's mean.
func (e *Engine) usualPerHour() float64 {
	const hoursAMonth = 730
	if l := &e.memory.learned; l.days >= warmDays || e.cfg.UsualMonthlyBill == 0 {
		return l.total / 24
	}
	return e.cfg.UsualMonthlyBill / hoursAMonth
}

// worst is an hour with every channel of the trunk on the dearest number: of the
// customer's tariff, and of those seen.
func (e *Engine) worst(i *incident) float64 {
	for k := range e.roles.trunks {
		if t := &e.roles.trunks[k]; t.Name == i.way() {
			return float64(t.Channels) * max(i.dearest, e.cfg.Prices.Dearest()) * 60
		}
	}
	return 0
}

// criteria fills the three, from the incident and what was learned.
func (e *Engine) criteria(i *incident, a *Alert, running float64) {
	m := &e.memory
	since := m.since
	days := max(e.now.Sub(i.since).Hours()/24, 1)
	a.Frequency = criterion(i.hour.Sum(e.now), m.learned.calls/24, "calls/hour", since)
	a.Duration = criterion((i.minutes+running)/days, m.learned.minutes, "minutes/day", since)

	if i.bySign {
		return // of calls there is nothing to compare
	}
	usual, lead := 0, &i.strongest.Inputs
	if g := m.find(groupKey{lead.Country, lead.Class}); g != nil {
		usual = g.in90Days(m.day)
	}
	a.Destination = criterion(float64(usual+i.to(lead.Country)), float64(usual), "calls/90 days", since)
}

func criterion(observed, usual float64, unit string, since time.Time) Criterion {
	c := Criterion{Observed: observed, Usual: usual, Unit: unit, Since: since, NeverBefore: usual == 0}
	if usual > 0 {
		c.Ratio = observed / usual
	}
	return c
}

// to counts the incident's calls to a country.
func (i *incident) to(country string) int {
	n := 0
	for _, d := range i.destinations {
		if d.Country == country {
			n += d.Calls
		}
	}
	return n
}
