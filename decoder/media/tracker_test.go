package media

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

func TestAnnouncedStream(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(7, bob)
	x.talk(alice, bob, 0xabcd, 100, 199)
	x.digit(alice, bob, 0xabcd, 200, 5)
	x.talk(alice, bob, 0xabcd, 207, 220) // 205 and 206 are lost
	want := &call.Stream{
		Call: 7, Leg: 7, CallID: "story", Src: alice, Dst: bob, SSRC: 0xabcd, PayloadType: 8, Codec: "PCMA", ClockRate: 8000,
		Packets: 119, Bytes: 114*160 + 5*4, Lost: 2, Start: epoch.Add(20 * time.Millisecond), End: x.now,
		MeasuredAt: call.Between, DTMFEvents: 1,
	}
	got := x.only()
	if got.JitterMax != 2500*time.Microsecond { // 40 ms that were not waited for, by 16
		t.Errorf("got jitter of %v, want 2.5ms", got.JitterMax)
	}
	if got.RFactor < 80 || got.RFactor > 93 || got.MOS < 4 || got.MOSWithheld != "" {
		t.Errorf("got R %v MOS %v withheld %q, want about 87 and 4.3", got.RFactor, got.MOS, got.MOSWithheld)
	}
	got.JitterMean, got.JitterMax, got.RFactor, got.MOS = 0, 0, 0, 0
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); d != "" {
		t.Error(d)
	}
	x.balanced()
}

func TestDigits(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	x.digit(alice, bob, 1, 10, 1)
	x.digit(alice, bob, 1, 15, 1) // the same digit again
	late := packet(alice, bob, 1, 101, 14, []byte{1, 0x80, 0, 160})
	binary.BigEndian.PutUint32(late.Payload[4:], 1600)
	x.observe(late)                                                // the first one's end, doubled
	x.observe(packet(alice, bob, 1, 101, 20, []byte{66, 0, 0, 0})) // an event, but no digit
	x.observe(packet(alice, bob, 1, 101, 21, []byte{1, 0}))        // cut
	x.observe(packet(alice, bob, 1, 13, 22, []byte{40}))           // comfort noise
	x.digit(alice, bob, 1, 23, 11)
	s := x.only()
	if s.DTMFEvents != 3 || s.Codec != "PCMA" || s.Packets != 29 || s.Duplicates != 1 || s.Lost != 0 || s.JitterMax != 0 {
		t.Errorf("got %+v, want 3 digits in 29 packets of PCMA, one doubled, no jitter", s)
	}
}

func TestDigitsNobodyAnnounced(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.talk(alice, bob, 1, 0, 9)
	x.digit(alice, bob, 1, 10, 3)
	x.talk(alice, bob, 1, 15, 20)
	if s := x.only(); s.DTMFEvents != 1 || s.Codec != "PCMA" || s.Packets != 21 || s.Leg != 0 {
		t.Errorf("got %+v, want one digit in 21 packets of PCMA", s)
	}
}

func TestDigitsEncrypted(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.Announce(Endpoint{Addr: bob, Leg: 1, Call: 1, Audio: true, Encrypted: true, Codecs: codecs}, x.now)
	x.digit(alice, bob, 1, 10, 0xee) // the code is not what it seems
	x.digit(alice, bob, 1, 15, 0x77)
	if s := x.only(); s.DTMFEvents != 2 || !s.Encrypted {
		t.Errorf("got %d digits, encrypted %v, want 2, true", s.DTMFEvents, s.Encrypted)
	}
}

func TestCodec(t *testing.T) {
	for _, c := range []struct {
		name string
		feed func(x *tap)
		want string
		pt   uint8
	}{
		{"of the first packet", func(x *tap) { x.talk(alice, bob, 1, 0, 9); x.observe(packet(alice, bob, 1, 0, 10, voice)) }, "PCMA", 8},
		{"digits first", func(x *tap) { x.digit(alice, bob, 1, 0, 1); x.talk(alice, bob, 1, 5, 9) }, "PCMA", 8},
		{"comfort noise first", func(x *tap) { x.observe(packet(alice, bob, 1, 13, 0, []byte{1})); x.talk(alice, bob, 1, 1, 9) }, "PCMA", 8},
		{"nothing but digits", func(x *tap) { x.digit(alice, bob, 1, 0, 1) }, "telephone-event", 101},
		{"static, not announced", func(x *tap) { x.observe(packet(alice, bob, 1, 18, 0, voice[:20])) }, "G729", 18},
		{"dynamic, not announced", func(x *tap) { x.observe(packet(alice, bob, 1, 111, 0, voice[:20])) }, "", 111},
	} {
		x := newTap(t, DefaultConfig())
		x.announce(1, bob)
		c.feed(x)
		if s := x.only(); s.Codec != c.want || s.PayloadType != c.pt {
			t.Errorf("%s: got %q %d, want %q %d", c.name, s.Codec, s.PayloadType, c.want, c.pt)
		}
	}
}

func TestRenegotiation(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, CallID: "story", Audio: true, Codecs: []Codec{{96, "telephone-event", 8000}, {96, "opus", 48000}}}, x.now)
	x.observe(packet(alice, bob, 1, 96, 10, []byte{1, 0, 0, 0}))
	if s := x.only(); s.DTMFEvents != 1 {
		t.Errorf("got %d digits, want 1: the new SDP gives 96 its meaning", s.DTMFEvents)
	}
}

func TestWhoseStream(t *testing.T) {
	leg := func(s *call.Stream) call.LegID { return s.Leg }
	for _, c := range []struct {
		name string
		feed func(x *tap)
		want []call.LegID // in the order of the streams' beginning
	}{
		{"symmetric", func(x *tap) { x.announce(1, bob); x.talk(bob, alice, 1, 0, 9) }, []call.LegID{1}},
		{"where it goes before where it comes from", func(x *tap) {
			x.announce(1, bob)
			x.announce(2, alice)
			x.talk(alice, bob, 1, 0, 9)
			x.talk(bob, alice, 2, 0, 9)
		}, []call.LegID{1, 2}},
		{"IPv6", func(x *tap) { x.announce(3, port2); x.talk(port2, port2, 1, 0, 9) }, []call.LegID{3}},
		{"SDP after RTP, both ways", func(x *tap) {
			x.talk(alice, bob, 1, 0, 9)
			x.talk(bob, alice, 2, 0, 9)
			x.announce(1, bob)
			x.announce(2, alice)
			x.talk(alice, bob, 1, 10, 19)
			x.talk(bob, alice, 2, 10, 19)
		}, []call.LegID{1, 2}},
		{"SDP while it proves itself", func(x *tap) {
			x.talk(alice, bob, 1, 0, 1)
			x.announce(1, bob)
			x.talk(alice, bob, 1, 2, 19)
		}, []call.LegID{1}},
		{"nobody's", func(x *tap) { x.talk(alice, bob, 1, 0, 9) }, []call.LegID{0}},
		{"a port used anew", func(x *tap) {
			x.announce(1, port1)
			x.talk(alice, port1, 1, 0, 9)
			x.announce(2, port1)
			x.talk(alice, port1, 1, 10, 19) // the old stream goes on
			x.talk(bob, port1, 2, 0, 9)
			x.Release(1, x.now)
			x.wait(3 * time.Second)
			x.talk(alice, port1, 1, 20, 29) // and is the new leg's when the old one ended
		}, []call.LegID{1, 2, 2}},
		{"an address at which nothing arrives", func(x *tap) {
			x.announce(1, netipPort("0.0.0.0:4000"))
			x.announce(1, netipPort("10.0.0.2:0"))
			x.Announce(Endpoint{Leg: 1}, x.now)
			if n := x.Totals().Endpoints; n != 0 {
				x.t.Errorf("got %d endpoints, want 0", n)
			}
		}, nil},
	} {
		x := newTap(t, DefaultConfig())
		c.feed(x)
		x.balanced()
		var got []call.LegID
		for _, s := range x.flush() {
			got = append(got, leg(s))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: legs %s", c.name, d)
		}
	}
}

func TestAdoptedStreamKeepsItsFigures(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.talk(alice, bob, 1, 0, 9)
	x.announce(4, bob)
	x.talk(alice, bob, 1, 10, 19)
	if got := x.Activity(nil); len(got) != 1 || got[0] != (Activity{Leg: 4, Last: x.now, Caller: epoch.Add(20 * time.Millisecond)}) {
		t.Errorf("got activity %v, want leg 4 at %v", got, x.now)
	}
	if s := x.only(); s.Packets != 20 || s.Lost != 0 || s.CallID != "story" || s.Call != 4 {
		t.Errorf("got %+v, want 20 packets of call 4", s)
	}
}

func TestEnds(t *testing.T) {
	cfg := DefaultConfig()
	x := newTap(t, cfg)
	x.announce(1, bob)
	x.announce(2, alice)
	x.talk(alice, bob, 1, 0, 9)
	last := x.now
	x.Release(1, x.now)
	x.Release(1, x.now.Add(time.Second)) // told twice
	x.talk(alice, bob, 1, 10, 19)        // under way
	x.wait(cfg.Grace)
	if len(x.ended) != 1 || x.ended[0].Packets != 20 || !x.ended[0].End.After(last) {
		t.Fatalf("got %+v, want one stream of 20 packets", x.ended)
	}
	x.announce(1, bob) // the leg goes on after all
	x.wait(5 * time.Second)
	x.balanced()
	if got := x.Totals(); got.Endpoints != 2 {
		t.Errorf("got %d endpoints, want both: the second release was of the leg before", got.Endpoints)
	}
	x.Release(1, x.now)
	x.Release(2, x.now)
	x.Release(99, x.now) // never seen
	x.wait(cfg.Grace + time.Second)
	if len(x.legs) != 0 || len(x.places) != 0 || len(x.released) != 0 {
		t.Errorf("got %d legs, %d endpoints, %d releases left, want none", len(x.legs), len(x.places), len(x.released))
	}
}

func TestIdle(t *testing.T) {
	cfg := DefaultConfig()
	x := newTap(t, cfg)
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	x.talk(alice, port1, 2, 0, 9)
	x.wait(cfg.Idle - 5*time.Second)
	if len(x.ended) != 0 {
		t.Fatalf("got %d streams ended before their time", len(x.ended))
	}
	x.wait(10 * time.Second)
	if len(x.ended) != 2 {
		t.Fatalf("got %d streams ended, want 2", len(x.ended))
	}
	x.talk(alice, bob, 1, 10, 19) // the endpoint is still there
	x.balanced()
	if all := x.flush(); len(all) != 3 || all[2].Leg != 1 || all[2].Packets != 10 {
		t.Errorf("got %d streams, want a third one of leg 1 with 10 packets", len(all))
	}
}

func TestRejoin(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	x.Rejoin(1, 77)
	x.Rejoin(5, 77) // never seen
	if s := x.only(); s.Call != 77 || s.Leg != 1 {
		t.Errorf("got call %d leg %d, want 77 and 1", s.Call, s.Leg)
	}
}

func TestKinds(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	p := packet(alice, bob, 1, 8, 1, voice)
	for _, c := range []struct {
		payload []byte
		want    Kind
	}{
		{append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...), STUN},
		{append([]byte{22, 0xfe, 0xfd}, make([]byte, 10)...), DTLS},
		{append([]byte{0x10, 0, 0, 1, 'Z', 'R', 'T', 'P'}, 1, 2, 3, 4), ZRTP},
		{append([]byte{0x40, 1, 0, 172}, p.Payload...), TURN},
		{[]byte{0x2f, 1, 2, 3, 4, 5}, NotMedia}, // DTLS 1.3, where SDP announced none
		{[]byte{0x80, 201, 0, 1, 0, 0, 0, 1}, RTCP},
		{[]byte{0x80, 8, 0, 1}, NotMedia},
		{nil, NotMedia},
		{p.Payload, RTP},
	} {
		q := *p
		q.Payload = c.payload
		if got := x.observe(&q); got != c.want {
			t.Errorf("% x: got %v, want %v", c.payload, got, c.want)
		}
	}
}

// TestDTLS: the records of DTLS 1.3 are known by SDP's fingerprint, and what
// follows them is encrypted.
func TestDTLS(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, Audio: true, Encrypted: true, Codecs: codecs}, x.now)
	for _, payload := range [][]byte{{0x2f, 1, 2, 3, 4, 5}, append([]byte{22, 0xfe, 0xfd}, make([]byte, 10)...)} {
		if got := x.observe(&frame.Packet{Protocol: frame.UDP, Src: alice, Dst: bob, Payload: payload}); got != DTLS {
			t.Errorf("% x: got %v, want dtls", payload, got)
		}
	}
	x.talk(alice, bob, 1, 0, 9)
	if s := x.only(); !s.Encrypted || s.Packets != 10 {
		t.Errorf("got %+v, want 10 packets encrypted", s)
	}
}

func TestControlKeepsALegAlive(t *testing.T) {
	for _, port := range []uint16{bob.Port(), bob.Port() + 1} {
		x := newTap(t, DefaultConfig())
		x.announce(1, bob)
		p := packet(alice, bob, 1, 8, 1, voice)
		p.Payload, p.Dst = []byte{0x80, 201, 0, 1, 0, 0, 0, 1}, netipPort(fmt.Sprintf("10.0.0.2:%d", port))
		x.observe(p)
		if got := x.Activity(nil); len(got) != 1 || got[0] != (Activity{Leg: 1, Last: x.now}) {
			t.Errorf("RTCP to port %d: got %v, want leg 1 at %v", port, got, x.now)
		}
		if got := x.Activity(nil); len(got) != 0 {
			t.Errorf("asked again: got %v, want none", got)
		}
	}
}

func TestFlushOrder(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, port1)
	x.talk(alice, bob, 1, 0, 9)
	x.talk(alice, port1, 2, 0, 9)
	x.talk(bob, alice, 3, 0, 9)
	x.announce(2, bob)
	x.talk(alice, bob, 1, 10, 11) // announced late, begun first
	var got []uint32
	for _, s := range x.flush() {
		got = append(got, s.SSRC)
	}
	if d := cmp.Diff([]uint32{1, 2, 3}, got); d != "" {
		t.Error(d)
	}
	x.balanced()
}
