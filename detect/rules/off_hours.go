package rules

import (
	"fmt"
	"time"
)

// offHours: the call falls where next to nothing ever happens.
//
//   - Looks for: calls at night, at the weekend, on holidays. Thieves come when nobody
//     looks; but they come at noon too, so that it weighs and is never a condition.
//   - Formula: 15 when the configured hours, holidays or closures say that
//     nobody is there. Where no hours are configured, 15 times the warm-up weight when the hour
//     and its two neighbours had under a tenth of what an average hour of the learned week has.
//   - Default: 15 points, for watched classes; `[hours]` of the configuration is empty, and learning takes 14
//     days that are believed and 200 calls.
//   - Memory: 168 counts of ordinary outbound calls, which decay by 0.97 a week, and 24
//     of each day in quarantine.
//   - Misses: theft by day. A holiday that falls on a working day is off only where the hours are configured.
func offHours(in *Inputs, _ float64) float64 {
	switch {
	case !Watched(in.Class):
		return 0
	case in.Closed:
		return offHoursMost
	case in.OffHours:
		return offHoursMost * in.Warmup
	}
	return 0
}

const offHoursMost = 15

func offHoursText(in *Inputs) string {
	when := fmt.Sprintf("on %s between %02d:00 and %02d:00", time.Weekday(in.WeekHour/24), in.WeekHour%24, in.WeekHour%24+1)
	if in.Closed {
		return "called " + when + ", when the site is closed"
	}
	return fmt.Sprintf("called %s, when %.1f %% of an average hour's calls are usual", when, 100*in.WeekShare)
}
