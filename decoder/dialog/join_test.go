package dialog

import (
	"fmt"
	"strings"
	"testing"

	"tollwatch/decoder/call"
)

// callOf is the call that the leg with a Call-ID belongs to.
func (s *story) callOf(callID string) call.ID { return s.last(callID).Call }

// TestJoin: A calls through the PBX P, which calls the trunk T.
func TestJoin(t *testing.T) {
	for _, c := range []struct {
		name, script string
		joined       bool
	}{
		{"same number", "0 A>P INVITE user=0123456789\n 0.1 P>T INVITE id=c2 user=0123456789", true},
		{"outside line", "0 A>P INVITE user=900123456789\n 0.1 P>T INVITE id=c2 user=00123456789", true},
		{"country code", "0 A>P INVITE user=0612345678\n 0.1 P>T INVITE id=c2 user=%2B33612345678", true},
		{"internal", "0 A>P INVITE user=102\n 0.1 P>T INVITE id=c2 user=102", true},
		{"same sess-id", "0 A>P INVITE user=600 sdp=4000 sess=778899\n 0.1 P>T INVITE id=c2 user=102 sdp=5000 sess=778899", true},
		{"header", "0 A>P INVITE user=600\n 0.1 P>T INVITE id=c2 user=102 h:X-CID=c1", true},
		{"derived Call-ID", "0 A>P INVITE user=600\n 0.1 P>T INVITE id=c1_b2b-1 user=102", true},
		{"answered just now", "0 A>P INVITE\n 1 P>A 200\n 4 P>T INVITE id=c2", true},
		{"answered a while ago", "0 A>P INVITE\n 1 P>A 200\n 6 P>T INVITE id=c2", false},
		{"ringing for long", "0 A>P INVITE\n 1 P>A 180\n 30 P>T INVITE id=c2", true},
		{"ended", "0 A>P INVITE\n 1 P>A 486\n 1.1 P>T INVITE id=c2", false},
		{"other number", "0 A>P INVITE user=0123456789\n 0.1 P>T INVITE id=c2 user=0123456780", false},
		{"short numbers that end alike", "0 A>P INVITE user=1102\n 0.1 P>T INVITE id=c2 user=102", false},
		{"another box", "0 A>P INVITE\n 0.1 Q>T INVITE id=c2", false},
		{"the same caller again", "0 A>P INVITE\n 0.1 A>P INVITE id=c2", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, c.script)
			id := "c2"
			if strings.Contains(c.script, "b2b") {
				id = "c1_b2b-1"
			}
			if got := s.callOf("c1") == s.callOf(id); got != c.joined {
				t.Errorf("joined: got %v, want %v", got, c.joined)
			}
		})
	}
}

// TestJoinInbound: the number from outside leads to an extension; the caller is
// what the two legs have in common. A call to the outside is never joined by
// its caller: it may be a forward, which is a call that costs money.
func TestJoinInbound(t *testing.T) {
	s := play(t, `
		0   T>P INVITE id=a1 user=+33199001215 by=+33261913683
		0.1 T>P INVITE id=a2 user=+33199001216 by=+33261919315
		0.2 P>A INVITE id=b1 user=215 by=0261913683
		0.3 P>B INVITE id=b2 user=216 by=+33261919315
		0.4 P>T INVITE id=b3 user=0022710000089 by=+33261919315`)
	if s.callOf("b1") != s.callOf("a1") || s.callOf("b2") != s.callOf("a2") {
		t.Errorf("got calls %d and %d, want %d and %d", s.callOf("b1"), s.callOf("b2"), s.callOf("a1"), s.callOf("a2"))
	}
	if s.callOf("b3") == s.callOf("a2") {
		t.Error("a call to the outside was joined by its caller")
	}
}

// TestJoinPicks: the right one of several, or none.
func TestJoinPicks(t *testing.T) {
	s := play(t, `
		0   A>P INVITE id=a1 by=101
		0.1 B>P INVITE id=a2 by=102
		0.2 P>T INVITE id=b1 by=102     # its caller decides
		0.3 P>T INVITE id=b2 by=0987654 # the one that is left
		0.4 P>T INVITE id=b3 by=0987654 # both have their next leg
		0.5 P>U INVITE id=b4 by=101     # a second try, by its caller`)
	for _, c := range [][2]string{{"b1", "a2"}, {"b2", "a1"}, {"b4", "a1"}} {
		if s.callOf(c[0]) != s.callOf(c[1]) {
			t.Errorf("%s: got call %d, want that of %s, %d", c[0], s.callOf(c[0]), c[1], s.callOf(c[1]))
		}
	}
	if got := s.callOf("b3"); got == s.callOf("a1") || got == s.callOf("a2") {
		t.Errorf("b3: got call %d, want one of its own", got)
	}
	s = play(t, `
		0   A>P INVITE id=a1
		0.1 B>P INVITE id=a2
		0.2 P>T INVITE id=b1 by=9
		0.3 P>T INVITE id=b2 by=9`)
	if s.callOf("b1") != s.callOf("a1") || s.callOf("b2") != s.callOf("a2") {
		t.Error("calls in order: got others, want b1 with a1, b2 with a2")
	}
}

// TestJoinInABurst: sixty calls in one second, to numbers that differ.
func TestJoinInABurst(t *testing.T) {
	s := newStory(t, DefaultConfig())
	for i := range 60 {
		s.play(fmt.Sprintf("%f A>P INVITE id=a%d user=0012345%05d by=%d", float64(i)/100, i, i, 100+i%4))
	}
	for i := range 60 {
		s.play(fmt.Sprintf("%f P>T INVITE id=b%d user=+12345%05d by=0987654", 0.7+float64(i)/100, i, i))
	}
	for i := range 60 {
		if a, b := s.callOf(fmt.Sprint("a", i)), s.callOf(fmt.Sprint("b", i)); a != b {
			t.Errorf("call %d: got legs of calls %d and %d, want one", i, a, b)
		}
	}
	s.flush()
	if len(s.tr.index) != 0 {
		t.Errorf("index: got %d keys left, want none", len(s.tr.index))
	}
}
