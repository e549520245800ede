package packets

import (
	"time"

	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/truth"
)

// signalling plays a script.
type signalling struct {
	tap   *tap
	steps []step
	buf   []byte
	done  func()
}

func (s *signalling) step(now int64) (int64, bool) {
	st := &s.steps[0]
	s.tap.sip(now, st, &s.buf)
	s.steps = s.steps[1:]
	if len(s.steps) > 0 {
		return s.steps[0].at, true
	}
	if s.done != nil {
		s.done()
	}
	return 0, false
}

// sip writes one message where it is seen.
func (t *tap) sip(now int64, st *step, buf *[]byte) {
	l := st.leg
	if !l.visible {
		return
	}
	missed := t.loss > 0 && t.dice.Float64() < t.loss
	from, to := l.sides(st.back)
	c := l.conn()
	if missed && c == nil {
		return
	}
	*buf = l.message((*buf)[:0], st)
	end := 0
	if from.conn == nil {
		end = 1
	}
	if missed {
		c.miss(end, *buf)
		return
	}
	t.totals.SIPMessages++
	if c == nil {
		t.write(now, t.builder.UDP(from.sip, to.sip, signallingService, *buf))
		return
	}
	c.send(t, now, end, *buf)
}

// dialogue is one call that runs.
type dialogue struct {
	call    *plan.Call
	legs    []*leg // those that are seen, the caller's first
	record  truth.Call
	streams []*stream
	faxes   []*facsimile
	pending int // signalling and streams that still run
}

// describe fills the record from the script. Talks whose end no message tells
// end all the same.
func (d *dialogue) describe(steps []step, talks []talk) {
	c := d.call
	r := &d.record
	*r = truth.Call{
		ID: c.ID, Direction: c.Direction.String(), Outcome: c.Outcome.String(),
		Status: c.Outcome.Status(), State: stateOf(c.Outcome),
		Extension: c.Extension, Peer: c.Peer, Number: c.Number, CLI: c.CLI, Voicemail: c.Voicemail,
		Label: c.Label, AttackID: c.AttackID, Preparation: c.Preparation, Forged: c.Forged, EndBy: "caller",
	}
	if c.Onward != nil {
		r.Onward = c.Onward.Number
	}
	if c.CalleeEnds || c.Outcome != plan.Answered && c.Outcome != plan.Cancelled {
		r.EndBy = "callee"
	}
	for _, l := range d.legs {
		t := l.describe(steps)
		for i := range talks {
			if talks[i].leg == l && c.NoBye && t.Answer != nil && t.End.Equal(*t.Answer) {
				t.End = time.Unix(0, max(talks[i].end, talks[i].fax.end)).UTC()
			}
		}
		r.Legs = append(r.Legs, t)
	}
	first := &r.Legs[0]
	r.Dialled, r.Start, r.Ringing, r.Answer, r.End = first.Dialled, first.Start, first.Ringing, first.Answer, first.End
	if first.Status != 0 {
		r.Status = first.Status
	}
	if r.Answer != nil {
		r.Duration = r.End.Sub(*r.Answer).Seconds()
	}
}

// describe sums up what the script says of one leg.
func (l *leg) describe(steps []step) truth.Leg {
	from, to := l.sides(false)
	r := truth.Leg{Side: "phone", CallID: l.callID, Transport: l.transport(), Dialled: l.toUser,
		Src: from.sip.AddrPort().String(), Dst: to.sip.AddrPort().String()}
	if l.trunk {
		r.Side = "trunk"
	}
	for i := range steps {
		if steps[i].leg == l {
			note(&r, &steps[i])
		}
	}
	return r
}

// note adds one message to what is known of a leg. A challenge is not the end
// of it, and a message that is sent twice counts as it was sent first.
func note(r *truth.Leg, st *step) {
	at := time.Unix(0, st.at).UTC()
	invite := st.method == "INVITE"
	switch {
	case invite && st.status == 0:
		if r.Invites == 0 {
			r.Start = at
		}
		r.Invites++
	case invite && (st.status == 180 || st.status == 183) && r.Ringing == nil:
		r.Ringing = &at
	case invite && st.status == 200 && r.Answer == nil:
		r.Answer, r.Status, r.End = &at, 200, at
	case invite && st.status > 200 && st.status != 407:
		r.Status, r.End = st.status, at
	case st.method == "BYE" && st.status == 0 && (r.Answer == nil || r.End.Equal(*r.Answer)):
		r.End = at
	}
}

// stateOf is the sensor's word for an outcome.
func stateOf(o plan.Outcome) string {
	switch o {
	case plan.Answered:
		return "answered"
	case plan.Busy:
		return "busy"
	case plan.Cancelled:
		return "cancelled"
	case plan.Failed:
		return "failed"
	}
	return "rejected"
}

// finish adds what the streams became.
func (d *dialogue) finish() *truth.Call {
	for _, s := range d.streams {
		d.record.Streams = append(d.record.Streams, s.describe())
	}
	for _, f := range d.faxes {
		d.record.Streams = append(d.record.Streams, f.describe())
	}
	return &d.record
}
