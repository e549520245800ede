package detect

import (
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// listed is a binding of the site's account at its operator; without src it is
// one that the PBX did not ask for.
func (s *script) listed(at time.Time, contact string, src netip.AddrPort, change call.BindingChange) {
	s.events = append(s.events, call.Event{Kind: call.EventBinding, Time: at, Registration: &call.Registration{
		AoR: "33145670000@operator.example", User: "33145670000", Contact: contact, Src: src, Dst: trunkAddr, Change: change, Expires: time.Hour,
	}})
}

// TestTrunkBinding: whose binding at the operator wakes somebody, and whose does not.
func TestTrunkBinding(t *testing.T) {
	const own = "sip:33145670000@192.168.1.10:5060"
	nobody := netip.AddrPort{}
	for _, c := range []struct {
		name   string
		want   Level
		listed []string // by others, before the PBX's own
		beside []string // after it
	}{
		{"a thief", Major, nil, []string{"sip:33145670000@198.51.100.77:5060"}},
		{"a thief, listed first", Major, []string{"sip:33145670000@198.51.100.77"}, nil},
		{"a thief with a name", Major, nil, []string{"sip:33145670000@dyn.thief.example;transport=tcp"}},
		{"a thief by IPv6", Major, nil, []string{"sip:33145670000@[2001:db8::7]:5060"}},
		{"a private address of somebody", Watch, nil, []string{"sip:33145670000@10.9.8.7:5060"}},
		{"the PBX's own from before its restart", 0, []string{"sip:s@192.168.1.10:5062"}, []string{own + ";line=7"}},
		{"the operator's box", 0, nil, []string{"sip:33145670000@203.0.113.5:5060"}},
		{"nothing else", 0, nil, nil},
	} {
		s := &script{}
		s.officeDays(monday, 2, 1)
		at := monday.AddDate(0, 0, 2)
		for _, contact := range c.listed {
			s.listed(at, contact, nobody, call.BindingNew)
		}
		s.listed(at, own, pbxAddr, call.BindingNew)
		for _, contact := range c.beside {
			s.listed(at.Add(time.Second), contact, nobody, call.BindingNew)
		}
		most, scheme := Level(0), Scheme(0)
		for _, a := range play(newEngine(t), s.sorted(), at.Add(time.Hour)) {
			most, scheme = max(most, a.Level), a.Scheme
		}
		if most != c.want || c.want > 0 && scheme != TrunkTrouble {
			t.Errorf("%s: got %q %q, want %q", c.name, most, scheme, c.want)
		}
	}
}

// TestTrunkBindingGoesOn: while the thief is listed the incident stays open; it
// closes when his binding is gone.
func TestTrunkBindingGoesOn(t *testing.T) {
	s := &script{}
	s.listed(monday, "sip:33145670000@192.168.1.10", pbxAddr, call.BindingNew)
	s.listed(monday, "sip:33145670000@198.51.100.77", netip.AddrPort{}, call.BindingNew)
	for i := range 6 {
		s.listed(monday.Add(time.Duration(i)*20*time.Minute), "sip:33145670000@192.168.1.10", pbxAddr, call.BindingRefreshed)
	}
	gone := monday.Add(105 * time.Minute)
	s.listed(gone, "sip:33145670000@198.51.100.77", netip.AddrPort{}, call.BindingExpired)
	s.listed(gone.Add(time.Minute), "sip:33145670000@192.168.1.10", pbxAddr, call.BindingRefreshed)
	closed := 0
	for _, a := range play(newEngine(t), s.sorted(), gone.Add(2*time.Hour)) {
		if a.Event == Closed {
			closed++
			if after := a.Time.Sub(monday); after != 130*time.Minute {
				t.Errorf("got it closed after %v, want half an hour after the last listing at 100 minutes", after)
			}
		}
	}
	if closed != 1 {
		t.Errorf("got %d closed incidents, want 1", closed)
	}
}

// TestOwnHostsSurvive: an address that the PBX had before a restart of the sensor
// is its own after it.
func TestOwnHostsSurvive(t *testing.T) {
	s := &script{}
	s.listed(monday, "sip:33145670000@192.0.2.10", pbxAddr, call.BindingNew)
	before := newEngine(t)
	play(before, s.sorted(), time.Time{})
	after := newEngine(t)
	if err := after.LoadState(before.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	s = &script{}
	s.listed(monday.Add(time.Hour), "sip:33145670000@192.0.2.10", netip.AddrPort{}, call.BindingNew)
	s.listed(monday.Add(time.Hour), "sip:33145670000@192.0.2.20", pbxAddr, call.BindingNew)
	if alerts := play(after, s.sorted(), time.Time{}); len(alerts) > 0 {
		t.Errorf("got %+v, want no alert", alerts[0])
	}
}
