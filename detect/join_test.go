package detect

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
)

// TestLateJoin: the trunk's leg first looks like a call of its own, and turns
// out to be the second half of one. It is one attempt, one running call.
func TestLateJoin(t *testing.T) {
	e := newEngine(t)
	s := script{view: bothLegs}
	p := plot{at: monday, extension: 204, number: "13459491234"}
	in := s.newLeg(p, phoneAddr(204), pbxAddr, "204", "00013459491234")
	in.Call, in.Start = 1, monday
	out := s.newLeg(p, pbxAddr, trunkAddr, "+33145670000", "+13459491234")
	out.Call, out.Start = 2, monday.Add(20*time.Millisecond)
	e.Observe(call.Event{Kind: call.EventAttempt, Time: in.Start, Leg: in})
	e.Observe(call.Event{Kind: call.EventAttempt, Time: out.Start, Leg: out})
	if got := e.Snapshot(); got.LiveCalls != 2 || got.CostlyCalls != 2 {
		t.Fatalf("got %d calls, %d costly before the join, want 2 and 2", got.LiveCalls, got.CostlyCalls)
	}
	joined := *out
	joined.Call = 1
	r := e.Observe(call.Event{Kind: call.EventJoined, Time: out.Start, Leg: &joined, Former: 2})
	if got := e.Snapshot(); got.LiveCalls != 1 || got.CostlyCalls != 1 {
		t.Errorf("got %d calls, %d costly after the join, want 1 and 1", got.LiveCalls, got.CostlyCalls)
	}
	v := r.Verdict
	if v.Extension != "204" || v.Trunk != "trunk-1" || v.Number.E164 != "+13459491234" || v.Direction != Outbound {
		t.Errorf("got %s from %q by %q to %q, want outbound from 204 by trunk-1 to +13459491234", v.Direction, v.Extension, v.Trunk, v.Number.E164)
	}
	if in := v.Decision.Inputs; in.Calls10 != 1 || in.ExtensionLegs != 1 || in.TrunkCostly != 1 {
		t.Errorf("got %d calls in ten minutes, %d of the extension, %d costly; want 1 each", in.Calls10, in.ExtensionLegs, in.TrunkCostly)
	}
}

// TestWhichWay says what the legs of a site are, once its roles are known.
func TestWhichWay(t *testing.T) {
	stranger := netip.MustParseAddrPort("198.51.100.7:5060")
	for _, c := range []struct {
		name      string
		src, dst  netip.AddrPort
		from, to  string
		direction Direction
		class     numbering.Class
		extension string
		trunk     string
	}{
		{"telephone dials out", phoneAddr(204), pbxAddr, "204", "00612345678", Outbound, numbering.Mobile, "204", ""},
		{"PBX dials out", pbxAddr, trunkAddr, "+33145670000", "+33612345678", Outbound, numbering.Mobile, "+33145670000", "trunk-1"},
		{"telephone calls a colleague", phoneAddr(204), pbxAddr, "204", "205", Internal, numbering.Internal, "204", ""},
		{"PBX rings the colleague", pbxAddr, phoneAddr(205), "204", "205", Internal, numbering.Internal, "204", ""},
		{"operator calls in", trunkAddr, pbxAddr, "+33612345678", "+33145670000", Inbound, numbering.Domestic, "", "trunk-1"},
		{"operator calls in with a foreign number", trunkAddr, pbxAddr, "+13459491234", "+13459491235", Inbound, numbering.HighRisk, "", "trunk-1"},
		{"PBX sends an extension to the trunk", pbxAddr, trunkAddr, "204", "4711", Outbound, numbering.Unparsed, "204", "trunk-1"},
		{"stranger dials a far country", stranger, pbxAddr, "100", "0013459491234", Outbound, numbering.HighRisk, "100", ""},
		{"stranger to a stranger", stranger, netip.MustParseAddrPort("198.51.100.8:5060"), "100", "0145670000", DirectionUnknown, numbering.Domestic, "100", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEngine(t)
			s := script{view: bothLegs}
			s.add(plot{at: monday, extension: 201, number: "33612345678", ring: time.Second, talk: time.Minute})
			play(e, s.sorted(), time.Time{})
			l := s.newLeg(plot{}, c.src, c.dst, c.from, c.to)
			l.Call, l.Start = 77, monday.Add(time.Hour)
			v := e.Observe(call.Event{Kind: call.EventAttempt, Time: l.Start, Leg: l}).Verdict
			got := fmt.Sprint(v.Direction, " ", v.Number.Class, " ", v.Extension, " ", v.Trunk)
			if want := fmt.Sprint(c.direction, " ", c.class, " ", c.extension, " ", c.trunk); got != want {
				t.Errorf("got %s, want %s (dialled %q, read as %+v)", got, want, c.to, v.Number)
			}
		})
	}
}

// TestInboundTeachesTheTrunk: before anybody has called out, a call that comes
// in and rings an extension says where the operator is.
func TestInboundTeachesTheTrunk(t *testing.T) {
	e := newEngine(t)
	s := script{view: bothLegs}
	s.ringGroup(monday, 2)
	var verdicts []Verdict
	for _, ev := range s.sorted() {
		verdicts = append(verdicts, *e.Observe(ev).Verdict)
	}
	if first := verdicts[0]; first.Direction != DirectionUnknown || first.Score != 0 {
		t.Errorf("got %s, score %v for the first sight, want unknown and 0", first.Direction, first.Score)
	}
	if last := verdicts[len(verdicts)-1]; last.Direction != Inbound || last.Trunk != "trunk-1" || last.CostEUR != 0 {
		t.Errorf("got %s by %q for %v EUR, want inbound by trunk-1 for nothing", last.Direction, last.Trunk, last.CostEUR)
	}
	if !e.roles.isPBX(pbxAddr.Addr()) || !e.roles.isTrunk(trunkAddr.Addr()) {
		t.Errorf("got PBX %v, trunks %v; want %s and %s", e.roles.pbx, e.roles.trunks, pbxAddr, trunkAddr)
	}
}

// TestForwardCodeIsNoCall: setting a forward to a far country costs nothing yet.
func TestForwardCodeIsNoCall(t *testing.T) {
	e := newEngine(t)
	e.roles.addPBX(pbxAddr.Addr())
	l := (&script{}).newLeg(plot{}, phoneAddr(204), pbxAddr, "204", "*21*0013459491234#")
	l.Call, l.Start = 1, monday
	v := e.Observe(call.Event{Kind: call.EventAttempt, Time: monday, Leg: l}).Verdict
	if v.Direction != Internal || v.Decision != nil || !v.Number.Forward {
		t.Errorf("got %s with decision %v for %+v, want an internal setting", v.Direction, v.Decision, v.Number)
	}
}

// TestRolesFromRegistrations: a PBX is where telephones log in; its own login
// with the operator makes the operator no PBX.
func TestRolesFromRegistrations(t *testing.T) {
	e := newEngine(t)
	bind := func(user string, src, dst netip.AddrPort) {
		e.Observe(call.Event{Kind: call.EventBinding, Time: monday, Registration: &call.Registration{
			User: user, Src: src, Dst: dst, Change: call.BindingNew}})
	}
	bind("company", pbxAddr, trunkAddr)
	bind("3001", phoneAddr(201), pbxAddr)
	bind("3002", phoneAddr(202), pbxAddr)
	if got := e.Snapshot(); got.PBX != 1 || got.Phones != 2 || !e.roles.isPBX(pbxAddr.Addr()) {
		t.Errorf("got %d PBX, %d telephones, want 1 (%s) and 2", got.PBX, got.Phones, pbxAddr)
	}
	l := (&script{}).newLeg(plot{}, phoneAddr(201), pbxAddr, "3001", "3002")
	l.Call, l.Start = 1, monday
	v := e.Observe(call.Event{Kind: call.EventAttempt, Time: monday, Leg: l}).Verdict
	if v.Number.Class != numbering.Internal || v.Direction != Internal {
		t.Errorf("got %s %s for a registered extension that looks like a short code, want internal", v.Direction, v.Number.Class)
	}
}

// TestOneLegOnly: on the trunk alone, the one who sends many numbers to one
// peer is the PBX, also where both addresses are public.
func TestOneLegOnly(t *testing.T) {
	e := newEngine(t)
	pbx, operator := netip.MustParseAddrPort("198.51.100.20:5060"), netip.MustParseAddrPort("203.0.113.5:5060")
	s := script{view: trunkAlone}
	for i := range 40 {
		p := plot{at: monday.Add(time.Duration(i) * time.Minute), ring: time.Second, talk: 10 * time.Second}
		s.call++
		if i%2 == 0 {
			s.life(s.newLeg(p, pbx, operator, "+33145670000", fmt.Sprintf("+336120000%02d", i)), p, 0)
		} else {
			s.life(s.newLeg(p, operator, pbx, fmt.Sprintf("+336120000%02d", i), "+33145670000"), p, 0)
		}
	}
	var last *Verdict
	for _, ev := range s.sorted() {
		last = e.Observe(ev).Verdict
	}
	if last.Direction != Inbound || last.Trunk != "trunk-1" {
		t.Errorf("got %s by %q for the last call, from the operator; want inbound by trunk-1", last.Direction, last.Trunk)
	}
	if !e.roles.isPBX(pbx.Addr()) || !e.roles.isTrunk(operator.Addr()) {
		t.Errorf("got PBX %v, trunks %v; want %s and %s", e.roles.pbx, e.roles.trunks, pbx, operator)
	}
}
