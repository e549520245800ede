package sensor

import (
	"sync/atomic"
	"time"

	"tollwatch/sensor/record"
)

// What a second may have of points that anybody can cause: telephones that register
// after a power cut, scans of accounts, floods of INVITEs and of RTP. Calls that were
// answered, their streams and alerts have no bound but the spool's.
const (
	registrationsASecond = 25 // of each event: 1,500 telephones that refresh every minute
	unansweredASecond    = 100
	unannouncedASecond   = 100 // streams that no SDP announced
)

// budgets decide which objects become points.
type budgets struct {
	registrations map[string]*budget // by their event
	unanswered    budget
	unannounced   budget
	over          atomic.Uint64 // what there was no room for
}

// allow says whether the object is within its budget, and counts it.
func (b *budgets) allow(o record.Object) bool {
	ok := true
	switch o := o.(type) {
	case *record.Registration:
		ok = b.registration(o)
	case *record.Call:
		ok = !o.Answer.IsZero() || b.unanswered.take(time.Time(o.Told), unansweredASecond)
	case *record.Stream:
		ok = o.CallGroup != "" || b.unannounced.take(time.Time(o.End), unannouncedASecond)
	}
	if !ok {
		b.over.Add(1)
	}
	return ok
}

func (b *budgets) registration(r *record.Registration) bool {
	if b.registrations == nil {
		b.registrations = map[string]*budget{}
	}
	own := b.registrations[r.Event]
	if own == nil {
		own = &budget{}
		b.registrations[r.Event] = own
	}
	return own.take(time.Time(r.Time), registrationsASecond)
}

// budget is what was used of a second. What comes late counts in the present one.
type budget struct {
	second int64
	used   int
}

// take uses one of the limit.
func (b *budget) take(at time.Time, limit int) bool {
	if second := at.Unix(); second > b.second || b.second-second > int64(setBackBy/time.Second) {
		b.second, b.used = second, 0
	}
	b.used++
	return b.used <= limit
}
