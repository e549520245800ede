package dialog

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// deflection is a call that somebody was told to make: by REFER, or by a 3xx.
type deflection struct {
	by     call.LegID
	addr   netip.Addr // who was told
	target string
	time   time.Time
}

// maxDeflections bounds those that are remembered; the oldest gives way.
const maxDeflections = 64

// deflect remembers where the receiver of a message will call.
func (t *Tracker) deflect(l *leg, target string, meta *Meta) {
	if target == "" {
		return
	}
	d := deflection{l.ID, meta.Dst.Addr(), target, meta.Time}
	if len(t.deflections) < maxDeflections {
		t.deflections = append(t.deflections, d)
		return
	}
	t.deflections[t.nextDeflection] = d
	t.nextDeflection = (t.nextDeflection + 1) % maxDeflections
}

// deflected is the leg in which the caller of l was told to call it.
func (t *Tracker) deflected(l *leg) *leg {
	for i := range t.deflections {
		d := &t.deflections[i]
		if d.addr != l.Src.Addr() || l.Start.Sub(d.time) > transactionTime || !sameNumber(d.target, l.Request.User) {
			continue
		}
		if a := t.byID[d.by]; a != nil && a.joins < maxForks {
			d.addr = netip.Addr{} // it was done
			return a
		}
	}
	return nil
}

// replaced is the leg whose place l takes (RFC 3891 §3): its INVITE names both
// tags of the dialog, and goes to one of its parties.
func (t *Tracker) replaced(l *leg, m *sip.Message) *leg {
	if l.Replaces == "" {
		return nil
	}
	value := m.Text(m.Replaces)
	from, _ := sip.Param(value, "from-tag")
	to, _ := sip.Param(value, "to-tag")
	for a := t.legs[l.Replaces]; a != nil; a = a.same {
		ours, theirs := from, to
		if a.tag != hash(clip(from)) {
			ours, theirs = to, from
		}
		if a.Live() && a.joins < maxForks && a.tag == hash(clip(ours)) && a.hasTag(theirs) && a.knows(l.Dst.Addr()) {
			return a
		}
	}
	return nil
}
