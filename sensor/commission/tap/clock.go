package tap

import (
	"fmt"
	"time"

	"tollwatch/sensor/commission"
)

const (
	// firstYear is when this check was written: no clock that is set is earlier.
	firstYear = 2026
	// stepped is a difference between the clock and the time that passed which no
	// slow adjustment makes: adjtimex moves by 0.5 ms a second.
	stepped = 500 * time.Millisecond
)

// clock judges the machine's clock, which stamps every frame and every alert.
func clock(began time.Time) commission.Check {
	now := time.Now()
	synchronised, err := clockSynchronised()
	return judgeClock(now, now.Round(0).Sub(began.Round(0))-now.Sub(began), synchronised, err)
}

// judgeClock is told by how much the clock was moved while we listened.
func judgeClock(now time.Time, moved time.Duration, synchronised bool, err error) commission.Check {
	const advice = "timedatectl set-ntp true, or install chrony: alerts and evidence bear this time"
	c := pass("clock", "%s, synchronised", now.UTC().Format(time.RFC3339))
	switch {
	case now.Year() < firstYear:
		c.Found = fmt.Sprintf("%s: this cannot be", now.UTC().Format(time.RFC3339))
		return but(commission.Fail, c, advice)
	case moved.Abs() >= stepped:
		c.Found = fmt.Sprintf("%s; it was moved by %s meanwhile", now.UTC().Format(time.RFC3339), moved.Round(time.Millisecond))
		return but(commission.Fail, c, "find out who sets it: running calls end when it is set back")
	case err != nil:
		c.Found = fmt.Sprintf("%s; whether it is synchronised is not known: %v", now.UTC().Format(time.RFC3339), err)
		return but(commission.Warn, c, advice)
	case !synchronised:
		c.Found = fmt.Sprintf("%s, not synchronised", now.UTC().Format(time.RFC3339))
		return but(commission.Warn, c, advice)
	}
	return c
}
