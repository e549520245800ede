package spool

import "time"

// clock tells how old batches are. It goes on from the latest batch by the time that
// passes in this process, whatever becomes of the machine's own: one that wakes in
// 1970, works for a weekend and is then put right has not waited for 56 years.
type clock struct {
	at    time.Time // what it said,
	since time.Time // when the machine's said this
}

// begin sets the clock, given the latest batch that an earlier process has left; zero
// where there is none. Of the time between the two processes only the machine's clock
// tells, and it is believed where that may be: forwards, and by less than a batch may
// wait.
func (c *clock) begin(latest time.Time, most time.Duration) {
	now := time.Now()
	c.at, c.since = now, now
	if away := now.Sub(latest); !latest.IsZero() && (away < 0 || away > most) {
		c.at = latest
	}
}

func (c *clock) now() time.Time { return c.at.Add(time.Since(c.since)) }

// onTheMachines is a time of this clock on the machine's.
func (c *clock) onTheMachines(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.Now().Add(-c.now().Sub(t))
}
