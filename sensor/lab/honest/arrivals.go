package honest

import (
	"math"
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/plan"
)

const (
	quarter  = 15 * time.Minute
	quarters = 96
)

// arrivals is a Poisson process whose rate follows the hours of an office: two
// humps on a working day, a share of them at the weekend, a little at night,
// and a factor for each day that makes busy days busier than chance would.
type arrivals struct {
	rng     *rand.Rand
	site    *plan.Site
	traffic *Traffic
	perDay  float64
	shape   [quarters]float64 // share of a day's calls in each quarter of an hour
	now     time.Time
	end     time.Time
	day     int // the day that factor belongs to
	factor  float64
	pending bool
}

func newArrivals(site *plan.Site, t *Traffic, stream uint64, perDay float64) *arrivals {
	a := &arrivals{rng: site.Rand(plan.StreamArrivals + stream), site: site, traffic: t, perDay: perDay,
		now: site.Start, end: site.End(), day: -1}
	a.shape = dayShape(t)
	a.advance()
	return a
}

// dayShape puts two humps into the opening hours, the higher one before lunch,
// and a third one where a site has evenings.
func dayShape(o *Traffic) [quarters]float64 {
	var s [quarters]float64
	span := (o.Closes - o.Opens).Hours()
	inside, outside := 0.0, 0
	for i := range s {
		at := (time.Duration(i)*quarter + quarter/2) - o.Opens
		if at < 0 || at >= o.Closes-o.Opens {
			outside++
			continue
		}
		x := at.Hours() / span
		s[i] = .15 + math.Exp(-sq((x-.22)/.11)/2) + .85*math.Exp(-sq((x-.68)/.14)/2)
		inside += s[i]
	}
	for i := range s {
		switch {
		case s[i] == 0:
			s[i] = o.Night / float64(outside)
		default:
			s[i] *= (1 - o.Night) / inside
		}
	}
	if o.Evening > 0 {
		s = addEvening(s, o)
	}
	return s
}

// addEvening moves a share of the day's calls to a hump of an hour on each side
// of a quarter to nine, within the opening hours.
func addEvening(s [quarters]float64, o *Traffic) [quarters]float64 {
	const peak, width = 20.75, 1.0
	var hump [quarters]float64
	sum := 0.0
	for i := range hump {
		at := time.Duration(i)*quarter + quarter/2
		if at < o.Opens || at >= o.Closes {
			continue
		}
		hump[i] = math.Exp(-sq((at.Hours()-peak)/width) / 2)
		sum += hump[i]
	}
	if sum < 1 {
		return s // closed by then
	}
	for i := range s {
		s[i] = s[i]*(1-o.Evening) + hump[i]*o.Evening/sum
	}
	return s
}

func sq(x float64) float64 { return x * x }

// At is the time of the next arrival.
func (a *arrivals) At() (time.Time, bool) { return a.now, a.pending }

// advance moves to the next arrival: an exponential amount of expected calls
// is spent along the quarters of an hour, within which the rate stands still.
func (a *arrivals) advance() {
	a.pending = false
	if a.perDay == 0 {
		return
	}
	amount := a.rng.ExpFloat64()
	for a.now.Before(a.end) {
		next := a.now.Truncate(quarter).Add(quarter)
		rate := a.rate(a.now)
		room := rate * next.Sub(a.now).Seconds()
		if amount < room {
			a.now = a.now.Add(time.Duration(amount / rate * float64(time.Second))).Round(time.Millisecond)
			a.pending = a.now.Before(a.end)
			return
		}
		amount -= room
		a.now = next
	}
}

// rate is in calls a second.
func (a *arrivals) rate(t time.Time) float64 {
	local := t.In(a.site.Zone)
	if day := local.YearDay() + 1000*local.Year(); day != a.day {
		rng := a.site.Rand(plan.StreamDays + uint64(day)<<16)
		spread := a.traffic.DaySpread
		a.day, a.factor = day, math.Exp(spread*rng.NormFloat64()-spread*spread/2)
	}
	rate := a.perDay * a.factor * a.shape[local.Hour()*4+local.Minute()/15] / quarter.Seconds()
	return rate * a.traffic.share(local)
}

// share is what a day has of a mean working day's calls.
func (t *Traffic) share(local time.Time) float64 {
	share := 1.0
	if wd := local.Weekday(); wd == time.Saturday || wd == time.Sunday || t.Holidays && holiday(local) {
		share = t.Weekend
	}
	if t.Vacations > 0 && vacation(local) {
		share *= 1 - t.Vacations
	}
	if t.Season > 0 {
		const longest = 196 // the middle of July
		share *= 1 + t.Season*math.Cos(2*math.Pi*float64(local.YearDay()-longest)/365)
	}
	return share
}
