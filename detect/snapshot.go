package detect

import "math"

// Evictions counts what was forgotten because a table was full, or because its
// end never came.
type Evictions struct {
	Calls      uint64 // more than 8192 at once
	AgedCalls  uint64 // 13 hours without an end
	Extensions uint64 // what they do, register with and show
	Groups     uint64
	Phones     uint64 // addresses of telephones, and names of extensions
	Roles      uint64 // PBX and trunks that found no room
	Pairs      uint64
	Incidents  uint64 // closed before their time
	Words      uint64 // of people, more than 64
	Lessons    uint64 // what a day taught of a group
	Talks      uint64 // conversations known by their media alone
	Strangers  uint64 // sources, accounts and numbers that were tried from outside
	Callers    uint64 // who called from outside, bait among them
	Numbers    uint64 // customary ones, and toll-free ones of the site
	Trail      uint64 // earlier incidents and test calls, by whom or what they were about
}

// Snapshot is the engine at a glance.
type Snapshot struct {
	OpenIncidents [Critical + 1]int // by level
	LiveCalls     int
	CostlyCalls   int     // of them to costly destinations
	EURToday      float64 // local calendar day
	EURHour       float64 // on costly calls
	UsualDayEUR   float64 // the mean of the days; NaN while nothing is learned and no bill is configured
	PBX, Trunks   int
	Phones        int
	Extensions    int
	Groups        int
	Warmup        float64 // 0 to 1
	Evicted       Evictions
}

// Snapshot counts; it changes nothing.
func (e *Engine) Snapshot() Snapshot {
	s := Snapshot{
		LiveCalls: e.calls.Len(), CostlyCalls: e.costly, EURToday: e.memory.today.total, EURHour: e.spend.Sum(e.now),
		PBX: len(e.roles.pbx), Trunks: len(e.roles.trunks), Phones: e.roles.phones.Len(),
		Extensions: e.memory.extensions.Len(), Groups: e.memory.groups.Len(), Warmup: e.memory.warmup(e.now),
		UsualDayEUR: e.usualDay(), Evicted: e.evicted,
	}
	for _, i := range e.incidents {
		s.OpenIncidents[i.level]++
	}
	s.Evicted.Calls = e.calls.Evicted()
	s.Evicted.Extensions = e.memory.extensions.Evicted() + e.bindings.table.Evicted() + e.origins.table.Evicted()
	s.Evicted.Groups = e.memory.groups.Evicted()
	s.Evicted.Phones, s.Evicted.Pairs = e.roles.phones.Evicted()+e.roles.users.Evicted(), e.roles.pairs.table.Evicted()
	s.Evicted.Callers = e.callers.table.Evicted() + e.baits.numbers.Evicted() + e.baits.groups.Evicted()
	s.Evicted.Numbers = e.memory.customs.Evicted() + e.lines.table.Evicted()
	s.Evicted.Roles, s.Evicted.Lessons = e.roles.refused, e.memory.missed
	s.Evicted.Talks = e.talks.table.Evicted()
	s.Evicted.Strangers = e.gate.evicted() + e.logins.table.Evicted()
	s.Evicted.Trail = e.trail.evicted()
	return s
}

// usualDay is what is spent on a usual day, as far as that is known.
func (e *Engine) usualDay() float64 {
	if e.memory.learned.days == 0 && e.cfg.UsualMonthlyBill == 0 {
		return math.NaN()
	}
	return 24 * e.usualPerHour()
}
