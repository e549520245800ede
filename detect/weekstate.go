package detect

import (
	"math"
	"time"

	"tollwatch/detect/window"
)

// week writes the learned week, and the hours of the days not believed yet.
func (w *writer) week(m *memory) {
	w.b, _ = m.week.AppendBinary(w.b)
	w.hours(&m.today)
	for i := range m.pending {
		w.hours(&m.pending[i])
	}
}

func (r *reader) week(m *memory) {
	if b := r.take(window.WeekBytes); b == nil || m.week.UnmarshalBinary(b) != nil {
		r.failed = true
	}
	r.hours(&m.today)
	for i := range m.pending {
		r.hours(&m.pending[i])
	}
}

func (w *writer) hours(d *daySums) {
	w.int(int64(d.weekday))
	for _, n := range d.hours {
		w.int(int64(n))
	}
}

func (r *reader) hours(d *daySums) {
	d.weekday = time.Weekday(r.count(int64(time.Saturday)))
	for i := range d.hours {
		d.hours[i] = uint32(r.count(math.MaxUint32))
	}
}
