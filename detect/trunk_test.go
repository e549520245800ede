package detect

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// hop is one leg of a call's way, as its INVITE names it.
type hop struct {
	src, dst   netip.AddrPort
	from, to   string
	host       string // of the Request-URI; empty: the address of dst
	login      string // user of the credentials
	fromDomain string
}

// route plays one answered call along the hops and returns the verdict of its
// last leg's end.
func route(e *Engine, s *script, at time.Time, hops ...hop) Verdict {
	s.call++
	s.events = s.events[:0]
	p := plot{at: at, ring: time.Second, talk: 20 * time.Second}
	for i, h := range hops {
		l := s.newLeg(p, h.src, h.dst, h.from, h.to)
		l.AuthUser = h.login
		if h.host != "" {
			l.Request.Host = h.host
		}
		if h.fromDomain != "" {
			l.From.Host = h.fromDomain
		}
		s.life(l, p, time.Duration(i)*20*time.Millisecond)
	}
	var last Verdict
	for _, ev := range s.sorted() {
		last = *e.Observe(ev).Verdict
	}
	return last
}

func logIn(e *Engine, user string, src, dst netip.AddrPort) {
	e.Observe(call.Event{Kind: call.EventBinding, Time: monday, Registration: &call.Registration{
		User: user, Src: src, Dst: dst, Change: call.BindingNew}})
}

func outward(v Verdict) string {
	return fmt.Sprintf("%s by %q to %s from %q", v.Direction, v.Trunk, v.Number.E164, v.Extension)
}

var boxAddr = netip.MustParseAddrPort("192.168.1.1:5060")

// TestOperatorsBoxInTheHouse: the PBX logs in at a private address before any
// telephone logs in at the PBX, so that the box looks like a PBX at first.
func TestOperatorsBoxInTheHouse(t *testing.T) {
	e, s := newEngine(t), &script{}
	logIn(e, "company", pbxAddr, boxAddr)
	if !e.roles.isPBX(boxAddr.Addr()) {
		t.Fatal("nothing else was known: the registrar should pass for a PBX")
	}
	logIn(e, "204", phoneAddr(204), pbxAddr)
	got := route(e, s, monday, hop{src: phoneAddr(204), dst: pbxAddr, from: "204", to: "00612345678"},
		hop{src: pbxAddr, dst: boxAddr, from: "+33145670000", to: "0612345678"})
	if want := `outbound by "trunk-1" to +33612345678 from "204"`; outward(got) != want {
		t.Errorf("got %s, want %s", outward(got), want)
	}
	logIn(e, "company", pbxAddr, boxAddr)
	if e.roles.isPBX(boxAddr.Addr()) || e.roles.isPhone(pbxAddr.Addr()) || !e.roles.isPBX(pbxAddr.Addr()) {
		t.Errorf("got PBX %v after all, want %s alone", e.roles.pbx, pbxAddr)
	}
	got = route(e, s, monday.Add(time.Hour), hop{src: boxAddr, dst: pbxAddr, from: "+33612345678", to: "+33145670000"},
		hop{src: pbxAddr, dst: phoneAddr(204), from: "+33612345678", to: "204"})
	if got.Direction != Inbound || got.Trunk != "trunk-1" {
		t.Errorf("got %s, want the call in by trunk-1", outward(got))
	}
}

// TestTwoOperatorsAtOneAddress: domain or account tells them apart, and a
// failover host of one does not make another.
func TestTwoOperatorsAtOneAddress(t *testing.T) {
	for _, c := range []struct {
		name string
		hops []hop // of the leg to the trunk, by call
		want []string
	}{
		{"by domain", []hop{{host: "sip.alpha.example"}, {host: "voice.beta.example"}, {host: "backup.alpha.example"}, {host: "voice.beta.example"}},
			[]string{"trunk-1", "trunk-2", "trunk-1", "trunk-2"}},
		{"by account", []hop{{login: "a100"}, {login: "b200"}, {login: "a100"}, {login: "b200"}},
			[]string{"trunk-1", "trunk-2", "trunk-1", "trunk-2"}},
		{"one operator, named by its address", []hop{{}, {host: "203.0.113.5"}, {}},
			[]string{"trunk-1", "trunk-1", "trunk-1"}},
		{"one operator, telephones' credentials passed on", []hop{{login: "204"}, {login: "205"}, {login: "206"}},
			[]string{"trunk-1", "trunk-1", "trunk-1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, s := newEngine(t), &script{}
			for i, h := range c.hops {
				phone := 204 + i
				logIn(e, fmt.Sprint(phone), phoneAddr(phone), pbxAddr)
				h.src, h.dst, h.from, h.to = pbxAddr, trunkAddr, "+33145670000", fmt.Sprintf("+336123456%02d", i)
				got := route(e, s, monday.Add(time.Duration(i)*time.Minute),
					hop{src: phoneAddr(phone), dst: pbxAddr, from: fmt.Sprint(phone), to: "00" + h.to[3:], login: fmt.Sprint(phone)}, h)
				if got.Trunk != c.want[i] {
					t.Errorf("call %d %+v: got %s, want %s", i, h, outward(got), c.want[i])
				}
			}
		})
	}
}

// TestSBC: the PBX's leg goes to a session border controller, in its own box or
// in the house; the trunk is behind it, and its number counts.
func TestSBC(t *testing.T) {
	inside := netip.MustParseAddrPort("192.168.1.20:5060")
	for _, c := range []struct {
		name string
		sbc  netip.AddrPort
	}{{"in one box", netip.AddrPortFrom(pbxAddr.Addr(), 5080)}, {"in the house", inside}} {
		t.Run(c.name, func(t *testing.T) {
			e, s := newEngine(t), &script{}
			for i := range 2 {
				got := route(e, s, monday.Add(time.Duration(i)*time.Minute),
					hop{src: phoneAddr(204), dst: pbxAddr, from: "204", to: "00612345678"},
					hop{src: pbxAddr, dst: c.sbc, from: "204", to: "0612345678"},
					hop{src: c.sbc, dst: trunkAddr, from: "+33145670000", to: "+33612345678"})
				if want := `outbound by "trunk-1" to +33612345678 from "204"`; outward(got) != want {
					t.Errorf("call %d: got %s, want %s", i, outward(got), want)
				}
			}
			if !e.roles.isTrunk(trunkAddr.Addr()) || e.roles.isTrunk(c.sbc.Addr()) || len(e.roles.trunks) != 1 {
				t.Errorf("got trunks %+v, want %s alone", e.roles.trunks, trunkAddr)
			}
		})
	}
}

// TestTrunkOfARegistration: on the trunk alone, a login that was accepted says
// who the operator is at the first call that is answered.
func TestTrunkOfARegistration(t *testing.T) {
	e, s := newEngine(t), &script{}
	logIn(e, "company", pbxAddr, trunkAddr)
	got := route(e, s, monday, hop{src: pbxAddr, dst: trunkAddr, from: "company", to: "0145670001"})
	if got.Trunk != "trunk-1" || got.Direction != Outbound {
		t.Errorf("got %s, want outbound by trunk-1", outward(got))
	}
}

// TestTrunksSurvive: names, domains and accounts come back with the state.
func TestTrunksSurvive(t *testing.T) {
	e, s := newEngine(t), &script{}
	dial := func(e *Engine, host string) string {
		return route(e, s, monday.Add(time.Hour), hop{src: phoneAddr(204), dst: pbxAddr, from: "204", to: "00612345678"},
			hop{src: pbxAddr, dst: trunkAddr, from: "+33145670000", to: "+33612345678", host: host}).Trunk
	}
	dial(e, "sip.alpha.example")
	dial(e, "voice.beta.example")
	again := newEngine(t)
	if err := again.LoadState(e.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	if got := dial(again, "voice.beta.example") + " " + dial(again, "sip.alpha.example"); got != "trunk-2 trunk-1" {
		t.Errorf("got %s after a restart, want trunk-2 trunk-1", got)
	}
}
