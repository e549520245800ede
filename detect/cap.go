package detect

import (
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// Cap is what calls to a class may cost, EUR, running ones included, and how many
// there may be at once. It holds whatever was learned. Zero is no limit.
type Cap struct {
	Class                              numbering.Class // 0 = all
	PerCall, PerHour, PerDay, PerMonth float64
	CallsAtOnce                        int
}

// maxCaps: one for each class that costs money, and one for all.
const maxCaps = 8

// meter is what was consumed of a cap.
type meter struct {
	Cap
	hour       *window.Buckets // EUR, the last 60 minutes
	day, month float64         // EUR, of the local calendar
	calls      int             // at once, that somebody answered for
	told       [rules.AtOnce + 1]told
}

// told is the largest share of a cap that was said in its period, and when.
type told struct {
	share uint8
	at    time.Time
}

// meters are all caps of the site.
type meters struct {
	all        []meter
	midnight   time.Time // when the local day ends
	day, month int32     // days, and months, of the local calendar
}

func newMeters(caps []Cap) meters {
	m := meters{}
	for _, c := range caps {
		m.all = append(m.all, meter{Cap: c, hour: window.NewBuckets(60, time.Minute)})
	}
	return m
}

// begin starts the day, and the month, that now is in.
func (m *meters) begin(now time.Time, where *time.Location) {
	if len(m.all) == 0 || now.Before(m.midnight) {
		return
	}
	m.midnight = calendar.Midnight(now, where)
	year, of, _ := now.In(where).Date()
	day, month := calendar.Day(now, where), int32(max(year*12+int(of), 0))
	for k := range m.all {
		c := &m.all[k]
		if day != m.day {
			c.day, c.told[rules.PerDay] = 0, told{}
		}
		if month != m.month {
			c.month, c.told[rules.PerMonth] = 0, told{}
		}
	}
	m.day, m.month = day, month
}

// restart goes back with the clock: the hour is forgotten, and what the new day
// and month did not see.
func (m *meters) restart(now time.Time, where *time.Location) {
	m.midnight = time.Time{}
	for k := range m.all {
		c := &m.all[k]
		c.hour.Reset()
		c.told[rules.PerHour], c.told[rules.AtOnce] = told{}, told{}
	}
	m.begin(now, where)
}

// book adds what calls to a class have cost.
func (m *meters) book(class numbering.Class, now time.Time, eur float64) {
	for k := range m.all {
		if c := &m.all[k]; c.covers(class) {
			c.hour.Add(now, eur)
			c.day += eur
			c.month += eur
		}
	}
}

// occupy counts the call among those at once of its class, or no longer. One that
// nobody answered for is not counted: it is one attacker's word.
func (m *meters) occupy(c *ongoing, now bool) {
	class := numbering.Class(0)
	if now {
		class = c.number.Class
	}
	if class == c.occupies {
		return
	}
	for k := range m.all {
		if c.occupies != 0 && m.all[k].covers(c.occupies) {
			m.all[k].calls--
		}
		if class != 0 && m.all[k].covers(class) {
			m.all[k].calls++
		}
	}
	c.occupies = class
}

// reached fills in the largest share of a cap on the call that was not said yet.
func (m *meters) reached(c *ongoing, now time.Time, in *rules.Inputs) {
	in.CapPeriod, in.CapClass, in.CapUsed, in.Cap = 0, 0, 0, 0
	if !c.heard {
		return
	}
	share, of := uint8(0), 0
	for k := range m.all {
		limited := &m.all[k]
		if !limited.covers(c.number.Class) {
			continue
		}
		for p := rules.PerCall; p <= rules.AtOnce; p++ {
			used, limit := limited.used(p, c, now), limited.limit(p)
			is := rules.CapShare(p, used, limit)
			if said := limited.said(p, is, c.told[k], now); is > said && is > share {
				share, of = is, k
				in.CapPeriod, in.CapClass, in.CapUsed, in.Cap = p, limited.Class, used, limit
			}
		}
	}
	switch {
	case share == 0:
	case in.CapPeriod == rules.PerCall:
		c.told[of] = share
	default:
		m.all[of].told[in.CapPeriod] = told{share, now}
	}
}

// said is the share that was told in the present period, of a call the call's
// own. Sliding hours have no end: one is over when little of the cap is used.
func (m *meter) said(p rules.CapPeriod, is, ofCall uint8, now time.Time) uint8 {
	t := &m.told[p]
	switch {
	case p == rules.PerCall:
		return ofCall
	case is == 0 && (p == rules.PerHour || p == rules.AtOnce) && now.Sub(t.at) >= time.Hour:
		*t = told{}
	}
	return t.share
}

// covers says that the cap is on calls to the class.
func (c *Cap) covers(class numbering.Class) bool { return c.Class == 0 || c.Class == class }

func (c *Cap) limit(p rules.CapPeriod) float64 {
	return [...]float64{rules.PerCall: c.PerCall, rules.PerHour: c.PerHour, rules.PerDay: c.PerDay, rules.PerMonth: c.PerMonth,
		rules.AtOnce: float64(c.CallsAtOnce)}[p]
}

func (m *meter) used(p rules.CapPeriod, c *ongoing, now time.Time) float64 {
	switch p {
	case rules.PerCall:
		return c.cost.likely
	case rules.PerHour:
		return m.hour.Sum(now)
	case rules.PerDay:
		return m.day
	case rules.PerMonth:
		return m.month
	}
	return float64(m.calls)
}

// exhausted says that this decision found a cap consumed.
func (d *Decision) exhausted() bool {
	in := &d.Inputs
	return rules.CapShare(in.CapPeriod, in.CapUsed, in.Cap) == rules.AllOfCap
}

// own is the score without the caps: a cap says what was spent, not by whom.
func (d *Decision) own() float64 {
	for _, r := range d.Reasons {
		if r.Rule == rules.SpendCapID {
			return d.Score - r.Points
		}
	}
	return d.Score
}
