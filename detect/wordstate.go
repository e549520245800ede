package detect

import "time"

// people is what a person said, and may still say.
type people struct {
	past        []*incident
	words       []*word
	maintenance maintenance
}

// people writes it. Of incidents, open ones among them, only the marks are kept: a
// restarted sensor begins new ones, under the words that hold.
func (w *writer) people(e *Engine) {
	skip := max(len(e.past)+len(e.incidents)-maxPast, 0)
	w.int(int64(len(e.past) + len(e.incidents) - skip))
	for _, list := range [...][]*incident{e.past, e.incidents} {
		for _, i := range list {
			if skip > 0 {
				skip--
				continue
			}
			m := i.marks
			m.seen.spent = max(i.spent.likely, 0)
			w.marks(&m)
		}
	}
	w.int(int64(len(e.words)))
	for _, said := range e.words {
		w.word(said, e.now)
	}
	w.time(e.maintenance.until)
	w.string(e.maintenance.reason)
	w.string(e.maintenance.by)
}

func (r *reader) people(p *people, least float64) {
	for range r.count(maxPast) {
		i := emptyIncident(r.marks(), time.Time{})
		i.over, i.spent.likely = true, i.seen.spent
		p.past = append(p.past, i)
	}
	for range r.count(maxWords) {
		w := r.word()
		w.least = least
		p.words = append(p.words, w)
	}
	p.maintenance = maintenance{r.time(), r.string(), r.string()}
}

func (w *writer) word(said *word, now time.Time) {
	w.marks(&said.marks)
	w.bool(said.normal)
	w.string(said.by)
	w.time(said.at)
	until := said.until
	if until.IsZero() { // the incident ends with the sensor
		until = now.Add(ackFor)
	}
	w.time(until)
	w.float(said.spent)
	w.int(int64(said.day))
}

func (r *reader) word() *word {
	return &word{marks: r.marks(), normal: r.bool(), by: r.string(), at: r.time(), until: r.time(), spent: r.float(), day: r.dayNumber()}
}

func (w *writer) marks(m *marks) {
	w.string(m.id)
	w.b = append(w.b, byte(m.scheme), byte(m.level))
	w.time(m.since)
	for _, list := range [...][]string{m.extensions, m.trunks, m.callers} {
		w.int(int64(len(list)))
		for _, s := range list {
			w.string(s)
		}
	}
	w.int(int64(len(m.groups)))
	for _, g := range m.groups {
		w.key(g)
	}
	w.int(int64(len(m.sources)))
	for _, a := range m.sources {
		w.addr(a)
	}
	w.bool(m.bySign)
	w.bool(m.stranger)
	for _, v := range [...]float64{m.seen.spent, m.seen.call, m.seen.hour, m.seen.newDay, m.seen.numbers} {
		w.float(v)
	}
}

func (r *reader) marks() (m marks) {
	m.id, m.scheme, m.level, m.since = r.string(), Scheme(r.byte()), Level(r.byte()), r.time()
	r.failed = r.failed || m.scheme > SensorTrouble || m.level > Critical
	for _, list := range [...]*[]string{&m.extensions, &m.trunks, &m.callers} {
		for range r.count(maxMembers) {
			*list = append(*list, r.string())
		}
	}
	for range r.count(maxMembers) {
		m.groups = append(m.groups, r.key())
	}
	for range r.count(maxMembers) {
		m.sources = append(m.sources, r.addr())
	}
	m.bySign, m.stranger = r.bool(), r.bool()
	for _, v := range [...]*float64{&m.seen.spent, &m.seen.call, &m.seen.hour, &m.seen.newDay, &m.seen.numbers} {
		*v = r.float()
	}
	return m
}
