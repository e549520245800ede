package media

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// bye sends an RTCP BYE that names ssrc.
func (x *tap) bye(src, dst netip.AddrPort, ssrc uint32) {
	p := packet(src, dst, 0, 0, 0, nil)
	p.Payload = binary.BigEndian.AppendUint32([]byte{0x81, 203, 0, 1}, ssrc)
	x.observe(p)
}

func above(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), a.Port()+1) }

func TestGoodbye(t *testing.T) {
	for _, c := range []struct {
		name  string
		feed  func(x *tap)
		ended uint64 // packets of the stream, where it has ended 15 seconds later
	}{
		{"on the port above", func(x *tap) { x.bye(above(alice), above(bob), 1) }, 10},
		{"on the port of RTP", func(x *tap) { x.bye(alice, bob, 1) }, 10},
		{"from the other side", func(x *tap) { x.bye(bob, alice, 1) }, 0},
		{"of another SSRC", func(x *tap) { x.bye(alice, bob, 2) }, 0},
		{"none", func(x *tap) {}, 0},
		{"a lie: it goes on", func(x *tap) {
			x.bye(alice, bob, 1)
			for s := range uint16(5) {
				x.wait(3 * time.Second)
				x.talk(alice, bob, 1, 10+s, 10+s)
			}
		}, 15},
		{"encrypted: it only looks like one", func(x *tap) {
			x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, Audio: true, Encrypted: true}, x.now)
			x.bye(alice, bob, 1)
		}, 0},
	} {
		x := newTap(t, DefaultConfig())
		x.announce(1, bob)
		x.talk(alice, bob, 1, 0, 9)
		c.feed(x)
		x.wait(15 * time.Second)
		packets := uint64(0)
		for _, s := range x.ended {
			packets += s.Packets
		}
		if packets != c.ended {
			t.Errorf("%s: got %d packets of streams that ended, want %d", c.name, packets, c.ended)
		}
	}
}

func TestSensorLost(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 99)
	x.SensorLost(x.now)
	x.SensorLost(x.now.Add(-time.Hour)) // told late: changes nothing
	x.talk(alice, bob, 2, 0, 99)
	got := map[uint32]string{}
	for _, s := range x.flush() {
		got[s.SSRC] = s.MOSWithheld
		if (s.MOS == 0) != (s.MOSWithheld != "") || s.Packets != 100 {
			t.Errorf("got %+v", s)
		}
	}
	if got[1] != "the sensor lost frames" || got[2] != "" {
		t.Errorf("withheld: got %v, want a reason for the stream that began before the loss only", got)
	}
}

// TestFloodOfSSRC: who sends an SSRC a packet to an endpoint of a call costs the
// call nothing, and others nothing either.
func TestFloodOfSSRC(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.announce(2, alice)
	x.talk(alice, bob, 1, 0, 9)
	x.talk(bob, alice, 2, 0, 9)
	for i := range uint16(2000) {
		x.talk(alice, bob, 1000+uint32(i), i, i)
		x.talk(alice, bob, 1, 10+i, 10+i)
		x.balanced()
	}
	if got := x.Totals(); got.Streams != freely+1 || len(x.ended) != 0 {
		t.Errorf("got %+v, %d ended, want %d streams, none ended", got, len(x.ended), freely+1)
	}
	for _, s := range x.flush() {
		if s.SSRC == 1 && (s.Packets != 2010 || s.Lost != 0) || s.SSRC == 2 && s.Packets != 10 {
			t.Errorf("got %+v", s)
		}
	}
}

// TestFloodOfProvedStreams: an endpoint whose streams all proved themselves
// takes no more while they are alive; one that fell silent gives way, the one of
// fewest packets first.
func TestFloodOfProvedStreams(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 999)
	for round := range uint16(50) { // the call goes on amid SSRCs that come in rows
		x.talk(alice, bob, 1, 1000+round, 1000+round)
		for i := range uint32(maxPlaceStreams) {
			x.talk(alice, bob, 100+100*uint32(round)+i, 0, 0)
			x.talk(alice, bob, 100+i, round, round)
		}
		x.balanced()
	}
	if got := x.Totals(); got.Streams != maxPlaceStreams || got.StreamsRefused == 0 {
		t.Errorf("got %+v, want %d streams and some refused", got, maxPlaceStreams)
	}
	x.now = x.now.Add(3 * time.Second)
	for i := range uint16(100) { // the real one has a new SSRC
		x.talk(alice, bob, 7, i, i)
	}
	x.balanced()
	found := map[uint32]uint64{}
	for _, s := range x.flush() {
		found[s.SSRC] += s.Packets
	}
	if found[1] != 1050 || found[7] != 100 {
		t.Errorf("got %d and %d packets of the call, want 1050 and 100: %v", found[1], found[7], found)
	}
}

// TestEndpointsInUseStay: a flood of endpoints leaves those of calls with media.
func TestEndpointsInUseStay(t *testing.T) {
	x := newTap(t, small)
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	for i := range 100 {
		x.announce(call.LegID(i+10), host(i))
		x.balanced()
	}
	if x.places[keyOf(bob)] == nil {
		t.Error("the endpoint with media was evicted for one without")
	}
}

// TestStreamsThatMeet: streams that begin at one slot are counted apart, and a
// search has its bound.
func TestStreamsThatMeet(t *testing.T) {
	x := newTap(t, DefaultConfig())
	home := x.streams.hash(&alice, &bob, 1) & 1023
	ssrc := []uint32{1}
	for next := uint32(2); len(ssrc) < maxProbes+4; next++ {
		if x.streams.hash(&alice, &bob, next)&1023 == home {
			ssrc = append(ssrc, next)
		}
	}
	for s := range uint16(20) {
		for n, id := range ssrc {
			x.talk(alice, bob, id, s*uint16(n%4+1), s*uint16(n%4+1))
		}
	}
	if got := x.Totals(); got.Streams != len(ssrc)*3/4 || got.StreamsRefused != 0 {
		t.Errorf("got %+v, want the streams whose numbers go on by up to three, none refused", got)
	}
	for n := range 1000 { // these are in a row
		for s := range uint16(5) {
			x.talk(alice, bob, ssrc[n%len(ssrc)], 100+s, 100+s)
		}
	}
	x.balanced()
	if got := x.Totals(); got.Streams != maxProbes || got.StreamsRefused == 0 {
		t.Errorf("got %+v, want %d streams, others refused", got, maxProbes)
	}
	x.flush()
	if slices.ContainsFunc(x.streams.slots, func(s slot) bool { return s != slot{} }) || x.streams.n != 0 {
		t.Error("a stream that ended was left in the table")
	}
}

func TestFloodOfCandidatesAllocatesNothing(t *testing.T) {
	x := newTap(t, small)
	for i := range 100 {
		x.talk(host(i), host(i+2000), 1, 0, 1)
	}
	p := packet(alice, bob, 0, 8, 0, voice)
	ssrc := uint32(0)
	if n := testing.AllocsPerRun(200, func() {
		ssrc++
		binary.BigEndian.PutUint32(p.Payload[8:], ssrc)
		x.Observe(p, x.now)
	}); n != 0 {
		t.Errorf("got %v allocations a flow, want 0", n)
	}
}
