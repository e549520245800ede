package detect

import (
	"errors"
	"math"
	"net/netip"
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/detect/numbering"
)

// stateVersion is the first byte of an encoded state.
const stateVersion = 8

// Earlier versions that are read too.
const (
	oldVersion       = 3
	wordlessVersion  = 4 // knows no words of people
	loginlessVersion = 5 // knows neither where telephones register nor which calls have one
	muteVersion      = 6 // knows nothing of media, and of trunks that are silent
	forgetfulVersion = 7 // knows nothing of the last hours and days
)

// errState is the one answer to a state that cannot be read.
var errState = errors.New("learned state: not one of this version, or damaged")

// AppendState appends all that was learned, and the roles, to dst: what a
// restarted sensor needs so as not to begin anew. Running calls are not part of it,
// and of incidents only what a person has spoken of, or may.
func (e *Engine) AppendState(dst []byte) []byte {
	w := writer{append(dst, stateVersion)}
	m := &e.memory
	w.time(m.since)
	w.int(int64(m.day))
	w.float(m.calls)
	w.averages(&m.learned)
	w.limits(m)
	w.day(&m.today)
	for i := range m.pending {
		w.day(&m.pending[i])
	}
	w.group(m.fresh)
	w.int(int64(m.groups.Len()))
	for _, g := range m.groups.OldestFirst() {
		w.group(*g)
	}
	w.int(int64(m.extensions.Len()))
	for _, x := range m.extensions.OldestFirst() {
		w.extension(*x)
	}
	w.int(int64(len(m.lessons)))
	for i := range m.lessons {
		l := &m.lessons[i]
		w.int(int64(l.day))
		w.key(l.key)
		w.int(int64(l.calls))
		w.float(l.dearest)
		w.int(int64(l.fresh))
		w.numbers(&l.numbers)
	}
	w.customs(m.customs)
	w.holders(&e.holders)
	w.health(&e.health)
	w.roles(&e.roles)
	w.caps(&e.caps)
	w.trail(&e.trail)
	w.week(m)
	w.people(e)
	w.bindings(&e.bindings)
	w.origins(&e.origins)
	w.sound(&e.sound)
	w.lately(e)
	w.plan(e.plan)
	return w.b
}

// LoadState replaces what the engine learned. It is called before the first
// event. Anything that is not a whole state of this version is refused, and
// the engine keeps what it had.
func (e *Engine) LoadState(b []byte) error {
	r := reader{b: b}
	r.version = r.byte()
	if r.version < oldVersion || r.version > stateVersion {
		return errState
	}
	m := newMemory()
	m.since = r.time()
	m.day = int32(r.count(math.MaxInt32))
	m.calls = r.float()
	r.averages(&m.learned)
	r.limits(&m)
	r.day(&m.today)
	for i := range m.pending {
		r.day(&m.pending[i])
	}
	r.group(m.fresh)
	for range r.count(maxGroups) {
		g := &group{}
		r.group(g)
		*put(m.groups, g.key) = g
	}
	for range r.count(maxExtensions) {
		x := &extension{}
		r.extension(x)
		*put(m.extensions, x.name) = x
	}
	for range r.count(maxLessons) {
		m.lessons = append(m.lessons, r.lesson())
	}
	holders, health := newHolders(), newHealth()
	if r.version > oldVersion {
		r.customs(m.customs)
		r.holders(&holders)
		r.health(&health)
	}
	roles := newRoles(&e.cfg)
	r.roles(&roles)
	caps, trail := newMeters(e.cfg.Caps), newTrail()
	if r.version > oldVersion {
		r.caps(&caps)
		r.trail(&trail)
		r.week(&m)
	}
	var people people
	if r.version > wordlessVersion {
		r.people(&people, LeastDoubled(e.cfg.Profile))
	}
	bindings, origins := r.telephones()
	sound, lately := r.sound(), r.lately(&trail, &roles)
	if r.failed || e.plan.UnmarshalBinary(r.b) != nil { // it changes nothing when it fails
		return errState
	}
	e.memory, e.roles, e.caps, e.trail = m, roles, caps, trail
	e.holders, e.health = holders, health
	e.bindings, e.origins, e.sound = bindings, origins, sound
	e.lately = lately
	e.past, e.words, e.maintenance = people.past, people.words, people.maintenance
	return nil
}

// telephones of a state that knows none begin anew.
func (r *reader) telephones() (bindings, origins) {
	if r.failed {
		return bindings{}, origins{}
	}
	b, o := newBindings(), newOrigins()
	if r.version > loginlessVersion {
		r.bindings(&b)
		r.origins(&o)
	}
	return b, o
}

func (w *writer) averages(a *averages) {
	for _, v := range []float64{a.days, a.costly, a.total, a.calls, a.minutes, a.dearest, a.newSpent, a.newNumbers, a.tollFree} {
		w.float(v)
	}
	for _, n := range a.concurrent {
		w.int(int64(n))
	}
	w.talks(&a.talks)
}

func (r *reader) averages(a *averages) {
	for _, v := range []*float64{&a.days, &a.costly, &a.total, &a.calls, &a.minutes, &a.dearest, &a.newSpent} {
		*v = r.float()
	}
	if r.version > oldVersion {
		a.newNumbers, a.tollFree = r.float(), r.float()
	}
	for i := range a.concurrent {
		a.concurrent[i] = uint32(r.count(math.MaxUint32))
	}
	r.talks(&a.talks)
}

func (w *writer) day(d *daySums) {
	w.bool(d.used)
	for _, v := range []float64{d.costly, d.total, d.calls, d.minutes, d.dearest, d.newSpent, d.newNumbers, d.tollFree} {
		w.float(v)
	}
	for _, n := range d.concurrent {
		w.int(int64(n))
	}
	w.talks(&d.talks)
}

func (r *reader) day(d *daySums) {
	d.used = r.bool()
	for _, v := range []*float64{&d.costly, &d.total, &d.calls, &d.minutes, &d.dearest, &d.newSpent} {
		*v = r.float()
	}
	if r.version > oldVersion {
		d.newNumbers, d.tollFree = r.float(), r.float()
	}
	for i := range d.concurrent {
		d.concurrent[i] = uint32(r.count(math.MaxUint32))
	}
	r.talks(&d.talks)
}

func (w *writer) key(k groupKey) {
	w.string(k.country)
	w.b = append(w.b, byte(k.class))
}

func (r *reader) key() groupKey {
	k := groupKey{r.string(), numbering.Class(r.byte())}
	r.failed = r.failed || len(k.country) > 3 || k.class > numbering.Unparsed
	return k
}

func (w *writer) group(g *group) {
	w.key(g.key)
	w.int(int64(g.lastDay))
	w.int(int64(g.week))
	for _, n := range g.weeks {
		w.int(int64(n))
	}
	w.float(g.count)
	w.int(int64(g.day))
	w.float(g.dearest)
	w.b = append(w.b, g.taught, g.late)
	w.numbers(&g.numbers)
}

func (r *reader) group(g *group) {
	g.key = r.key()
	g.lastDay, g.week = r.dayNumber(), r.dayNumber()
	for i := range g.weeks {
		g.weeks[i] = uint32(r.count(math.MaxUint32))
	}
	g.count = r.float()
	g.day = r.dayNumber()
	g.dearest = r.float()
	if r.version == oldVersion { // it believed any destination that was called once
		g.taught, g.late, g.numbers = daysToKnow, daysToKnow, numbers{1, 2, 3}
		return
	}
	g.taught, g.late = r.byte(), r.byte()
	r.failed = r.failed || g.taught > daysToKnow || g.late > g.taught
	r.numbers(&g.numbers)
}

func (w *writer) numbers(n *numbers) {
	for _, hash := range n {
		w.hash(hash)
	}
}

func (r *reader) numbers(n *numbers) {
	for i := range n {
		n[i] = r.hash()
	}
}

func (r *reader) lesson() lesson {
	l := lesson{day: r.dayNumber(), key: r.key(), calls: uint32(r.count(math.MaxUint32)), dearest: r.float()}
	if r.version > oldVersion {
		l.fresh = uint32(r.count(math.MaxUint32))
		r.numbers(&l.numbers)
	}
	return l
}

// limits writes where learned limits grow from.
func (w *writer) limits(m *memory) {
	w.int(int64(m.begun))
	for _, v := range []float64{m.first.dearest, m.first.newSpent, m.first.newNumbers, m.first.costly} {
		w.float(v)
	}
	w.int(int64(m.first.concurrent))
}

// limits of a state of the old version begin from what it had learned.
func (r *reader) limits(m *memory) {
	if r.version == oldVersion {
		if !m.since.IsZero() {
			m.begun = calendar.Day(m.since, time.UTC)
		}
		m.first = limits{dearest: m.learned.dearest, newSpent: m.learned.newSpent, costly: m.learned.costly, concurrent: m.quantile(0)}
		return
	}
	m.begun = r.dayNumber()
	for _, v := range []*float64{&m.first.dearest, &m.first.newSpent, &m.first.newNumbers, &m.first.costly} {
		*v = r.float()
	}
	m.first.concurrent = int(r.count(histogram))
}

func (w *writer) extension(x *extension) {
	w.string(x.name)
	w.int(int64(x.abroad))
	for _, m := range []*many{&x.all, &x.dear} {
		w.b = append(append(append(w.b, m.days[:]...), m.pending[:]...), m.today)
		w.int(int64(m.day))
	}
}

func (r *reader) extension(x *extension) {
	x.name = r.string()
	x.abroad = r.dayNumber()
	for _, m := range []*many{&x.all, &x.dear} {
		r.bytes(m.days[:])
		r.bytes(m.pending[:])
		m.today = r.byte()
		m.day = r.dayNumber()
	}
}

// plan writes the outside-line prefix, last.
func (w *writer) plan(p *numbering.Plan) { w.b, _ = p.AppendBinary(w.b) }

// roles writes what was learned; the configuration says the rest.
func (w *writer) roles(r *roles) {
	w.int(int64(len(r.pbx)))
	for _, a := range r.pbx {
		w.addr(a.addr)
	}
	learned := 0
	for i := range r.trunks {
		if r.trunks[i].learned {
			learned++
		}
	}
	w.int(int64(learned))
	for i := range r.trunks {
		if t := &r.trunks[i]; t.learned {
			w.trunk(&t.Trunk)
		}
	}
}

func (r *reader) roles(into *roles) {
	for range r.count(maxPBX) {
		into.addPBX(r.addr())
	}
	for range r.count(maxTrunks) {
		if t := r.trunk(); !r.failed {
			into.restore(t)
		}
	}
}

func (w *writer) trunk(t *Trunk) {
	w.string(t.Name)
	w.addr(t.Addresses[0])
	for _, names := range [...][]string{t.Domains, t.Users} {
		w.int(int64(len(names)))
		for _, n := range names {
			w.string(n)
		}
	}
}

func (r *reader) trunk() Trunk {
	t := Trunk{Name: r.string(), Addresses: []netip.Addr{r.addr()}}
	for _, names := range [...]*[]string{&t.Domains, &t.Users} {
		for range r.count(maxTrunkNames) {
			*names = append(*names, r.string())
		}
	}
	return t
}

func (w *writer) addr(a netip.Addr) {
	b := a.As16()
	w.b = append(w.b, b[:]...)
}

func (r *reader) addr() netip.Addr {
	var b [16]byte
	r.bytes(b[:])
	return netip.AddrFrom16(b).Unmap()
}

func (w *writer) time(t time.Time) {
	if t.IsZero() {
		w.int(0)
		return
	}
	w.int(t.UnixNano())
}

func (r *reader) time() time.Time {
	n := r.int()
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
