package calendar

import (
	"math"
	"time"
)

// Day numbers the local calendar day, from 1970 on. Dates before that all are day 1.
func Day(t time.Time, where *time.Location) int32 {
	y, mo, d := t.In(where).Date()
	return int32(min(max(time.Date(y, mo, d, 0, 0, 0, 0, time.UTC).Unix()/86400, 1), math.MaxInt32))
}

// Midnight is when the local day of t ends.
func Midnight(t time.Time, where *time.Location) time.Time {
	y, mo, d := t.In(where).Date()
	return time.Date(y, mo, d+1, 0, 0, 0, 0, where)
}
