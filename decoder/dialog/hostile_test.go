package dialog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// flood plays n INVITEs that differ where X stands, a thousand a second.
func (s *story) flood(way string, n int, options ...string) {
	s.t.Helper()
	text, meta := message(way, "INVITE", options)
	var places []int
	for i := range len(text) - 7 {
		if text[i:i+7] == "XXXXXXX" {
			places = append(places, i)
		}
	}
	b := []byte(text)
	var m sip.Message
	for i := range n {
		s.now = s.now.Add(time.Millisecond)
		meta.Time = s.now
		for _, at := range places {
			copy(b[at:], fmt.Sprintf("%07d", i))
		}
		if !sip.Parse(b, &m) {
			s.t.Fatal("not SIP")
		}
		for _, e := range s.tr.Observe(&m, meta) {
			if e.Kind == call.EventEnded && e.Leg.State == call.Answered {
				s.t.Fatalf("%s, a call in progress, gave way", e.Leg.CallID)
			}
		}
		s.tr.Released()
		s.tr.Endpoints()
	}
}

// TestAMillionHalfOpen: they take no more room than the table has, and the call
// in progress among them goes on. What they cost does not grow.
func TestAMillionHalfOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("a million messages: left out in short runs")
	}
	s := play(t, established)
	s.flood("E>B", 1_000_000, "id=XXXXXXX", "from=XXXXXXX", "sdp=4000")
	c := s.tr.Counters()
	if c.Live > s.tr.cfg.Legs || s.tr.firm.n != 1 || c.LegsEvicted < 900_000 {
		t.Errorf("got %d live, %d in progress, %d evicted; want %d at most, 1, more than 900000", c.Live, s.tr.firm.n, c.LegsEvicted, s.tr.cfg.Legs)
	}
	s.events = nil
	s.play("2000 A>B BYE cseq=2")
	s.wantLeg("c1", "answered 200 caller 1999 2000")
}

// TestManyForks: ten thousand forks of one INVITE are one leg, whoever makes
// them; with another From-tag each they are as many legs as one Call-ID may have.
func TestManyForks(t *testing.T) {
	s := play(t, established)
	s.flood("P>T", 10_000, "id=f1", "vias=2", "branch=XXXXXXX")
	if got := s.tr.Counters().Live; got != 2 {
		t.Errorf("forks of one INVITE: got %d legs, want 1 beside the call", got)
	}
	for i := range 1000 {
		s.play(fmt.Sprintf("20 T>P 180 id=f1 vias=2 branch=%07d to=t%d", i, i))
	}
	s.flood("E>B", 10_000, "id=c1", "from=XXXXXXX")
	n := 0
	for l := s.tr.legs["c1"]; l != nil; l = l.same {
		n++
	}
	if n != maxSame || s.tr.firm.n != 1 {
		t.Errorf("legs with one Call-ID: got %d, %d in progress; want %d, 1", n, s.tr.firm.n, maxSame)
	}
	s.events = nil
	s.play("40 A>B BYE cseq=2")
	s.wantLeg("c1", "answered 200 caller 39 40")
}

// TestForkedToManyInProgress: where all legs of a Call-ID are calls in progress,
// another is refused and counted.
func TestForkedToManyInProgress(t *testing.T) {
	s := newStory(t, DefaultConfig())
	for i := range maxSame + 3 {
		s.play(fmt.Sprintf("%d A>B INVITE from=f%d\n %d B>A 180 from=f%d\n %d B>A 200 from=f%d", i, i, i, i, i, i))
	}
	if c := s.tr.Counters(); c.Live != maxSame || c.LegsRefused != 9 {
		t.Errorf("got %d live, %d refused; want %d, and 9: the INVITE, 180 and 200 of three", c.Live, c.LegsRefused, maxSame)
	}
}

// TestHugeDescription: a thousand media lines give what a leg may have, and the
// rest is counted or passed over.
func TestHugeDescription(t *testing.T) {
	var body strings.Builder
	body.WriteString("v=0\r\no=- 1 1 IN IP4 10.0.0.65\r\ns=-\r\nc=IN IP4 10.0.0.65\r\nt=0 0\r\n")
	for i := range 1000 {
		fmt.Fprintf(&body, "m=audio %d RTP/AVP 0 8 101\r\n", 10000+2*i)
	}
	s := newStory(t, DefaultConfig())
	text, meta := message("A>B", "INVITE", nil)
	text = strings.Replace(text, "Content-Length: 0", fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d", body.Len()), 1) + body.String()
	meta.Time = epoch
	s.send(text, meta)
	s.play("1 B>A 180")
	if len(s.media) == 0 || len(s.media) > maxEndpoints {
		t.Errorf("endpoints: got %d, want 1 to %d", len(s.media), maxEndpoints)
	}
}

// TestLongCallIDs: of 60 kB only the beginning is kept, and they end as others.
func TestLongCallIDs(t *testing.T) {
	long := strings.Repeat("x", 60_000)
	s := play(t, "0 A>B INVITE id="+long+"\n 1 B>A 200 id="+long+"\n 5 A>B BYE cseq=2 id="+long)
	if l := s.events[len(s.events)-1].Leg; len(l.CallID) != maxKey {
		t.Errorf("Call-ID: got %d bytes, want %d", len(l.CallID), maxKey)
	}
	s.want("attempt answered ended")
}

// TestSearchIsBounded: legs without number that all look alike do not make the
// next one dear, and none of them is joined by chance.
func TestSearchIsBounded(t *testing.T) {
	s := newStory(t, DefaultConfig())
	s.flood("A>P", 3000, "id=XXXXXXX", "from=XXXXXXX")
	s.play("10 P>T INVITE id=next by=9")
	s.play("11 tick")
	if c := s.tr.Counters(); c.Joined != 0 {
		t.Errorf("joined %d legs, want none", c.Joined)
	}
	n := 0
	l := s.tr.byID[s.legs["next"]]
	for y := s.tr.first(cameNumber, l.numberAt(hashAddr(l.Src.Addr())), &n); y != nil; y = s.tr.following(y, cameNumber, &n) {
	}
	if n != maxSearch+1 {
		t.Errorf("looked at %d legs, want no more than %d", n-1, maxSearch)
	}
}
