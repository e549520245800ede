package trial

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/sensor/lab/plan"
)

// call pushes the events of a whole call. Legs that are not seen have none.
func (e *Ear) call(c *plan.Call) {
	e.calls++
	a, others := e.sides(c)
	r := course{ear: e, c: c, a: a, others: others}
	r.begin()
	if c.Onward != nil {
		r.onward()
	}
	if c.Outcome == plan.Answered {
		r.talk()
		return
	}
	r.refuse()
}

// course is one call on its way: the caller's leg and those of the callee; nil
// where it is not seen.
type course struct {
	ear    *Ear
	c      *plan.Call
	a      *call.Leg
	others []*call.Leg
}

// sides are the legs of a call that are seen.
func (e *Ear) sides(c *plan.Call) (a *call.Leg, others []*call.Leg) {
	switch c.Direction {
	case plan.Inbound:
		a = e.fromTrunk(c)
		if e.full {
			for _, ext := range c.Rings() {
				others = append(others, e.toPhone(c, ext))
			}
		}
	case plan.Internal:
		if e.sees(c) {
			a = e.fromPhone(c)
		}
		if e.full && !c.Voicemail {
			others = append(others, e.toPhone(c, c.Peer))
		}
	default:
		if e.sees(c) && c.Entry != plan.FromPBX {
			a = e.fromPhone(c)
		}
		if c.Reaches() {
			others = append(others, e.toTrunk(c, c.CLI, c.SentToTrunk, "trunk"))
		}
	}
	return a, others
}

// sees says that the caller's own leg is on the wire.
func (e *Ear) sees(c *plan.Call) bool {
	return e.full && (c.Entry != plan.FromPhone || e.site.SpeaksSIP(c.Extension))
}

func (e *Ear) fromPhone(c *plan.Call) *call.Leg {
	src := e.phone(c.Extension, c.Start)
	if c.Entry != plan.FromPhone {
		src = stranger
	}
	if c.Address.IsValid() {
		src = c.Address
	}
	l := e.leg(c, "phone", port(src), port(e.pbx(c.Start)))
	l.From = call.Party{User: c.Extension, Host: e.pbx(c.Start).String()}
	l.To = call.Party{User: c.DialledByPhone, Host: e.pbx(c.Start).String()}
	l.Request = l.To
	l.ContactUser, l.ContactHost, l.UserAgent = c.Extension, src.String(), phoneAgent
	if c.UserAgent != "" {
		l.UserAgent = c.UserAgent
	}
	return l
}

func (e *Ear) toTrunk(c *plan.Call, cli, number, name string) *call.Leg {
	to, host := e.trunk(c)
	l := e.leg(c, name, port(e.pbx(c.Start)), port(to))
	shown := plan.Written(cli, e.site.TrunkFormat)
	l.From = call.Party{User: shown, Host: e.pbx(c.Start).String()}
	l.To = call.Party{User: number, Host: host}
	l.Request, l.Asserted, l.ContactUser, l.ContactHost, l.UserAgent = l.To, shown, shown, e.pbx(c.Start).String(), pbxAgent
	return l
}

func (e *Ear) fromTrunk(c *plan.Call) *call.Leg {
	from, host := e.trunk(c)
	l := e.leg(c, "trunk", port(from), port(e.pbx(c.Start)))
	shown := plan.Written(c.CLI, e.site.TrunkFormat)
	l.From = call.Party{User: shown, Host: host}
	l.To = call.Party{User: c.SentToTrunk, Host: e.pbx(c.Start).String()}
	l.Request, l.Asserted, l.ContactUser, l.ContactHost = l.To, shown, shown, from.String()
	return l
}

// toPhone is nil where the telephone speaks no SIP.
func (e *Ear) toPhone(c *plan.Call, extension string) *call.Leg {
	if !e.site.SpeaksSIP(extension) {
		return nil
	}
	to := e.phone(extension, c.Start)
	l := e.leg(c, "to-"+extension, port(e.pbx(c.Start)), port(to))
	shown := c.CLI
	if len(shown) > 0 && shown[0] == '+' {
		shown = plan.Written(shown, plan.National)
	}
	l.From = call.Party{User: shown, Host: e.pbx(c.Start).String()}
	l.To = call.Party{User: extension, Host: to.String()}
	l.Request, l.ContactUser, l.ContactHost, l.UserAgent = l.To, shown, e.pbx(c.Start).String(), pbxAgent
	return l
}

// begin dials, and lets it ring.
func (r *course) begin() {
	e, c, at := r.ear, r.c, r.c.Start
	if r.a != nil {
		e.attempt(r.a, at)
		user := ""
		if c.Direction != plan.Inbound && (c.Entry == plan.FromPhone || c.Entry == plan.FromInternet) && !c.Forged {
			user = c.Extension
		}
		e.progress(r.a, at.Add(answerTime), user)
	}
	for _, l := range r.others {
		if l != nil {
			e.attempt(l, at.Add(dialOn))
			e.progress(l, at.Add(dialOn+answerTime), "")
		}
	}
	if c.RingAfter > 0 && c.Reaches() {
		for _, l := range r.seen() {
			e.ringing(l, at.Add(max(c.RingAfter, dialOn+2*answerTime)))
		}
	}
}

// onward is the leg by which the site passes the call on.
func (r *course) onward() {
	e, c, o := r.ear, r.c, r.c.Onward
	at := c.Start.Add(o.After)
	if o.How == plan.Redirected && len(r.others) > 0 {
		if l := r.others[0]; l != nil {
			copied := *l
			e.queue.push(call.Event{Kind: call.EventForwarded, Time: at, Leg: &copied, Target: o.Number})
			e.ended(l, at, 302, call.Callee)
		}
		r.others = r.others[1:]
	}
	cli := c.CLI
	if i, ok := e.site.Phone(c.Extension); ok && c.Direction == plan.Inbound {
		cli = plan.ExtensionNumber(i)
	}
	l := e.toTrunk(c, cli, o.SentToTrunk, "onward")
	if o.How == plan.Forwarded || o.How == plan.Redirected {
		l.Diversion = cli
	}
	e.attempt(l, at.Add(dialOn))
	e.progress(l, at.Add(dialOn+answerTime), "")
	e.ringing(l, at.Add(time.Second))
	if o.Duration == 0 {
		e.ended(l, at.Add(30*time.Second), plan.NoAnswer.Status(), call.Callee)
		return
	}
	answer := at.Add(2 * time.Second)
	e.answered(l, answer, c.Media)
	e.ended(l, answer.Add(o.Duration), 0, call.Callee)
}

// talk answers one of the legs, gives up the others, and ends.
func (r *course) talk() {
	e, c := r.ear, r.c
	at := c.Start.Add(max(c.AnswerAfter, dialOn+3*answerTime))
	end := at.Add(c.Duration)
	talking := r.others[:min(len(r.others), 1)]
	if c.Voicemail {
		talking = nil
	}
	for _, l := range r.others[len(talking):] {
		if l != nil {
			e.ended(l, at, plan.Cancelled.Status(), call.Caller)
		}
	}
	talking = seen(append(talking[:len(talking):len(talking)], r.a))
	for _, l := range talking {
		e.answered(l, at, c.Media)
	}
	r.keys(at)
	r.transfer(at)
	by := call.Caller
	if c.CalleeEnds {
		by = call.Callee
	}
	for _, l := range talking {
		if c.NoBye {
			e.lost(l, end)
			continue
		}
		e.ended(l, end, 0, by)
	}
}

// seen are the legs that are on the wire.
func seen(legs []*call.Leg) []*call.Leg {
	return slices.DeleteFunc(legs, func(l *call.Leg) bool { return l == nil })
}

// transfer is the caller's wish to be connected with somebody else.
func (r *course) transfer(answer time.Time) {
	if o := r.c.Onward; r.a != nil && o != nil && o.How == plan.Transferred {
		r.a.Transferred = o.Number
		copied := *r.a
		r.ear.queue.push(call.Event{Kind: call.EventTransfer, Time: answer.Add(transferAfter), Leg: &copied, Target: o.Number})
	}
}

// keys are pressed one after the other, by the caller.
func (r *course) keys(at time.Time) {
	if r.a == nil {
		return
	}
	for i, key := range r.c.Digits {
		copied := *r.a
		r.ear.queue.push(call.Event{Kind: call.EventDTMF, Time: at.Add(time.Second + time.Duration(i)*keyTime), Leg: &copied, Separator: key == '#' || key == '*'})
	}
}

// refuse ends the attempt.
func (r *course) refuse() {
	by := call.Callee
	switch r.c.Outcome {
	case plan.Cancelled:
		by = call.Caller
	case plan.Failed:
		by = call.NoSide
	}
	after := max(r.c.AnswerAfter, dialOn+3*answerTime)
	if r.c.RingAfter > 0 {
		after = max(after, r.c.RingAfter+answerTime) // what rings has not been refused yet
	}
	at := r.c.Start.Add(after)
	for _, l := range r.seen() {
		r.ear.ended(l, at, r.c.Outcome.Status(), by)
	}
}

func (r *course) seen() []*call.Leg { return seen(append(slices.Clone(r.others), r.a)) }
