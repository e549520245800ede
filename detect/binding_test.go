package detect

import (
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// Telephones outside, and what they say they are.
var (
	home   = netip.MustParseAddrPort("198.51.100.77:5060")
	hotel  = netip.MustParseAddrPort("203.0.114.9:5060")
	abroad = netip.MustParseAddrPort("192.0.2.200:5060")
)

const (
	desk  = "Desk/1.0"
	other = "Soft/9.9"
)

// registers is a binding of an extension from an address.
func (s *script) registers(at time.Time, extension string, from netip.AddrPort, agent string, change call.BindingChange) {
	s.events = append(s.events, call.Event{Kind: call.EventBinding, Time: at, Registration: &call.Registration{
		AoR: extension + "@office.example", User: extension, AuthUser: extension, Contact: "sip:" + extension + "@" + from.String() + ";transport=udp",
		Src: from, Dst: pbxAddr, UserAgent: agent, Change: change, Expires: time.Hour,
	}})
}

// TestRegistration: which registration is told of, five days after the extension
// first registered from its desk, and at which level. None wakes anybody.
func TestRegistration(t *testing.T) {
	const later = 5 * 24 * time.Hour
	noon, night := monday.Add(later+12*time.Hour), monday.Add(later+23*time.Hour)
	for _, c := range []struct {
		name string
		want Level
		tell func(s *script)
	}{
		{"a thief beside the desk", Watch, func(s *script) { s.registers(noon, "204", home, desk, call.BindingNew) }},
		{"a thief at night, with another telephone", Watch, func(s *script) { s.registers(night, "204", home, other, call.BindingNew) }},
		{"the desk's telephone was taken along", 0, func(s *script) {
			s.registers(noon, "204", phoneAddr(204), desk, call.BindingRemoved)
			s.registers(noon.Add(time.Hour), "204", home, desk, call.BindingNew)
		}},
		{"a new telephone at the desk", 0, func(s *script) { s.registers(noon, "204", phoneAddr(204), other, call.BindingNew) }},
		{"another room of the house", 0, func(s *script) {
			s.registers(noon, "204", netip.MustParseAddrPort("192.168.9.4:5060"), other, call.BindingNew)
		}},
		{"a new extension, at home", 0, func(s *script) { s.registers(noon, "299", home, other, call.BindingNew) }},
		{"the desk refreshes", 0, func(s *script) { s.registers(noon, "204", phoneAddr(204), desk, call.BindingRefreshed) }},
		{"a password that is wrong", 0, func(s *script) { s.registers(noon, "204", home, other, call.BindingRefused) }},
		{"the site moves", 0, func(s *script) {
			for i, extension := range []string{"201", "202", "203", "204"} {
				s.registers(noon, extension, phoneAddr(201+i), desk, call.BindingExpired)
				s.registers(noon.Add(time.Minute), extension, netip.AddrPortFrom(home.Addr(), 5061+uint16(i)), desk, call.BindingNew)
			}
		}},
		{"a worker known from home and a hotel, in a third place", 0, func(s *script) {
			s.registers(monday, "204", home, desk, call.BindingNew)
			s.registers(monday, "204", hotel, desk, call.BindingNew)
			s.registers(noon, "204", abroad, desk, call.BindingNew)
		}},
	} {
		s := &script{}
		for i, extension := range []string{"201", "202", "203", "204", "205"} {
			s.registers(monday, extension, phoneAddr(201+i), desk, call.BindingNew)
		}
		c.tell(s)
		most, scheme := Level(0), AccountTakeover
		for _, a := range play(newEngine(t), s.sorted(), night.Add(time.Hour)) {
			most, scheme = max(most, a.Level), a.Scheme
		}
		if most != c.want || scheme != AccountTakeover {
			t.Errorf("%s: got %q %q, want %q", c.name, most, scheme, c.want)
		}
	}
}

// stolenAccount is three weeks of an office whose extension 204 then registers
// outside, and calls the Cayman Islands from there.
func stolenAccount(calls int) (*script, time.Time) {
	s, at := afterTwoWeeks(bothLegs, 5)
	s.registers(monday, "204", phoneAddr(204), desk, call.BindingNew)
	s.registers(at, "204", home, desk, call.BindingNew)
	for i := range calls {
		s.from(at.Add(time.Duration(30+i)*time.Minute), home, "204", stolenNumbers[0])
	}
	return s, at
}

// from is an answered call of an extension from any address.
func (s *script) from(at time.Time, src netip.AddrPort, extension, number string) {
	s.call++
	p := plot{at: at, ring: 3 * time.Second, talk: 40 * time.Second}
	in := s.newLeg(p, src, pbxAddr, extension, outside(number))
	in.AuthUser, in.Credentials = extension, true
	s.life(in, p, 0)
	s.life(s.newLeg(p, pbxAddr, trunkAddr, "+33145670000", "+"+number), p, 20*time.Millisecond)
}

// TestHijacked: the second call of a stolen account wakes somebody, and says why.
// From the desk it would not.
func TestHijacked(t *testing.T) {
	s, at := stolenAccount(2)
	page, ok := firstPage(play(newEngine(t), s.sorted(), at.Add(2*time.Hour)))
	if !ok || page.Calls != 2 || pointsOf(page.Reasons, "hijacked") != 33 {
		t.Errorf("got a page %t at call %d with %+v, want one at the second call, 33 points for the stolen account", ok, page.Calls, page.Reasons)
	}
	s, at = afterTwoWeeks(bothLegs, 5)
	s.registers(monday, "204", phoneAddr(204), desk, call.BindingNew)
	for i := range 2 {
		s.from(at.Add(time.Duration(i)*time.Minute), phoneAddr(204), "204", stolenNumbers[0])
	}
	if page, ok := firstPage(play(newEngine(t), s.sorted(), at.Add(time.Hour))); ok {
		t.Errorf("got a page for the same calls from the desk: %+v", page.Reasons)
	}
}

func pointsOf(reasons []Reason, rule string) float64 {
	for _, r := range reasons {
		if r.Rule == rule {
			return r.Points
		}
	}
	return 0
}

// TestHijackedIsForgiven: what a person called normal adds nothing to calls.
func TestHijackedIsForgiven(t *testing.T) {
	s, at := stolenAccount(1)
	e := newEngine(t)
	told := false
	for _, ev := range s.sorted() {
		for _, a := range e.Observe(ev).Alerts {
			if a.Scheme == AccountTakeover && !told {
				told = true
				if _, err := e.Normal(a.Incident, "me", ev.Time); err != nil {
					t.Fatal(err)
				}
			}
			if p := pointsOf(a.Reasons, "hijacked"); p != 0 {
				t.Fatalf("got %v points after a person's word, want none", p)
			}
		}
	}
	if !told {
		t.Errorf("got no incident of the account by %s", at)
	}
}

// TestHijackSurvivesARestart: a restart between registration and call hides nothing.
func TestHijackSurvivesARestart(t *testing.T) {
	s, at := stolenAccount(2)
	first := newEngine(t)
	events := s.sorted()
	k := 0
	for ; events[k].Time.Before(at.Add(10 * time.Minute)); k++ {
		first.Observe(events[k])
	}
	second := newEngine(t)
	if err := second.LoadState(first.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	page, ok := firstPage(play(second, events[k:], at.Add(2*time.Hour)))
	if !ok || pointsOf(page.Reasons, "hijacked") != 33 {
		t.Errorf("got a page %t with %+v, want 33 points for the stolen account", ok, page.Reasons)
	}
}

// TestKnownForThreeDays: a network is known once it is three days old, and not
// while it is part of an incident.
func TestKnownForThreeDays(t *testing.T) {
	var x telephones
	from := block(home.Addr())
	x.news(block(phoneAddr(204).Addr()), 1, 10)
	if s := x.news(from, 1, 12); s.NewNetwork {
		t.Error("got a new network two days after the extension's first, want nothing known yet")
	}
	if s := x.news(block(hotel.Addr()), 1, 13); !s.NewNetwork || !s.OnlyHouse {
		t.Errorf("got %+v on the third day, want a new network beside the house", s)
	}
	b := newBindings()
	*put(b.table, "204") = x
	b.distrust("204", 14)
	y := b.table.Get("204")
	if n := y.networks[1]; n.known(16) || !n.known(17) {
		t.Errorf("got %+v, want it known three days after the incident", n)
	}
}

// TestBindingsAllocateNothing: refreshes come every hour from each telephone.
func TestBindingsAllocateNothing(t *testing.T) {
	s := &script{}
	s.registers(monday, "204", phoneAddr(204), desk, call.BindingRefreshed)
	e := newEngine(t)
	e.Observe(s.events[0])
	if n := testing.AllocsPerRun(1000, func() { e.Observe(s.events[0]) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
