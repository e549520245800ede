package dialog

import (
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// TestByeAnswered: the answer to the BYE that ended a call is told once, from a
// party of the dialog only, and of no call that was not answered.
func TestByeAnswered(t *testing.T) {
	s := play(t, `
		0    A>B INVITE id=x from=a
		1    B>A 200 id=x from=a to=b
		1.1  A>B ACK id=x from=a to=b
		9    A>B BYE id=x from=a to=b cseq=2
		9.05 Z>A 200/BYE id=x from=a to=b cseq=2
		9.2  B>A 200/BYE id=x from=a to=b cseq=2
		9.7  B>A 200/BYE id=x from=a to=b cseq=2
		20   A>B INVITE id=y from=c
		21   B>A 486 id=y from=c to=d
		22   B>A 200/BYE id=y from=c to=d cseq=2
	`)
	var told []time.Duration
	for _, e := range s.events {
		if e.Kind == call.EventReleased {
			told = append(told, e.Time.Sub(e.Leg.End))
		}
	}
	if len(told) != 1 || told[0] != 200*time.Millisecond {
		t.Errorf("got %v after the BYE, want once, 200 ms", told)
	}
}
