package influx

import (
	"log/slog"
	"sync"
	"time"

	"tollwatch/sensor/output/points"
	"tollwatch/sensor/output/spool"
)

// Kind is what is wrong with the way out.
type Kind uint8

// What can be wrong, the worst first. None is a way that is whole.
const None Kind = 0
const (
	Unauthorised  Kind = iota + 1 // 401
	Forbidden                     // 403
	NotFound                      // 404: no such bucket, database or organisation
	Certificate                   // the server's is not trusted, or ours to read is not there
	NotInflux                     // a redirect, a portal, a server that speaks something else
	Unreachable                   // no answer
	ServerError                   // 5xx
	Throttled                     // 429
	Disk                          // the spool cannot be written or read
	Damaged                       // the spool was damaged and begun anew
	RefusedPoints                 // points were refused for good
	Clock                         // ours and the server's differ
)

var kindNames = [...]string{"none", "unauthorised", "forbidden", "not_found", "certificate", "not_influx", "unreachable", "server_error", "throttled",
	"disk", "damaged", "refused_points", "clock"}

func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// Trouble is one thing that is wrong: which, since when, and a line for a person
// in the server's own terms, without a line break and of bounded length.
type Trouble struct {
	Kind  Kind
	Since time.Time
	Text  string
}

// part is what a trouble is of; each has one at a time.
type part uint8

const (
	ofMetrics part = iota // the way of metrics
	ofAlerts              // the way of alerts
	ofDisk
	ofDeadLetters
	ofDamage
	ofPoints
	ofClock
	parts
)

// passes says that nobody tells when it is over.
func (p part) passes() bool { return p == ofPoints || p == ofDamage || p == ofDeadLetters }

// What passes is told of for an hour, and is new after that. Changes of a reason are
// logged once a minute at most.
const (
	remembered = time.Hour
	logEvery   = time.Minute
)

// maxLogged is how much of an answer is logged: it is the other end's text.
const maxLogged = 300

// watch holds what is wrong now, and logs it once.
type watch struct {
	waiting func() uint64 // points, when it is asked; nil: not known

	mu     sync.Mutex // guards what follows
	now    [parts]state
	damage error // of the spool, that was noted last
}

type state struct {
	Trouble
	last   time.Time // it was noted
	told   bool      // logged, or the same as one that is
	logged time.Time // the last line of this part
}

// note says that something is wrong.
func (w *watch) note(p part, k Kind, text string) {
	at := time.Now()
	text = points.Clean(text, maxLogged)
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.now[p]
	if s.Kind != k || p.passes() && at.Sub(s.last) > remembered {
		s.Trouble, s.told = Trouble{k, at, text}, false
	}
	s.Text, s.last = text, at
	if s.told || at.Sub(s.logged) < logEvery && !s.logged.IsZero() {
		return
	}
	s.told, s.logged = true, at
	if !w.alsoOther(p) {
		slog.Warn("influx: "+text, "trouble", k.String())
	}
}

// over says that a part is whole. So many points of the batch that showed it have had
// their fate, and are not booked yet: they wait no more.
func (w *watch) over(p part, settled int) {
	past, told := w.end(p)
	if !told {
		return
	}
	said := []any{"trouble", past.Kind.String(), "lasted", time.Since(past.Since).Round(time.Second)}
	if w.waiting != nil && p <= ofAlerts {
		said = append(said, "waiting", max(0, int(w.waiting())-settled))
	}
	slog.Info("influx: whole again", said...)
}

// end is the trouble that a part had; told, that this is to be logged.
func (w *watch) end(p part) (past Trouble, told bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.now[p]
	past, told = s.Trouble, s.told
	if told && w.alsoOther(p) { // which began with the first of the two
		told = false
		if other := &w.now[ofAlerts-p]; s.Since.Before(other.Since) {
			other.Since = s.Since
		}
	}
	s.Trouble, s.told = Trouble{}, false
	return past, told
}

// alsoOther says that the other way has the same trouble, and told it: a server
// that is away is one cause, not two.
func (w *watch) alsoOther(p part) bool {
	if p > ofAlerts {
		return false
	}
	mine, other := w.now[p], w.now[ofAlerts-p]
	return other.told && other.Kind == mine.Kind && other.Text == mine.Text
}

// list is what is wrong, the worst first.
func (w *watch) list() []Trouble {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Trouble
	for k := Unauthorised; k <= Clock; k++ {
		for p := range parts {
			s := w.now[p]
			if s.Kind != k || p.passes() && time.Since(s.last) > remembered {
				continue
			}
			out = append(out, s.Trouble)
		}
	}
	return out
}

// Troubles is what is wrong with the way out now, the worst first; of the two
// ways, metrics' and alerts', each may have one.
func (o *Output) Troubles() []Trouble { return o.watch.list() }

// Trouble is the worst of Troubles; its Kind is None when all is well.
func (o *Output) Trouble() Trouble {
	if all := o.watch.list(); len(all) > 0 {
		return all[0]
	}
	return Trouble{}
}

// ClockOffset is the server's clock less ours, as its last answer told, to the
// second; it is not known before the first.
func (o *Output) ClockOffset() (offset time.Duration, known bool) {
	if offset, known = o.alerts.drainer.writer.ClockOffset(); known {
		return offset, true
	}
	return o.metrics.drainer.writer.ClockOffset()
}

// skewed is from when on two clocks differ: points would lie beside what people
// look at, and certificates not be valid yet.
const skewed = time.Minute

// clock compares ours with the one of the server.
func (w *watch) clock(of *Writer) {
	offset, known := of.ClockOffset()
	if !known {
		return
	}
	if offset.Abs() <= skewed {
		w.over(ofClock, 0)
		return
	}
	w.note(ofClock, Clock, ofClocks(offset).Text())
}

// disk notes what the spool says of its own.
func (w *watch) disk(s *spool.Spool) {
	now, damage := s.Trouble()
	if now != nil {
		w.note(ofDisk, Disk, "the spool: "+now.Error())
	} else {
		w.over(ofDisk, 0)
	}
	w.mu.Lock()
	fresh := damage != nil && damage != w.damage
	w.damage = damage
	w.mu.Unlock()
	if fresh {
		w.note(ofDamage, Damaged, damage.Error())
	}
}
