package detect

import (
	"math"
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// What learning goes by (docs/detections.md).
const (
	quarantine   = 3  // days before a day's traffic is believed
	halfLife     = 30 // days, of counts
	averageDays  = 14 // of daily sums
	warmCalls    = 200
	warmDays     = 14
	warmFirst    = 0.4 // the weight of novelty on the first day, calls permitting
	learnBelow   = 50  // a call of this score or more teaches nothing
	histogram    = 40  // bins of costly calls at once
	quantile     = 0.999
	enoughCostly = 50 // costly calls before their quantile is believed
	rateWindow   = 10 * time.Minute
	quickWindow  = 2 * time.Minute
)

// memory is what the engine learned of its site. Everything in it is bounded.
type memory struct {
	since    time.Time // the first event; zero when nothing was seen
	day      int32     // today, days since 1970 in local time
	begun    int32     // the day of since
	midnight time.Time // when it ends
	grew     float64   // by how much limits may have grown, see growth
	calls    float64   // ordinary outbound calls seen

	groups     *window.LRU[groupKey, *group]
	fresh      *group // all new destinations taken together
	extensions *window.LRU[string, *extension]
	customs    *window.LRU[uint64, custom] // by the hash of the number

	pending [quarantine]daySums // closed days not believed yet, the latest first
	today   daySums
	learned averages

	week    window.Week // at which hours ordinary calls are made, as far as they are believed
	first   limits      // what the first 14 days made usual: learned limits grow from there
	lessons []lesson    // what groups were taught today and on the days of pending
	missed  uint64      // lessons that found no room
}

// daySums is one day of ordinary traffic.
type daySums struct {
	used       bool // the site was watched on this day
	costly     float64
	total      float64 // EUR
	calls      float64 // to watched classes
	minutes    float64 // of them
	dearest    float64 // EUR, the dearest hour
	newSpent   float64 // EUR, the dearest 24 hours on new destinations
	newNumbers float64 // different numbers at new destinations, the most in 24 hours
	tollFree   float64 // minutes of calls to toll-free numbers of the site
	concurrent [histogram]uint32
	weekday    time.Weekday
	hours      [24]uint32 // ordinary calls, by the hour of their attempt
	talks      talkBins
}

// averages are the learned values of the site, by day.
type averages struct {
	days       float64
	costly     float64 // EUR a day on costly calls
	total      float64 // EUR a day
	calls      float64 // a day, to watched classes
	minutes    float64 // a day, of them
	dearest    float64 // EUR, the dearest hour
	newSpent   float64 // EUR, the dearest 24 hours on new destinations; halves in a month
	newNumbers float64 // different numbers there in 24 hours; halves in a month
	tollFree   float64 // minutes a day of calls to toll-free numbers of the site
	concurrent [histogram]uint32
	talks      talkBins
}

// lesson is what one day of ordinary calls taught of a group.
type lesson struct {
	day     int32
	key     groupKey
	calls   uint32
	fresh   uint32 // of them, those that taught the new destinations as such too
	dearest float64
	numbers numbers
}

// maxLessons: every group on each day of the quarantine and today.
const maxLessons = (quarantine + 1) * maxGroups

func newMemory() memory {
	return memory{
		groups:     window.NewLRU[groupKey, *group](maxGroups),
		fresh:      &group{},
		extensions: window.NewLRU[string, *extension](maxExtensions),
		customs:    newCustoms(),
	}
}

// begin notes the first event, and rolls the days.
func (m *memory) begin(now time.Time, where *time.Location) {
	if m.since.IsZero() {
		m.since = now
	}
	if m.day > 0 && now.Before(m.midnight) {
		return
	}
	m.midnight = calendar.Midnight(now, where)
	day := calendar.Day(now, where)
	if m.day == 0 {
		m.day, m.begun = day, day
	}
	for range min(day-m.day, quarantine+1) {
		m.closeDay(now)
	}
	if day > m.day {
		m.day = day
		m.believeLessons()
	}
	m.grew = m.growth()
}

// closeDay puts today into quarantine and believes the day that leaves it.
func (m *memory) closeDay(now time.Time) {
	m.learned.believe(&m.pending[quarantine-1])
	m.week.ObserveDay(now, m.pending[quarantine-1].weekday, &m.pending[quarantine-1].hours)
	copy(m.pending[1:], m.pending[:])
	m.pending[0] = m.today
	m.pending[0].used = true
	m.today = daySums{}
	if m.learned.days <= warmDays {
		m.first = limits{dearest: m.learned.dearest, newSpent: m.learned.newSpent, newNumbers: m.learned.newNumbers,
			costly: m.learned.costly, concurrent: m.quantile(0)}
	}
}

func (a *averages) believe(d *daySums) {
	if !d.used {
		return
	}
	a.days++
	alpha := max(1.0/averageDays, 1/a.days)
	for _, v := range []struct {
		mean *float64
		x    float64
	}{{&a.costly, d.costly}, {&a.total, d.total}, {&a.calls, d.calls}, {&a.minutes, d.minutes}, {&a.tollFree, d.tollFree}} {
		*v.mean += alpha * (v.x - *v.mean)
	}
	a.dearest = max(a.dearest, d.dearest)
	a.newSpent = max(a.newSpent*math.Exp2(-1.0/halfLife), d.newSpent)
	a.newNumbers = max(a.newNumbers*math.Exp2(-1.0/halfLife), d.newNumbers)
	for i, n := range d.concurrent {
		a.concurrent[i] += n
	}
	a.talks.add(&d.talks)
}

// believeLessons hands to the groups what is older than the quarantine.
func (m *memory) believeLessons() {
	kept := m.lessons[:0]
	for _, l := range m.lessons {
		if m.day-l.day <= quarantine {
			kept = append(kept, l)
			continue
		}
		if g := m.find(l.key); g != nil {
			g.learn(&l, l.day >= m.begun+warmDays)
		}
	}
	m.lessons = kept
}

// find returns the group, nil when it is not known.
func (m *memory) find(key groupKey) *group {
	if key == (groupKey{}) {
		return m.fresh
	}
	if g := m.groups.Get(key); g != nil {
		return *g
	}
	return nil
}

// group finds or makes the group, and counts as a use of it.
func (m *memory) group(key groupKey) *group {
	g := put(m.groups, key)
	if *g == nil {
		*g = &group{key: key}
	}
	return *g
}

// extension finds or makes the extension, and counts as a use of it.
func (m *memory) extension(name string) *extension {
	x := put(m.extensions, name)
	if *x == nil {
		*x = &extension{name: name}
	}
	return *x
}

// teach notes an ordinary answered call to a watched group; fresh says that it
// was new, so that the call taught the new destinations as such too.
func (m *memory) teach(key groupKey, dearest float64, number uint64, fresh bool) {
	l := m.lesson(key)
	if l == nil {
		m.missed++
		return
	}
	l.calls++
	l.dearest = max(l.dearest, dearest)
	l.numbers.add(number)
	if fresh {
		l.fresh++
	}
}

// lesson finds or makes today's lesson of a group; nil when there is no room.
func (m *memory) lesson(key groupKey) *lesson {
	for i := range m.lessons {
		if l := &m.lessons[i]; l.day == m.day && l.key == key {
			return l
		}
	}
	if len(m.lessons) >= maxLessons {
		return nil
	}
	m.lessons = append(m.lessons, lesson{day: m.day, key: key})
	return &m.lessons[len(m.lessons)-1]
}

// forget drops what the quarantine holds of a group: it became part of an
// incident, and what was thought ordinary may have been its beginning. What the
// group's calls taught of new destinations as such goes with them; what others
// taught stays, or a busy site would never learn that it calls new places.
func (m *memory) forget(key groupKey) {
	kept := m.lessons[:0]
	for _, l := range m.lessons {
		if l.key != key {
			kept = append(kept, l)
			continue
		}
		for i := range m.lessons {
			if pool := &m.lessons[i]; pool.key == (groupKey{}) && pool.day == l.day {
				pool.calls -= min(l.fresh, pool.calls)
			}
		}
	}
	m.lessons = kept
}

// days is how long the site has been watched.
func (m *memory) days(now time.Time) float64 {
	return max(now.Sub(m.since).Hours()/24, 0)
}

// warmup is how much of what was learned may be believed, 0 to 1.
func (m *memory) warmup(now time.Time) float64 {
	return min(m.calls/warmCalls, warmFirst+(1-warmFirst)*m.days(now)/warmDays, 1)
}

// offHours says that next to nothing ever happens around the hour of at, and what
// does, by an average hour. A week that was seen less than twice says nothing.
func (m *memory) offHours(at time.Time) (off bool, share float64) {
	if m.learned.days < warmDays {
		return false, 1
	}
	return m.week.OffHours(at), m.week.Share(at)
}

// exposure is the time of learning in working periods of ten minutes, half-life 30 days:
// of the days that are believed, and no others, or what is still in quarantine
// would pass for silence.
func (m *memory) exposure() float64 {
	return rules.PeriodsADay * halfLife / math.Ln2 * (1 - math.Exp2(-m.learned.days/halfLife))
}

// trunkUsual is how many costly calls at once are usual.
func (m *memory) trunkUsual(floor int) int {
	return m.grown(floor, m.first.concurrent, m.quantile(floor))
}

// quantile is how many costly calls at once were hardly ever exceeded, floor
// where too few were seen.
func (m *memory) quantile(floor int) int { return usualOf(&m.learned.concurrent, floor) }

// usualOf is the quantile of a histogram, the floor until enough was learned.
func usualOf(bins *[histogram]uint32, floor int) int {
	var total, below uint32
	for _, n := range bins {
		total += n
	}
	if total < enoughCostly {
		return floor
	}
	for i, n := range bins {
		if below += n; float64(below) >= quantile*float64(total) {
			return max(floor, i)
		}
	}
	return max(floor, histogram-1)
}

// budget is what an hour of costly calls may cost, EUR.
func (m *memory) budget(least, bill float64) float64 {
	hour := func(costly, dearest float64) float64 { return max(4*costly/8, 1.5*dearest) }
	return max(4*bill/30/8, m.limit(least, hour(m.first.costly, m.first.dearest), hour(m.learned.costly, m.learned.dearest)))
}

// newLimit is what a day's calls to new destinations may cost, EUR; 0 = no limit.
func (m *memory) newLimit(now time.Time, p *prior) float64 {
	if m.days(now) < warmDays {
		return p.newSpendFirst
	}
	return m.limit(p.newSpend, 2*m.first.newSpent, 2*m.learned.newSpent)
}

// newNumbersLimit is to how many different numbers at new destinations calls may
// go in a day; 0 = no limit.
func (m *memory) newNumbersLimit(now time.Time, p *prior) float64 {
	if m.days(now) < warmDays {
		return p.newNumbersFirst
	}
	return m.limit(p.newNumbers, 1.5*m.first.newNumbers, 1.5*m.learned.newNumbers)
}

// callLimit is what one call to the group may cost, EUR, and the sum from
// which it is worth a mention (0: none).
func (m *memory) callLimit(g *group, limit float64) (mention, page float64) {
	mention = max(leastCallLimit, limit/4)
	switch {
	case g == nil || !rules.Watched(g.key.class):
		return 0, homeCallLimit
	case g.key.class == numbering.NationalPremium:
		return mention, m.limit(max(hotlineLimit, limit), 0, 2*g.dearest)
	case !g.known(m.day) && rules.Risky(g.key.class):
		return mention, limit
	case g.key.class == numbering.International:
		return 0, m.limit(2*limit, 0, 2*g.dearest)
	}
	return 0, m.limit(max(2*leastCallLimit, limit), 0.75*m.first.dearest, max(2*g.dearest, 0.75*m.learned.dearest))
}

// Limits of one call, EUR (docs/detections.md, money_timer).
const (
	leastCallLimit = 5
	homeCallLimit  = 50
	hotlineLimit   = 20 // people hold the line at 0.80 EUR a minute
)
