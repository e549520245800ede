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

// together and apart say which legs must be of one call, and which of none that
// another leg is of.
func (s *story) together(a, b string) {
	s.t.Helper()
	if s.callOf(a) != s.callOf(b) {
		s.t.Errorf("%s and %s: got calls %d and %d, want one", a, b, s.callOf(a)&0xff, s.callOf(b)&0xff)
	}
}

func (s *story) apart(ids ...string) {
	s.t.Helper()
	for i, a := range ids {
		for _, b := range ids[:i] {
			if s.callOf(a) == s.callOf(b) {
				s.t.Errorf("%s and %s: got one call, want two", b, a)
			}
		}
	}
}

// TestJoinPicks: the right one of several, or none until evidence decides.
func TestJoinPicks(t *testing.T) {
	s := play(t, `
		0   A>P INVITE id=a1 by=101
		0.1 B>P INVITE id=a2 by=102
		0.2 P>T INVITE id=b1 by=102     # its caller decides
		0.3 P>T INVITE id=b2 by=0987654 # the one that is left
		0.4 P>T INVITE id=b3 by=0987654 # both have their next leg`)
	s.together("b1", "a2")
	s.together("b2", "a1")
	s.apart("a1", "a2", "b3")
	s.play("0.5 T>P 503 id=b2\n 0.6 P>U INVITE id=b4 by=101 # another try, when the first has failed")
	s.together("b4", "a1")
}

// TestJoinInStep: two calls to one number at the same time. Which leg belongs to
// which is seen when they ring, or are answered.
func TestJoinInStep(t *testing.T) {
	const calls = `
		0     A>P INVITE id=a1
		0.001 B>P INVITE id=a2
		0.012 P>T INVITE id=b1 by=9
		0.013 P>T INVITE id=b2 by=9
	`
	s := play(t, calls)
	s.apart("a1", "a2", "b1", "b2")
	s.play("1 T>P 180 id=b2\n 1.002 P>B 180 id=a2")
	s.together("a2", "b2")
	s.apart("a1", "a2", "b1")
	s.play("1.5 tick")
	s.together("a1", "b1") // what is left
	s.apart("a1", "a2")

	s = play(t, calls+`
		1     T>P 180 id=b1
		1.001 T>P 180 id=b2
		1.002 P>A 180 id=a1
		1.003 P>B 180 id=a2`)
	s.apart("a1", "a2", "b1", "b2")
	s.play("4 T>P 200 id=b2\n 4.004 P>B 200 id=a2")
	s.together("a2", "b2")

	s = play(t, calls+"0.5 T>P 486 id=b1\n 0.6 T>P 486 id=b2")
	s.apart("a1", "a2", "b1", "b2")

	s = play(t, calls+"1 T>P 180 id=b1\n 1.1 P>A 180 id=a1 # a B2BUA is faster")
	s.apart("a1", "a2", "b1", "b2")
}

// TestJoinAsTheyRang: who rang at another time is not joined for being answered at
// the same.
func TestJoinAsTheyRang(t *testing.T) {
	s := play(t, `
		0     A>P INVITE id=a1
		0.001 B>P INVITE id=a2
		0.012 P>T INVITE id=b1 by=9
		0.013 P>T INVITE id=b2 by=9
		1     T>P 180 id=b1
		1.5   P>B 180 id=a2
		4     T>P 200 id=b1
		4.001 P>B 200 id=a2`)
	s.apart("a1", "a2", "b1", "b2")
}

// TestJoinWhatIsLeft: one of two candidates ends alone. It may be the one whose
// next leg was seen, so that the other is not joined for want of another.
func TestJoinWhatIsLeft(t *testing.T) {
	s := play(t, `
		0     A>P INVITE id=a1
		0.001 B>P INVITE id=a2
		0.012 P>T INVITE id=b1 by=9
		0.2   P>A 503 id=a1
		2     tick`)
	s.apart("a1", "a2", "b1")
	s.play("3 T>P 180 id=b1\n 3.001 P>B 180 id=a2")
	s.together("a2", "b1")
}

// TestJoinStays: a leg that ended and is answered all the same, or is tried again
// with the same Call-ID, stays in its call.
func TestJoinStays(t *testing.T) {
	const joined = "0 A>P INVITE id=a1\n 0.01 P>T INVITE id=b1\n"
	s := play(t, joined+"1 T>P 486 id=b1\n 2 T>P 200 id=b1")
	s.together("a1", "b1")
	s.play("2 P>T INVITE id=b2")
	s.apart("a1", "b2") // it has its next leg again
	s = play(t, joined+"1 T>P 302 id=b1 h:Contact=<sip:5@x>\n 2 P>T INVITE id=b1 cseq=2 user=5")
	s.together("a1", "b1")
}

// TestJoinIsOneEvent: a leg that joins late is reported once, under the older
// call, and whatever else joined it before goes with it.
func TestJoinIsOneEvent(t *testing.T) {
	s := play(t, `
		0     A>P INVITE id=a1
		0.001 B>P INVITE id=a2
		0.012 P>Q INVITE id=b1 by=9
		0.013 P>Q INVITE id=b2 by=9
		0.014 Q>T INVITE id=c1 h:X-CID=b1`)
	s.together("b1", "c1")
	s.events = nil
	s.play("1 Q>P 180 id=b1\n 1.002 P>A 180 id=a1")
	s.together("a1", "b1")
	joined := 0
	for _, e := range s.events {
		if e.Kind == call.EventJoined {
			joined++
			if e.Leg.CallID == "a1" || e.Former == e.Leg.Call {
				t.Errorf("joined: got %s from call %d to %d, want the legs of the younger call", e.Leg.CallID, e.Former, e.Leg.Call)
			}
		}
	}
	if s.together("b1", "c1"); joined != 2 {
		t.Errorf("got %d legs joined, want b1 and c1", joined)
	}
}

// TestJoinOutOfSight: the first INVITE of a leg is lost, or comes from a port
// that is mirrored faster.
func TestJoinOutOfSight(t *testing.T) {
	for _, c := range []struct {
		name, script string
		joined       bool
	}{
		{"later leg captured first", "0 P>T INVITE id=b1\n 0.05 A>P INVITE id=a1\n 0.3 T>P 180 id=b1\n 0.302 P>A 180 id=a1", true},
		{"later leg captured first, no ringing", "0 P>T INVITE id=b1\n 0.05 A>P INVITE id=a1\n 2 tick", true},
		{"later leg captured first, refused", "0 P>T INVITE id=b1\n 0.05 A>P INVITE id=a1\n 0.2 T>P 486 id=b1", true},
		{"much earlier", "0 P>T INVITE id=b1\n 0.5 A>P INVITE id=a1\n 2 tick", false},
		{"INVITE of the later leg lost", "0 A>P INVITE id=a1\n 1 T>P 180 id=b1\n 1.002 P>A 180 id=a1", true},
		{"INVITE of the earlier leg lost", "0 P>T INVITE id=b1\n 1 T>P 180 id=b1\n 1.002 P>A 180 id=a1", true},
		{"both INVITEs lost", "1 T>P 180 id=b1\n 1.002 P>A 180 id=a1", true},
		{"both INVITEs and an 180 lost", "1 T>P 180 id=b1\n 9 T>P 200 id=b1\n 9.004 P>A 200 id=a1", true},
		{"INVITE of the later leg lost, all out of step", "0 A>P INVITE id=a1\n 0.5 T>P 180 id=b1\n 0.9 P>A 180 id=a1\n 1 P>T PRACK id=b1 cseq=2\n 3 tick", true},
		{"an answer from nowhere", "0 A>P INVITE id=a1\n 0.5 E>P 180 id=b1\n 3 tick", false},
		{"a call that waits for credentials made none", "0 A>P INVITE id=a1\n 0.001 P>A 401 id=a1\n 0.1 P>T INVITE id=b1\n 2 tick", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, c.script)
			if s.flush(); (s.callOf("a1") == s.callOf("b1")) != c.joined {
				t.Errorf("joined: got %v, want %v", !c.joined, c.joined)
			}
		})
	}
}

// TestJoinRewritten: where the dial plan leaves nothing of the number, the legs
// ring and are answered in step, and no others do.
func TestJoinRewritten(t *testing.T) {
	const call = "0 A>P INVITE id=a1 user=%s\n 0.1 P>T INVITE id=b1 user=%s by=9\n 1 T>P 180 id=b1\n 1.002 P>A 180 id=a1\n"
	const answered = "5 T>P 200 id=b1\n 5.004 P>A 200 id=a1\n"
	for _, c := range []struct {
		name, script string
		joined       bool
	}{
		{"speed dial", fmt.Sprintf(call, "*51", "+33123456789") + answered, true},
		{"number of a group", fmt.Sprintf(call, "+33123456789", "215") + answered, true},
		{"rings only", fmt.Sprintf(call, "*51", "+33123456789"), false},
		{"answered out of step", fmt.Sprintf(call, "*51", "+33123456789") + "5 T>P 200 id=b1\n 6 P>A 200 id=a1", false},
		{"a forward to the outside", fmt.Sprintf(call, "+33123456789", "+34987654321") + answered, false},
		{"another rings with it", fmt.Sprintf(call, "*51", "+33123456789") + "0.05 B>P INVITE id=x user=*52\n 1.004 P>B 180 id=x\n 5.001 P>B 200 id=x\n" + answered, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, c.script)
			if s.flush(); (s.callOf("a1") == s.callOf("b1")) != c.joined {
				t.Errorf("joined: got %v, want %v", !c.joined, c.joined)
			}
		})
	}
}

// TestJoinByMedia: a B2BUA that lets media pass by hands the descriptions on.
func TestJoinByMedia(t *testing.T) {
	const rewritten = "0 A>P INVITE id=a1 user=*51 sdp=4000\n"
	for _, c := range []struct {
		name, script string
		joined       bool
	}{
		{"same place", rewritten + "0.1 P>T INVITE id=b1 user=+33123456789 sdp=10.0.0.65:4000 sess=9", true},
		{"two addresses, both descriptions", rewritten + "0.1 Q>T INVITE id=b1 user=+33123456789 sdp=10.0.0.65:4000 sess=9\n" +
			"3 T>Q 200 id=b1 sdp=6000\n 3.01 P>A 200 id=a1 sdp=10.0.0.84:6000", true},
		{"two addresses, only the offer", rewritten + "0.1 Q>T INVITE id=b1 user=+33123456789 sdp=10.0.0.65:4000 sess=9\n" +
			"3 T>Q 200 id=b1 sdp=6000\n 3.01 P>A 200 id=a1 sdp=7000", false},
		{"a sess-id that says nothing", "0 A>P INVITE id=a1 user=*51 sdp=4000 sess=0\n 0.1 P>T INVITE id=b1 user=+33123456789 sdp=6000 sess=0", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, c.script)
			if s.flush(); (s.callOf("a1") == s.callOf("b1")) != c.joined {
				t.Errorf("joined: got %v, want %v", !c.joined, c.joined)
			}
		})
	}
}

// TestJoinOnNobodysWord: who is not where the earlier leg went joins nothing,
// whatever it says.
func TestJoinOnNobodysWord(t *testing.T) {
	s := play(t, `
		0    A>P INVITE id=a1 sdp=4000 sess=77777
		0.01 E>T INVITE id=e1 h:X-CID=a1
		0.02 E>T INVITE id=e2 sdp=10.0.0.65:4000 sess=77777
		0.03 E>T INVITE id=e3 h:Replaces=a1;to-tag=x;from-tag=a
		0.04 E>P INVITE id=e4 h:Replaces=a1;to-tag=x;from-tag=a
		0.05 E>T INVITE id=e5_b2b-1
		1    T>E 180 id=e1
		1    P>A 180 id=a1
		1.1  T>E 200 id=e1
		1.1  P>A 200 id=a1
		3    tick`)
	s.apart("a1", "e1", "e2", "e3", "e4", "e5_b2b-1")
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
	if n := indexed(s.tr); n != 0 {
		t.Errorf("index: got %d places taken, want none", n)
	}
}

// TestJoinInACrowd: others wait for their next leg, to the same number. Two legs
// ring at one moment, which among many is chance; a second moment decides.
func TestJoinInACrowd(t *testing.T) {
	const ringing = "2.100 T>P 180 id=b1\n 2.102 P>A 180 id=a1\n"
	for _, c := range []struct {
		name, script string
		others       int
		joined       bool
	}{
		{"one moment of few", "1.000 A>P INVITE id=a1\n 1.900 P>T INVITE id=b1\n" + ringing, 5, true},
		{"one moment of many", "1.000 A>P INVITE id=a1\n 1.900 P>T INVITE id=b1\n" + ringing, 40, false},
		{"called on at once", "1.000 A>P INVITE id=a1\n 1.012 P>T INVITE id=b1\n" + ringing, 40, true},
		{"the INVITE of the later leg lost", "1.000 A>P INVITE id=a1\n" + ringing, 40, false},
		{"answered at one moment too", "1.000 A>P INVITE id=a1\n" + ringing + "4 T>P 200 id=b1\n 4.003 P>A 200 id=a1", 40, true},
		{"answered apart", "1.000 A>P INVITE id=a1\n 1.012 P>T INVITE id=b1\n 4 T>P 200 id=b1\n 5 P>A 200 id=a1\n 5.1 tick", 5, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory(t, DefaultConfig())
			for i := range c.others {
				s.play(fmt.Sprintf("%f A>P INVITE id=x%d", float64(i)/100, i))
			}
			s.play(c.script)
			if got := s.callOf("a1") == s.callOf("b1"); got != c.joined {
				t.Errorf("joined: got %v, want %v", got, c.joined)
			}
		})
	}
}

// TestGivenUpInStep: a leg that the B2BUA cancels is of the call that was
// cancelled just before, unless they rang apart or that one had its next leg.
func TestGivenUpInStep(t *testing.T) {
	const calls = `
		0     A>P INVITE id=a1
		0.001 B>P INVITE id=a2
		0.012 P>T INVITE id=b1 by=9
		0.013 P>T INVITE id=b2 by=9
		1     T>P 180 id=b1
	`
	s := play(t, calls+"3 A>P CANCEL id=a1\n 3.003 P>T CANCEL id=b1")
	s.together("a1", "b1")
	s.apart("a1", "a2", "b2")
	s = play(t, calls+"1.3 P>A 180 id=a1\n 3 A>P CANCEL id=a1\n 3.003 P>T CANCEL id=b1")
	s.apart("a1", "a2", "b1", "b2")
	s = play(t, calls+"3 A>P CANCEL id=a1\n 3.003 P>T CANCEL id=b1\n 3.004 T>P 487 id=b1\n 3.006 P>T CANCEL id=b2")
	s.together("a1", "b1")
	s.apart("a1", "b2")
}
