package media

import (
	"encoding/binary"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// udptl is a packet of fax: an IFP of six bytes, no redundancy.
func udptl(number uint16, last byte) *frame.Packet {
	b := binary.BigEndian.AppendUint16(nil, number)
	return &frame.Packet{Protocol: frame.UDP, Src: alice, Dst: bob, Payload: append(b, 6, 2, 0, 0, 0, 1, 0, 2, last, last*7, 3, 4)}
}

// TestSwitchToFax: a call that turns into a fax on the same ports. The fax is
// counted by its own numbers, loses none of the voice's packets, and the voice
// says what ended it.
func TestSwitchToFax(t *testing.T) {
	for _, first := range []uint16{0, 0x1400, 0x7fc0, 0x8000, 0x8090, 0xffd0} { // some look like DTLS, RTP and RTCP
		x := newTap(t, DefaultConfig())
		x.announce(1, bob)
		x.talk(alice, bob, 0xabcd, 0, 99)
		x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, CallID: "story", T38: true}, x.now)
		x.talk(alice, bob, 0xabcd, 100, 109) // the gateway goes on for a while
		lost := 0
		for i := range uint16(190) {
			if i == 77 || i == 78 {
				lost++
				continue
			}
			if got := x.observe(udptl(first+i, byte(i))); got != T38 {
				t.Fatalf("from %#x, packet %d: got %v, want t38", first, i, got)
			}
		}
		x.balanced()
		x.wait(15 * time.Second)
		if len(x.ended) != 1 || x.ended[0].SSRC != 0xabcd || !x.ended[0].SwitchedToFax || x.ended[0].Packets != 110 || x.ended[0].Lost != 0 || x.ended[0].MOS < 4 {
			t.Fatalf("from %#x: got %+v, want the voice ended by fax after 110 packets, none lost", first, x.ended)
		}
		s := x.flush()[1]
		if s.Codec != "T38" || s.Packets+1 < 188 || s.Lost != uint64(lost) || s.Leg != 1 || s.MOSWithheld != "fax" || s.JitterMax != 0 || s.ClockRate != 0 {
			t.Errorf("from %#x: got %+v, want 188 packets of T38 of leg 1, 2 lost", first, s)
		}
	}
}

func TestFaxEndpoint(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, T38: true}, x.now)
	for i := range uint16(20) {
		x.observe(udptl(i, byte(i)))
	}
	elsewhere := udptl(3, 3)
	elsewhere.Dst = port1
	if got := x.observe(elsewhere); got == T38 {
		t.Errorf("elsewhere: got %v", got)
	}
	// Voice that nobody announced here: 0x80 0x08, one SSRC, in a row.
	if got := x.talk(alice, bob, 0xeaf0eaf, 1500, 1526); got != RTP {
		t.Errorf("voice on a fax endpoint: got %v, want rtp", got)
	}
	if got := x.Activity(nil); len(got) != 1 || got[0].Leg != 1 {
		t.Errorf("got activity %v, want leg 1", got)
	}
	all := x.flush()
	if len(all) != 2 || all[0].Packets != 20 || all[0].Lost != 0 || all[1].Packets != 27 || all[1].Leg != 1 || all[1].MOSWithheld != "no audio" {
		t.Errorf("got %d streams, want 20 packets of fax and 27 of voice without a MOS: %+v", len(all), all)
	}
}

// TestFaxFlood: random bytes on a fax endpoint make one stream each way.
func TestFaxFlood(t *testing.T) {
	x := newTap(t, small)
	x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, T38: true}, x.now)
	for i := range uint32(5000) {
		p := udptl(uint16(i*40503), byte(i))
		binary.BigEndian.PutUint32(p.Payload[8:], i)
		x.observe(p)
		if i%100 == 0 {
			x.balanced()
		}
	}
	if got := x.Totals(); got.Streams != 1 {
		t.Errorf("got %d streams, want 1", got.Streams)
	}
}
