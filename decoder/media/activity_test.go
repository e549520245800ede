package media

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/call"
)

// announceSides makes a leg of which alice is the caller and bob the callee.
func (x *tap) announceSides(leg call.LegID) {
	x.Announce(Endpoint{Addr: alice, Call: call.ID(leg), Leg: leg, Caller: true, Audio: true, Codecs: codecs}, x.now)
	x.Announce(Endpoint{Addr: bob, Call: call.ID(leg), Leg: leg, Audio: true, Codecs: codecs}, x.now)
}

// TestSides: who sent, wherever it was seen to come from. One-way audio is a
// side that never did.
func TestSides(t *testing.T) {
	nat := netipPort("198.51.100.7:61000")
	for _, c := range []struct {
		name           string
		src, dst       netip.AddrPort
		caller, callee bool
	}{
		{"the caller", alice, bob, true, false},
		{"the callee", bob, alice, false, true},
		{"the caller, from behind NAT", nat, bob, true, false},
		{"the callee, to behind NAT", bob, nat, false, true},
		{"the callee, from behind NAT", nat, alice, false, true},
	} {
		x := newTap(t, DefaultConfig())
		x.announceSides(1)
		x.talk(c.src, c.dst, 1, 0, 9)
		first := epoch.Add(20 * time.Millisecond)
		for round, want := range []time.Time{first, epoch.Add(400 * time.Millisecond)} { // the first report of a side is of its first packet
			got := x.Activity(nil)
			expected := Activity{Leg: 1, Last: x.now}
			if c.caller {
				expected.Caller = want
			}
			if c.callee {
				expected.Callee = want
			}
			if d := cmp.Diff([]Activity{expected}, got); d != "" {
				t.Errorf("%s, report %d: %s", c.name, round, d)
			}
			x.talk(c.src, c.dst, 1, 10, 19)
		}
		if s := x.only(); s.Leg != 1 {
			t.Errorf("%s: got leg %d, want 1", c.name, s.Leg)
		}
	}
}

// TestDigitsAreReported: each key once, in the report after it was pressed.
func TestDigitsAreReported(t *testing.T) {
	x := newTap(t, DefaultConfig())
	count := func() (n int) {
		for _, a := range x.Activity(nil) {
			n += a.Digits
		}
		return n
	}
	x.talk(alice, bob, 1, 0, 9)
	x.digit(alice, bob, 1, 10, 3) // before its SDP
	if got := count(); got != 0 {
		t.Errorf("before the SDP: got %d digits, want none", got)
	}
	x.announceSides(1)
	x.talk(alice, bob, 1, 15, 20)
	if got := count(); got != 1 {
		t.Errorf("got %d digits, want the one before the SDP", got)
	}
	x.digit(alice, bob, 1, 21, 4)
	x.digit(bob, alice, 2, 0, 5)
	if got := count(); got != 2 {
		t.Errorf("got %d digits, want 2", got)
	}
	if x.talk(alice, bob, 1, 26, 30); count() != 0 {
		t.Error("a digit was reported twice")
	}
}
