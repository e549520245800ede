package detect

import (
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
)

// caps writes what was consumed, and what was said of it.
func (w *writer) caps(m *meters) {
	w.time(m.midnight)
	w.int(int64(m.day))
	w.int(int64(m.month))
	w.int(int64(len(m.all)))
	for k := range m.all {
		c := &m.all[k]
		w.b = append(w.b, byte(c.Class))
		w.float(c.day)
		w.float(c.month)
		for _, t := range c.told {
			w.int(int64(t.share))
			w.time(t.at)
		}
		hour, _ := c.hour.AppendBinary(nil)
		w.int(int64(len(hour)))
		w.b = append(w.b, hour...)
	}
}

// caps reads them into the caps of the configuration; what is no longer capped is
// passed over.
func (r *reader) caps(into *meters) {
	into.midnight, into.day, into.month = r.time(), r.dayNumber(), r.dayNumber()
	for range r.count(maxCaps) {
		c := newMeters([]Cap{{Class: numbering.Class(r.byte())}}).all[0]
		c.day, c.month = r.float(), r.float()
		for p := range c.told {
			c.told[p] = told{uint8(r.count(int64(rules.AllOfCap))), r.time()}
		}
		const most = 1024
		hour := r.take(int(r.count(most)))
		if r.failed || c.hour.UnmarshalBinary(hour) != nil {
			r.failed = true
			return
		}
		into.restore(&c)
	}
}

// restore puts what was consumed under a cap on the same class.
func (m *meters) restore(old *meter) {
	for k := range m.all {
		if c := &m.all[k]; c.Class == old.Class {
			limits := c.Cap
			*c = *old
			c.Cap = limits
		}
	}
}
