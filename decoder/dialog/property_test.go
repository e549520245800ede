package dialog

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// auditor holds what must be true of a tracker whatever it is told.
type auditor struct {
	t    testing.TB
	tr   *Tracker
	legs map[call.LegID]*audited
	kept []*call.Leg // snapshots, and what they said
	said []call.Leg
}

type audited struct {
	released        bool
	call            call.ID
	answered, ended bool
	moved           bool
}

func newAuditor(t testing.TB, tr *Tracker) *auditor {
	return &auditor{t: t, tr: tr, legs: map[call.LegID]*audited{}}
}

func (a *auditor) events(events []call.Event) {
	for _, e := range events {
		if e.Leg != nil {
			a.event(e)
		}
	}
	a.tables()
}

// event: a leg begins, is answered at most once, ends once, and nothing comes
// after but once that its BYE was answered; its times are in order.
func (a *auditor) event(e call.Event) {
	l := e.Leg
	if len(a.kept) < 200 {
		a.kept, a.said = append(a.kept, l), append(a.said, *l)
	}
	known := a.legs[l.ID]
	if e.Kind == call.EventAttempt {
		if known != nil {
			a.t.Errorf("leg %d began twice", l.ID)
		}
		known = &audited{call: l.Call}
		a.legs[l.ID] = known
	}
	if e.Kind == call.EventJoined && known != nil {
		if known.moved || e.Former != known.call || l.Call >= e.Former {
			a.t.Errorf("leg %d joined call %d from %d, was of %d, moved before: %v", l.ID, l.Call, e.Former, known.call, known.moved)
		}
		known.moved, known.call = true, l.Call
	}
	switch {
	case known == nil:
		a.t.Errorf("%v of leg %d, which never began", e.Kind, l.ID)
		return
	case e.Kind == call.EventReleased:
		if !known.ended || known.released || !known.answered {
			a.t.Errorf("leg %d released: ended %v, answered %v, released before %v", l.ID, known.ended, known.answered, known.released)
		}
		known.released = true
	case known.ended:
		a.t.Errorf("%v of leg %d after its end", e.Kind, l.ID)
	case l.Call == 0 || l.Call != known.call:
		a.t.Errorf("%v of leg %d: got call %d, want %d", e.Kind, l.ID, l.Call, known.call)
	case e.Kind == call.EventAnswered && known.answered:
		a.t.Errorf("leg %d answered twice", l.ID)
	case l.State == call.Answered && l.Answer.IsZero() || l.State != call.Answered && !l.Answer.IsZero():
		a.t.Errorf("leg %d: state %v with answer %v", l.ID, l.State, l.Answer)
	case !l.Answer.IsZero() && l.Answer.Before(l.Start), !l.Ringing.IsZero() && l.Ringing.Before(l.Start),
		!l.End.IsZero() && (l.End.Before(l.Start) || l.End.Before(l.Answer)):
		a.t.Errorf("leg %d: start %v, ringing %v, answer %v, end %v", l.ID, l.Start, l.Ringing, l.Answer, l.End)
	}
	known.answered = known.answered || e.Kind == call.EventAnswered
	known.ended = known.ended || e.Kind == call.EventEnded
}

// tables: caps hold, the books balance, the tables name the same legs.
func (a *auditor) tables() {
	c, cfg := a.tr.Counters(), a.tr.cfg
	live := 0
	for _, l := range a.legs {
		if !l.ended {
			live++
		}
	}
	a.rings()
	for _, v := range []struct {
		what      string
		got, want int
	}{
		{"live legs", c.Live, live},
		{"opened less ended", int(c.Opened) - int(c.Ended), live},
		{"alarms", len(a.tr.alarms.heap), live},
		{"legs by Call-ID", byCallID(a.tr), live + c.Tombstones},
		{"legs by ID", len(a.tr.byID), live + c.Tombstones},
		{"alarms of accounts", len(a.tr.expiries.heap), c.Accounts},
		{"bindings", c.Bindings, bindings(a.tr)},
	} {
		if v.got != v.want {
			a.t.Errorf("%s: got %d, want %d", v.what, v.got, v.want)
		}
	}
	if c.Live > cfg.Legs || c.Tombstones > cfg.Tombstones || c.Transactions > cfg.Transactions ||
		c.Accounts > cfg.Accounts || a.tr.failures.len() > cfg.Failures || a.tr.budgets.len() > cfg.Sources || indexed(a.tr) > int(slots)*c.Live {
		a.t.Errorf("a cap does not hold: %+v", c)
	}
}

// bindings counts those of all accounts.
func bindings(t *Tracker) (n int) {
	for _, e := range t.accounts.m {
		n += len(e.value.bindings)
	}
	return n
}

// rings: the legs of a ring bear one call, and no leg leads to fewer than none.
func (a *auditor) rings() {
	for _, l := range a.tr.byID {
		n := 0
		for m := l.mate(); m != l; m = m.mate() {
			if n++; n > len(a.tr.byID) || a.tr.byID[m.ID] != m {
				a.t.Fatalf("ring of leg %d leads out of the table", l.ID)
			}
			if m.Live() && l.Live() && m.Call != l.Call {
				a.t.Errorf("legs %d and %d of one ring are of calls %d and %d", l.ID, m.ID, l.Call, m.Call)
			}
		}
		live := 0
		for _, m := range a.tr.byID {
			if m.prior == l.ID && m.Live() {
				live++
			}
		}
		if l.behind != live || l.joins < l.behind {
			a.t.Errorf("leg %d: %d joined, %d of them live; counted %d live", l.ID, l.joins, l.behind, live)
		}
	}
}

// byCallID counts the legs that are found by Call-ID.
func byCallID(tr *Tracker) (n int) {
	for _, l := range tr.legs {
		for ; l != nil; l = l.same {
			n++
		}
	}
	return n
}

// indexed counts the places of the index that are taken.
func indexed(tr *Tracker) (n int) {
	for i := range tr.index {
		n += tr.index[i].n
	}
	return n
}

// done: all legs ended with the capture, and no snapshot was changed.
func (a *auditor) done(now time.Time) {
	a.events(a.tr.Flush(now))
	for id, l := range a.legs {
		if !l.ended {
			a.t.Errorf("leg %d never ended", id)
		}
	}
	for i, l := range a.kept {
		if *l != a.said[i] {
			a.t.Errorf("snapshot changed:\n got %+v\nwant %+v", *l, a.said[i])
		}
	}
	if c := a.tr.Counters(); c.Live != 0 || c.Tombstones != 0 || c.Transactions != 0 || indexed(a.tr) != 0 {
		a.t.Errorf("after the end: got %+v, want empty tables", c)
	}
}

// tinyConfig makes every table overflow.
func tinyConfig() Config {
	cfg := DefaultConfig()
	cfg.Legs, cfg.Tombstones, cfg.Transactions, cfg.Accounts, cfg.Failures, cfg.Sources = 5, 4, 3, 2, 2, 2
	return cfg
}

// TestDisorder: the lines of stories, shuffled, dropped, doubled and stamped
// with times that jump both ways.
func TestDisorder(t *testing.T) {
	lines := slices.Collect(strings.Lines(strings.TrimSpace(`
		A>P INVITE id=1 sdp=4000
		P>A 401 id=1
		A>P ACK id=1 branch=INVITE-1
		A>P INVITE id=1 cseq=2 cred=101 sdp=4000
		P>T INVITE id=1 cseq=2 vias=2 branch=x
		T>P 180 id=1 cseq=2 vias=2 branch=x
		P>A 180 id=1 cseq=2
		P>A 200 id=1 cseq=2 sdp=5000 h:Session-Expires=90
		A>P ACK id=1 cseq=2
		A>P INVITE id=1 cseq=3 to=b sdp=4002/hold
		P>A 200 id=1 cseq=3 sdp=5002
		A>P INFO id=1 cseq=4 type=application/dtmf body=1
		P>A REFER id=1 from=b to=a h:Refer-To=<sip:9@x>
		E>P BYE id=1 cseq=9
		P>E 200/BYE id=1 cseq=9
		A>P BYE id=1 cseq=5
		P>A 200/BYE id=1 cseq=5
		P>T INVITE id=2 from=c
		T>P 486 id=2 from=c
		A>P INVITE id=3 from=d
		A>P CANCEL id=3 from=d
		P>A 487 id=3 from=d
		P>A 200 id=3 from=d
		A>P INVITE id=4 from=e
		P>A 302 id=4 from=e h:Contact=<sip:7@x>
		A>P INVITE id=4 from=e cseq=2
		P>A 200 id=5 from=f
		B>P INVITE id=6 from=b to=a
		A>P INVITE id=7 from=g user=0612345678 sdp=4010
		B>P INVITE id=8 from=h user=0612345678 sdp=4020
		P>T INVITE id=9 from=i user=+33612345678 by=9 sdp=4030
		P>T INVITE id=10 from=j user=+33612345678 by=9 sdp=4010
		T>U INVITE id=11 from=k user=+33612345678 h:X-CID=9
		T>P 180 id=9 from=i
		P>A 180 id=7 from=g
		T>P 183 id=10 from=j sdp=5010
		P>B 183 id=8 from=h
		T>P 200 id=10 from=j sdp=5010
		P>B 200 id=8 from=h
		A>P CANCEL id=7 from=g
		P>A 487 id=7 from=g
		P>T CANCEL id=9 from=i
		T>P 487 id=9 from=i
		C>P INVITE id=12 from=l h:Replaces=8;to-tag=b;from-tag=h
		C>D INVITE id=7 from=g branch=alike
		A>P PRACK id=8 from=h cseq=2
		A>P INVITE id=1 from=z
		A>P REGISTER id=r1 user=1 h:Contact=<sip:1@x>,~<sip:2@x>
		P>A 200/REGISTER id=r1 user=1 h:Contact=<sip:1@x>
		A>P REGISTER id=r2 user=2 cred=1
		P>A 403/REGISTER id=r2 user=2
		E>P OPTIONS id=o1
		P>E 200/OPTIONS id=o1
		media
		advance`)))
	for seed := range int64(300) {
		r := rand.New(rand.NewSource(seed))
		cfg := DefaultConfig()
		if seed%2 == 0 {
			cfg = tinyConfig()
		}
		s := newStory(t, cfg)
		a := newAuditor(t, s.tr)
		order := slices.Concat(lines, lines, lines)
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if seed%3 == 0 {
			order = slices.Clone(lines) // in order, with gaps and copies
		}
		at := 0.0
		for _, line := range order {
			for range [...]int{0, 1, 1, 2}[r.Intn(4)] {
				at += []float64{0, 0.01, 1, 5, 40, 300, -3, 7200}[r.Intn(8)]
				step(s, a, strings.TrimSpace(line), at, r.Intn(12))
			}
		}
		a.done(s.now)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// step plays one line at a time in seconds, under audit.
func step(s *story, a *auditor, line string, at float64, leg int) {
	s.now = epoch.Add(time.Duration(at * float64(time.Second)))
	switch line {
	case "media":
		s.tr.ObserveMedia(MediaActivity{Leg: call.LegID(leg), Last: s.now, Caller: s.now, Digits: leg % 3})
	case "advance":
		a.events(s.tr.Advance(s.now))
	default:
		s.events = s.events[:0]
		s.play(fmt.Sprintf("%f %s", at, line))
		a.events(s.events)
	}
}

// FuzzTracker builds messages from bytes: whom they are from, what they are,
// which tags, order and time they bear.
func FuzzTracker(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x00\x10\x00\x01\x00\x20\x00\x09"))
	f.Add([]byte("INVITE, then 180, 200, ACK, and a BYE from somebody else"))
	for seed := range int64(8) {
		b := make([]byte, 400)
		rand.New(rand.NewSource(seed)).Read(b)
		f.Add(b)
	}
	whats := []string{"INVITE", "100", "180", "200", "200", "401", "486", "302", "ACK", "BYE", "200/BYE", "CANCEL", "INFO",
		"REFER", "UPDATE", "200/UPDATE", "REGISTER", "200/REGISTER", "403/REGISTER", "OPTIONS", "media", "advance"}
	ways := []string{"A>P", "P>A", "P>T", "T>P", "E>P", "P>E"}
	times := []float64{0, 0.1, 1, 33, 300, -5, 50000}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newStory(t, tinyConfig())
		a := newAuditor(t, s.tr)
		at := 0.0
		for ; len(b) >= 4; b = b[4:] {
			at += times[int(b[3])%len(times)]
			what := whats[int(b[0])%len(whats)]
			if what != "media" && what != "advance" {
				what = fmt.Sprintf("%s %s id=%d cseq=%d vias=%d branch=%d cred=%.*s sdp=%d h:Contact=<sip:%d@10.0.0.69> h:Session-Expires=90 h:Refer-To=<sip:1@x> type=application/dtmf",
					ways[int(b[1])%len(ways)], what, b[1]>>4&3, b[2]&3, 1+b[2]>>2&1, b[2]>>3&1, int(b[2]>>4&1), "1", 4000+int(b[3]), b[3]&3)
				what += []string{"", " to=", " from=b to=a", " from=c"}[b[2]>>6]
			}
			step(s, a, what, at, int(b[1]))
			if len(b) > 4*500 {
				b = b[len(b)-4*500:]
			}
		}
		a.done(s.now)
	})
}
