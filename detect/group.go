package detect

import (
	"math"
	"time"

	"tollwatch/detect/numbering"
)

// groupKey is a destination group: a country and a class. The empty key stands
// for all new destinations taken together.
type groupKey struct {
	country string // ISO 3166-1 alpha-2
	class   numbering.Class
}

// maxGroups bounds the groups of a site; there are fewer countries than that.
const maxGroups = 300

// knownFor is how long a destination stays known without a call.
const knownFor = 90

// group is what is known of calls to one destination group. What was learned
// has passed the quarantine; the rest is of the last minutes.
type group struct {
	key     groupKey
	lastDay int32      // the latest learned day with an answered call; 0 = never
	weeks   [13]uint32 // learned calls by week, the latest first: 90 days
	week    int32      // the week of weeks[0]
	count   float64    // learned calls, half-life 30 days, as of countDay
	day     int32
	dearest float64 // EUR, the dearest learned call
	taught  uint8   // days that taught it
	late    uint8   // of them, those after the site's first 14 days
	numbers numbers // that were answered

	recent recent // starts of the last calls
	train  train
}

// A destination is known once calls on so many days, to as many numbers, were answered.
const daysToKnow = 3

// numbers are up to three different numbers, hashed.
type numbers [daysToKnow]uint64

func (n *numbers) add(hash uint64) {
	for i := range n {
		if n[i] == hash {
			return
		}
		if n[i] == 0 {
			n[i] = hash
			return
		}
	}
}

func (g *group) known(day int32) bool {
	return g.lastDay > 0 && day-g.lastDay <= knownFor && g.taught >= daysToKnow && g.numbers[daysToKnow-1] != 0
}

// early says that the group is known from the site's first 14 days alone, when it
// may have been hacked already.
func (g *group) early(day int32) bool { return g.known(day) && g.late < daysToKnow }

// learn takes what one day of ordinary traffic said; late is after the first 14
// days of the site.
func (g *group) learn(l *lesson, late bool) {
	if g.lastDay > 0 && l.day-g.lastDay > knownFor {
		g.taught, g.late, g.numbers = 0, 0, numbers{}
	}
	g.taught = min(g.taught+1, daysToKnow)
	if late {
		g.late = min(g.late+1, daysToKnow)
	}
	for _, hash := range l.numbers {
		if hash != 0 {
			g.numbers.add(hash)
		}
	}
	g.count = g.decayed(l.day) + float64(l.calls)
	g.day = max(g.day, l.day)
	g.lastDay = max(g.lastDay, l.day)
	g.dearest = max(g.dearest, l.dearest)
	g.rollWeeks(l.day / 7)
	if age := g.week - l.day/7; age >= 0 && int(age) < len(g.weeks) {
		g.weeks[age] += l.calls
	}
}

// decayed is the learned count at day, with a half-life of 30 days.
func (g *group) decayed(day int32) float64 {
	if day <= g.day {
		return g.count
	}
	return g.count * math.Exp2(-float64(day-g.day)/halfLife)
}

// in90Days is how many learned calls are younger than 13 weeks.
func (g *group) in90Days(day int32) int {
	n := 0
	for i, calls := range g.weeks {
		if day/7-(g.week-int32(i)) < int32(len(g.weeks)) {
			n += int(calls)
		}
	}
	return n
}

func (g *group) rollWeeks(week int32) {
	shift := week - g.week
	if shift <= 0 {
		return
	}
	if int(shift) >= len(g.weeks) {
		g.weeks = [13]uint32{}
	} else {
		copy(g.weeks[shift:], g.weeks[:])
		clear(g.weeks[:shift])
	}
	g.week = week
}

// train is the last eight answered calls that ended, oldest first.
type train struct {
	start    [8]time.Time
	duration [8]time.Duration
	n        int
	tone     tone
}

// shortCall is the length under which a call is short.
const shortCall = 15 * time.Second

func (t *train) add(start time.Time, d time.Duration) {
	if t.n == len(t.start) {
		copy(t.start[:], t.start[1:])
		copy(t.duration[:], t.duration[1:])
		t.n--
	}
	t.start[t.n], t.duration[t.n] = start, d
	t.n++
}

// short counts short calls among the last five, and among those of the last
// ten minutes.
func (t *train) short(now time.Time) (ofLast5, in10 int) {
	for i := range t.n {
		if t.duration[i] >= shortCall {
			continue
		}
		if i >= t.n-5 {
			ofLast5++
		}
		if now.Sub(t.start[i]) < rateWindow {
			in10++
		}
	}
	return ofLast5, in10
}

// spread is the coefficient of variation of the durations, and of the
// intervals between starts.
func (t *train) spread() (durations, intervals float64) {
	var d, gaps [8]float64
	for i := range t.n {
		d[i] = t.duration[i].Seconds()
		if i > 0 {
			gaps[i-1] = t.start[i].Sub(t.start[i-1]).Seconds()
		}
	}
	return variation(d[:t.n]), variation(gaps[:max(t.n-1, 0)])
}

// variation is standard deviation by mean; 1 where nothing can be said.
func variation(x []float64) float64 {
	if len(x) < 2 {
		return 1
	}
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum += v
	}
	mean := sum / float64(len(x))
	if mean <= 0 {
		return 1
	}
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares/float64(len(x)-1)) / mean
}
