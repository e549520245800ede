package trial

import (
	"net/netip"
	"strconv"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/sensor/lab/plan"
)

// How long machines take, and who they say they are.
const (
	answerTime = 4 * time.Millisecond // of a machine that is asked
	dialOn     = 20 * time.Millisecond
	mediaAfter = 100 * time.Millisecond
	mediaLost  = time.Minute // silence after which a call without BYE is over
	keyTime    = 400 * time.Millisecond

	transferAfter = 500 * time.Millisecond

	phoneAgent = "Kordia D42/3.1.18"
	pbxAgent   = "Asterisk PBX 20.9.3"
)

// leg begins a leg of a call; its course follows by the methods below.
func (e *Ear) leg(c *plan.Call, name string, src, dst netip.AddrPort) *call.Leg {
	e.legs++
	return &call.Leg{
		ID: e.legs, Call: e.calls, CallID: callID(c, name), Transport: call.UDP, Source: call.Wire, Src: src, Dst: dst,
		State: call.Trying, EndBy: call.NoSide, Attempts: 1, SDPSession: strconv.FormatUint(uint64(e.legs), 10),
	}
}

// say pushes an event of the leg as it stands.
func (e *Ear) say(kind call.EventKind, at time.Time, l *call.Leg) {
	copied := *l
	e.queue.push(call.Event{Kind: kind, Time: at, Leg: &copied})
}

func (e *Ear) attempt(l *call.Leg, at time.Time) {
	l.Start = at
	e.say(call.EventAttempt, at, l)
}

// progress is the first that is heard of the other side. One that wants to
// know who calls has been told by then.
func (e *Ear) progress(l *call.Leg, at time.Time, user string) {
	l.HeardOther = true
	if user != "" {
		l.AuthUser, l.AuthRealm, l.Credentials, l.Challenged = user, "asterisk", true, true
		l.Attempts++
	}
	e.say(call.EventProgress, at, l)
}

func (e *Ear) ringing(l *call.Leg, at time.Time) {
	l.Ringing = at
	e.say(call.EventRinging, at, l)
}

// answered also lets media flow, if any is heard.
func (e *Ear) answered(l *call.Leg, at time.Time, m plan.Media) {
	l.State, l.Status, l.Answer = call.Answered, 200, at
	e.say(call.EventAnswered, at, l)
	l.Acknowledged = true
	if m == plan.Silent {
		return
	}
	l.FirstMediaCaller = at.Add(mediaAfter)
	if m != plan.OneWay {
		l.FirstMediaCallee = l.FirstMediaCaller
	}
	e.say(call.EventMedia, l.FirstMediaCaller, l)
}

// ended is the last of a leg: a BYE where it was answered, otherwise a status.
func (e *Ear) ended(l *call.Leg, at time.Time, status int, by call.Side) {
	l.End, l.EndBy = at, by
	if l.Answer.IsZero() {
		l.Status, l.State = status, stateOf(status)
	}
	e.say(call.EventEnded, at, l)
	if !l.Answer.IsZero() {
		e.say(call.EventReleased, at.Add(answerTime), l)
	}
}

// lost is the end of an answered leg whose BYE nobody saw.
func (e *Ear) lost(l *call.Leg, at time.Time) {
	l.End = at.Add(mediaLost)
	e.say(call.EventEnded, l.End, l)
}

func stateOf(status int) call.State {
	switch {
	case status == 486 || status == 600:
		return call.Busy
	case status == 487:
		return call.Cancelled
	case status == 408 || status == 0:
		return call.TimedOut
	case status >= 500 && status != 603:
		return call.Failed
	}
	return call.Rejected
}
