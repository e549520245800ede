package window

import (
	"math"
	"time"
)

// WeekHours is how many hours a Week tells apart.
const WeekHours = 7 * 24

const weeklyDecay = 0.97 // a habit that ended is half forgotten after 23 weeks

// Week learns at which hours of the week something happens. 688 bytes.
type Week struct {
	bins [WeekHours]float32
	week int64 // number of the week of the last decay
	any  bool
}

// Observe counts an event at now, in the hours of now's own location: give the
// site's.
func (w *Week) Observe(now time.Time) {
	w.advance(now)
	w.bins[HourOfWeek(now)]++
}

// ObserveDay counts what a whole day had, by hours of the site's clock; now is when
// it is counted, which decides how old it is.
func (w *Week) ObserveDay(now time.Time, day time.Weekday, hours *[24]uint32) {
	w.advance(now)
	for h, n := range hours {
		w.bins[int(day)*24+h] += float32(n)
	}
}

// OffHours says that next to nothing ever happens around this hour of the week:
// the mean of it and its neighbours is under a tenth of an average hour. Where
// nothing was learned no hour is off.
func (w *Week) OffHours(now time.Time) bool { return w.Share(now) < 0.1 }

// Share is that mean by an average hour; 1 where nothing was learned.
func (w *Week) Share(now time.Time) float64 {
	total := float32(0)
	for _, n := range w.bins {
		total += n
	}
	if total <= 0 {
		return 1
	}
	h := HourOfWeek(now)
	around := (w.bins[(h+WeekHours-1)%WeekHours] + w.bins[h] + w.bins[(h+1)%WeekHours]) / 3
	return float64(around / (total / WeekHours))
}

// At returns the events learned in the hour of the week of t, older ones weighing less.
func (w *Week) At(t time.Time) float64 { return float64(w.bins[HourOfWeek(t)]) }

// Total returns the events learned, older ones weighing less.
func (w *Week) Total() float64 {
	total := 0.0
	for _, n := range w.bins {
		total += float64(n)
	}
	return total
}

// HourOfWeek numbers the hours from Sunday 00:00 on, in the location of t.
func HourOfWeek(t time.Time) int { return int(t.Weekday())*24 + t.Hour() }

func (w *Week) advance(now time.Time) {
	week := now.Unix() / (WeekHours * 3600)
	if !w.any {
		w.week, w.any = week, true
		return
	}
	if week <= w.week {
		return
	}
	decay := float32(math.Pow(weeklyDecay, float64(week-w.week)))
	for i := range w.bins {
		w.bins[i] *= decay
	}
	w.week = week
}

// WeekBytes is the length of an encoded Week: version, number of the week, any, bins.
const WeekBytes = 1 + 8 + 1 + 8*WeekHours

// AppendBinary appends the state, [WeekBytes] long.
func (w *Week) AppendBinary(dst []byte) ([]byte, error) {
	dst = appendBool(appendInt(appendVersion(dst), w.week), w.any)
	for _, n := range w.bins {
		dst = appendFloat(dst, float64(n))
	}
	return dst, nil
}

// UnmarshalBinary takes back what AppendBinary wrote.
func (w *Week) UnmarshalBinary(data []byte) error {
	var read Week
	d := newDecoder(data)
	read.week, read.any = d.int(), d.bool()
	for i := range read.bins {
		n := d.amount()
		if n > math.MaxFloat32 {
			return ErrState
		}
		read.bins[i] = float32(n)
	}
	if err := d.end(); err != nil {
		return err
	}
	*w = read
	return nil
}
