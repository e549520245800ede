package sensor

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/wire"
	"tollwatch/sensor/record"
)

// kept is a sink that keeps everything.
type kept struct{ objects []record.Object }

func (k *kept) Put(o record.Object) error {
	k.objects = append(k.objects, o)
	return nil
}

func (k *kept) calls() (out []*record.Call) {
	for _, o := range k.objects {
		if c, ok := o.(*record.Call); ok {
			out = append(out, c)
		}
	}
	return out
}

// site is a telephone and an operator on one wire, and the sensor between.
type site struct {
	t        testing.TB
	pipeline *Pipeline
	found    *kept
	builder  wire.Builder
	phone    wire.Port
	operator wire.Port
	now      time.Time
}

func newSite(t testing.TB) *site {
	t.Helper()
	engine, err := detect.New(detect.Config{Site: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, found: &kept{}, now: time.Date(2026, 3, 7, 2, 0, 0, 0, time.UTC)}
	s.pipeline = NewPipeline(decoder.New(decoder.DefaultConfig()), engine, s.found)
	s.phone = wire.Port{Host: &wire.Host{MAC: wire.MAC(1), Addr: netip.MustParseAddr("192.0.2.1")}, Number: 5060}
	s.operator = wire.Port{Host: &wire.Host{MAC: wire.MAC(2), Addr: netip.MustParseAddr("203.0.113.5")}, Number: 5060}
	return s
}

func (s *site) observe(b []byte) {
	s.t.Helper()
	f := capture.Frame{Data: b, Time: s.now, WireLength: len(b), Link: frame.LinkEthernet}
	if err := s.pipeline.Observe(&f); err != nil {
		s.t.Fatal(err)
	}
}

// say sends a SIP message of one call, from the phone or to it.
func (s *site) say(fromPhone bool, call, start, cseq, toTag, sdp string) {
	s.t.Helper()
	src, dst := s.phone, s.operator
	if !fromPhone {
		src, dst = dst, src
	}
	m := fmt.Sprintf("%s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%s\r\nFrom: <sip:204@192.0.2.1>;tag=a%s\r\nTo: <sip:x@203.0.113.5>%s\r\n"+
		"Call-ID: %s\r\nCSeq: %s\r\nContact: <sip:x@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
		start, call, call, toTag, call, cseq, src.Addr, len(sdp), sdp)
	s.observe(s.builder.UDP(src, dst, wire.Signalling, []byte(m)))
}

func sdp(addr netip.Addr, port int) string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\n", addr, addr, port)
}

// answered sets a call up, both endpoints of its media announced.
func (s *site) answered(call, number string) {
	s.say(true, call, "INVITE sip:"+number+"@203.0.113.5 SIP/2.0", "1 INVITE", "", sdp(s.phone.Addr, 4000))
	s.say(false, call, "SIP/2.0 100 Trying", "1 INVITE", "", "")
	s.say(false, call, "SIP/2.0 200 OK", "1 INVITE", ";tag=b", sdp(s.operator.Addr, 6000))
	s.say(true, call, "ACK sip:x@203.0.113.5 SIP/2.0", "1 ACK", ";tag=b", "")
}

// rtp is a frame of 20 ms of G.711 from the phone.
func (s *site) rtp(sequence uint16) []byte { return s.voice(sequence, 4000, 6000, 0xfeed) }

func (s *site) voice(sequence, from, to uint16, ssrc uint32) []byte {
	payload := make([]byte, 172)
	payload[0], payload[1] = 0x80, 8
	binary.BigEndian.PutUint16(payload[2:], sequence)
	binary.BigEndian.PutUint32(payload[4:], 160*uint32(sequence))
	binary.BigEndian.PutUint32(payload[8:], ssrc)
	src, dst := s.phone, s.operator
	src.Number, dst.Number = from, to
	return s.builder.UDP(src, dst, wire.Voice, payload)
}

func TestCallWithItsStreamsAndMoney(t *testing.T) {
	s := newSite(t)
	s.answered("one", "0033199001201")
	for i := range uint16(500) {
		s.observe(s.rtp(i))
		s.now = s.now.Add(20 * time.Millisecond)
	}
	s.say(true, "one", "BYE sip:x@203.0.113.5 SIP/2.0", "2 BYE", ";tag=b", "")
	s.say(false, "one", "SIP/2.0 200 OK", "2 BYE", ";tag=b", "")
	if n := len(s.found.calls()); n != 0 {
		t.Errorf("call put out at its BYE, want it to wait for its streams")
	}
	s.now = s.now.Add(10 * time.Second)
	s.pipeline.Advance(s.now)
	calls := s.found.calls()
	if len(calls) != 1 {
		t.Fatalf("got %d calls, want 1", len(calls))
	}
	c := calls[0]
	if c.State != "answered" || c.Duration == nil || *c.Duration != 10 || c.Number != "+33199001201" || c.DestClass != "domestic" {
		t.Errorf("call: got %+v, want 10 s answered to +33199001201, domestic", c)
	}
	if c.MOS == nil || *c.MOS < 4.3 {
		t.Errorf("call: got MOS %v, want that of its stream", c.MOS)
	}
}

func TestRTPOfAKnownStreamAllocatesNothing(t *testing.T) {
	s := newSite(t)
	s.answered("one", "0033199001201")
	for i := range uint16(10) {
		s.observe(s.rtp(i))
	}
	b := s.rtp(10)
	f := capture.Frame{Data: b, Time: s.now, WireLength: len(b), Link: frame.LinkEthernet}
	const udp = 14 + 20 + 8
	sequence := uint16(11)
	allocs := testing.AllocsPerRun(1000, func() {
		binary.BigEndian.PutUint16(b[udp+2:], sequence)
		sequence++
		if err := s.pipeline.Observe(&f); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("an RTP packet of a known stream costs %v allocations, want 0", allocs)
	}
	if got := s.pipeline.Summary().Decoded; got < 1000 {
		t.Errorf("got %d frames decoded, want the thousand: the test measured another path", got)
	}
}

func TestTimeStampsFromTheFutureCostNoHours(t *testing.T) {
	s := newSite(t)
	s.answered("one", "0033199001201")
	s.now = s.now.AddDate(80, 0, 0)
	s.say(true, "two", "OPTIONS sip:x@203.0.113.5 SIP/2.0", "1 OPTIONS", "", "")
	if got := s.pipeline.next; got.Before(s.now) {
		t.Errorf("next tick: got %v, want after %v", got, s.now)
	}
	if n := len(s.found.calls()); n != 1 {
		t.Errorf("got %d calls ended by eighty years of silence, want 1", n)
	}
	s.now = s.now.AddDate(-80, 0, 0)
	s.say(true, "three", "OPTIONS sip:x@203.0.113.5 SIP/2.0", "1 OPTIONS", "", "")
	if got := s.pipeline.Now(); got.Year() != 2106 {
		t.Errorf("clock: got %v, want that it never runs backwards", got)
	}
}

func TestManyEndedCallsDoNotWaitForEver(t *testing.T) {
	s := newSite(t)
	for i := range maxWaiting + 10 {
		s.pipeline.hold(&record.Call{Type: "call", CallID: fmt.Sprint(i)}, s.now)
	}
	if n := len(s.pipeline.waiting); n > maxWaiting {
		t.Errorf("got %d calls waiting, want at most %d", n, maxWaiting)
	}
	if n := len(s.found.objects); n == 0 {
		t.Error("got no call put out, want the oldest")
	}
}

// TestTheWayOfALegThatEndsUnjudgedIsForgotten: detection has no verdict at its end
// where it found meanwhile that the leg is a copy for a recorder.
func TestTheWayOfALegThatEndsUnjudgedIsForgotten(t *testing.T) {
	p := &Pipeline{routes: map[call.LegID]route{}}
	leg := &call.Leg{ID: 7}
	p.note(&call.Event{Kind: call.EventAnswered, Leg: leg}, &detect.Verdict{Trunk: "trunk"})
	if p.routes[7].trunk != "trunk" {
		t.Fatalf("got %v", p.routes)
	}
	p.note(&call.Event{Kind: call.EventEnded, Leg: leg}, nil)
	if len(p.routes) != 0 {
		t.Errorf("got %v after the end of the leg", p.routes)
	}
}

func TestBooksBalanceOnGarbage(t *testing.T) {
	s := newSite(t)
	for _, b := range [][]byte{nil, {1, 2, 3}, []byte(strings.Repeat("x", 60)), s.rtp(1)[:30], s.rtp(1)} {
		s.observe(b)
	}
	got := s.pipeline.Summary()
	if fates := got.Decoded + sum(got.Ignored) + sum(got.Malformed) + sum(got.Dropped); got.Frames != 5 || fates != 5 {
		t.Errorf("got %d frames and %d fates (%+v), want 5 and 5", got.Frames, fates, got)
	}
}

func BenchmarkRTP(b *testing.B) {
	s := newSite(b)
	s.answered("one", "0033199001201")
	data := s.rtp(0)
	f := capture.Frame{Data: data, Time: s.now, WireLength: len(data), Link: frame.LinkEthernet}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		binary.BigEndian.PutUint16(data[44:], uint16(i))
		f.Time = f.Time.Add(20 * time.Microsecond)
		if err := s.pipeline.Observe(&f); err != nil {
			b.Fatal(err)
		}
	}
}

// TestClockIsSetBack: a call runs while the clock goes back by a day. It ends
// as it stands, and the next one has its own length and no strange price.
func TestClockIsSetBack(t *testing.T) {
	s := newSite(t)
	s.answered("one", "0033199001201")
	s.now = s.now.Add(-24 * time.Hour)
	for i := range uint16(200) {
		s.observe(s.rtp(i))
		s.now = s.now.Add(20 * time.Millisecond)
	}
	if got := s.pipeline.Counts().ClockSteps; got != 1 {
		t.Errorf("got %d steps of the clock, want 1", got)
	}
	if now := s.pipeline.Now(); now.After(s.now) {
		t.Errorf("got the time %v, want that of the frames, %v", now, s.now)
	}
	s.answered("two", "0033199001202")
	s.now = s.now.Add(7 * time.Second)
	s.say(true, "two", "BYE sip:x@203.0.113.5 SIP/2.0", "2 BYE", ";tag=b", "")
	s.say(false, "two", "SIP/2.0 200 OK", "2 BYE", ";tag=b", "")
	s.now = s.now.Add(10 * time.Second)
	s.pipeline.Advance(s.now)
	calls := s.found.calls()
	if len(calls) != 2 {
		t.Fatalf("got %d calls, want 2", len(calls))
	}
	if c := calls[0]; c.State != "active" {
		t.Errorf("first call: got %s, want active", c.State)
	}
	if c := calls[1]; c.Duration == nil || *c.Duration != 7 {
		t.Errorf("second call: got %+v, want 7 s", c)
	}
	for _, o := range s.found.objects {
		if a, ok := o.(*record.Alert); ok {
			t.Errorf("got an alert: %+v", a)
		}
	}
}

// TestFramesOutOfOrder: two interfaces whose clocks differ by two minutes are no
// clock that was set back.
func TestFramesOutOfOrder(t *testing.T) {
	s := newSite(t)
	for i := range uint16(400) {
		s.now = s.now.Add(-2 * time.Minute)
		s.observe(s.rtp(i))
		s.now = s.now.Add(2*time.Minute + 20*time.Millisecond)
		s.observe(s.rtp(i))
	}
	if got := s.pipeline.Counts().ClockSteps; got != 0 {
		t.Errorf("got %d steps of the clock, want none", got)
	}
}
