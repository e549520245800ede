package media

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

// small has tables that a test fills.
var small = Config{MaxEndpoints: 8, MaxStreams: 10, MaxCandidates: 4, Idle: time.Minute, Grace: 2 * time.Second, Patience: 10 * time.Second}

// host is the nth address of a flood.
func host(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(n >> 8), byte(n)}), 4000)
}

func TestFloodOfEndpoints(t *testing.T) {
	x := newTap(t, small)
	for i := range 1000 {
		x.announce(call.LegID(i+1), host(i))
		x.balanced()
	}
	if got := x.Totals(); got.Endpoints != 8 || got.EndpointsEvicted != 992 || len(x.legs) != 8 {
		t.Errorf("got %+v and %d legs, want 8 endpoints and legs, 992 evicted", got, len(x.legs))
	}
	for i := range 1000 { // one leg that announces more than the table holds
		x.announce(5000, host(2000+i))
	}
	x.balanced()
	x.Release(5000, x.now)
	x.wait(3 * time.Second)
	if len(x.legs) != 0 || len(x.places) != 0 {
		t.Errorf("got %d legs, %d endpoints after the release, want none", len(x.legs), len(x.places))
	}
}

func TestEndpointAnnouncedAgainIsYoung(t *testing.T) {
	x := newTap(t, small)
	for i := range small.MaxEndpoints {
		x.announce(call.LegID(i+1), host(i))
	}
	x.announce(1, host(0))
	x.announce(99, host(99))
	if x.places[keyOf(host(0))] == nil || x.places[keyOf(host(1))] != nil {
		t.Error("the endpoint announced again was evicted before the one that was not")
	}
}

// TestFloodOfStreams: streams that nobody announced drive out each other, as
// they fall silent; announced ones drive out those, and none that is alive is
// driven out by what comes after it.
func TestFloodOfStreams(t *testing.T) {
	x := newTap(t, small)
	x.announce(1, bob)
	for i := range 3 {
		x.talk(alice, bob, uint32(i+1), 0, 9)
	}
	for i := range 500 { // nobody announced these
		x.talk(host(i), host(i+1000), 77, 0, 19)
		x.balanced()
	}
	if got := x.Totals(); got.Streams != 10 || got.Loose != 7 || got.StreamsEvicted != 493 || len(x.ended) != 493 {
		t.Errorf("got %+v, %d ended, want 10 streams, 7 loose, 493 evicted", got, len(x.ended))
	}
	for i := range 7 { // these are announced: they drive out the others
		x.announce(call.LegID(10+i), host(2000+i))
		x.talk(alice, host(2000+i), 5, 0, 9)
		x.balanced()
	}
	if got := x.Totals(); got.Streams != 10 || got.Loose != 0 || got.StreamsEvicted != 500 {
		t.Errorf("got %+v, want 10 streams, none loose, 500 evicted", got)
	}
	ended := len(x.ended)
	x.talk(host(1), host(2), 78, 0, 9)
	if got := x.Totals(); got.Loose != 0 || len(x.ended) != ended || got.StreamsEvicted == 500 {
		t.Errorf("got %+v, %d ended: a loose stream must be refused, and counted, where all others are announced", got, len(x.ended)-ended)
	}
	for i := range 7 { // all are alive
		x.talk(alice, host(2000+i), 5, 10, 10)
	}
	for i := range 3 {
		x.talk(alice, bob, uint32(i+1), 10, 10)
	}
	x.announce(30, port1)
	x.talk(alice, port1, 9, 0, 0)
	if got := x.Totals(); got.Streams != 10 || len(x.ended) != ended {
		t.Errorf("got %+v, %d ended: a stream that is alive was driven out", got, len(x.ended)-ended)
	}
	x.now = x.now.Add(3 * time.Second)
	if x.talk(alice, port1, 9, 1, 1); len(x.ended) != ended+1 {
		t.Errorf("got %d ended, want one: a silent one gives way", len(x.ended)-ended)
	}
}

func TestFloodOfCandidates(t *testing.T) {
	x := newTap(t, small)
	for i := range 1000 {
		if got := x.talk(host(i), host(i+2000), 1, 0, 1); got != NotMedia {
			t.Fatalf("got %v after two packets, want not_media", got)
		}
		x.balanced()
	}
	if got := x.Totals(); got.Candidates != 4 || got.CandidatesEvicted != 996 || got.Streams != 0 {
		t.Errorf("got %+v, want 4 candidates, 996 evicted, no stream", got)
	}
	x.wait(20 * time.Second)
	if got := x.Totals(); got.Candidates != 0 {
		t.Errorf("got %d candidates after a silence, want 0", got.Candidates)
	}
}

func TestHeuristics(t *testing.T) {
	for _, c := range []struct {
		name  string
		feed  func(x *tap)
		found int
		first uint64 // packets of the first stream
	}{
		{"five in a row", func(x *tap) { x.talk(alice, bob, 1, 65534, 2) }, 1, 5},
		{"three in a row", func(x *tap) { x.talk(alice, bob, 1, 0, 2) }, 0, 0},
		{"all doubled", func(x *tap) {
			for _, s := range doubled(through(0, 4)) {
				x.observe(packet(alice, bob, 1, 8, s, voice))
			}
		}, 1, 10},
		{"with losses", func(x *tap) {
			for _, s := range []uint16{0, 2, 5, 6, 8} {
				x.observe(packet(alice, bob, 1, 8, s, voice))
			}
		}, 1, 5},
		{"a gap begins anew", func(x *tap) { x.talk(alice, bob, 1, 0, 2); x.talk(alice, bob, 1, 50, 53) }, 1, 4},
	} {
		x := newTap(t, DefaultConfig())
		c.feed(x)
		x.balanced()
		all := x.flush()
		if len(all) != c.found || c.found > 0 && all[0].Packets != c.first {
			t.Errorf("%s: got %d streams, the first of %+v, want %d, %d packets", c.name, len(all), all, c.found, c.first)
		}
	}
}

// fifty observes fifty packets.
func fifty(packet func(i int) *frame.Packet) func(x *tap) {
	return func(x *tap) {
		for i := range 50 {
			x.observe(packet(i))
		}
	}
}

// TestNotMedia: what looks like RTP here and there, and never becomes a stream.
func TestNotMedia(t *testing.T) {
	for _, c := range []struct {
		name string
		feed func(x *tap)
	}{
		{"SSRC changes", fifty(func(i int) *frame.Packet { return packet(alice, bob, uint32(i+1), 8, uint16(i), voice) })},
		{"payload type changes", fifty(func(i int) *frame.Packet { return packet(alice, bob, 1, byte(8*(i&1)), uint16(i), voice) })},
		{"sequence stands", fifty(func(i int) *frame.Packet { return packet(alice, bob, 1, 8, 0, voice) })},
		{"sequence runs backwards", fifty(func(i int) *frame.Packet { return packet(alice, bob, 1, 8, uint16(50-i), voice) })},
		{"reserved payload types", func(x *tap) {
			for _, pt := range []byte{1, 2, 19, 35, 63, 64, 72, 76, 95} {
				for s := range uint16(20) {
					x.observe(packet(alice, bob, 1, pt, s, voice))
				}
			}
		}},
		{"SSRC of zero, no payload, a port of services", func(x *tap) {
			x.talk(alice, bob, 0, 0, 20)
			for s := range uint16(20) {
				x.observe(packet(alice, bob, 1, 8, s, nil))
			}
			x.talk(netip.MustParseAddrPort("10.0.0.1:53"), bob, 1, 0, 20)
		}},
		{"like DNS", func(x *tap) {
			for i := range uint16(2000) { // an identifier that counts up, flags that stand, a question
				p := packet(alice, bob, 0, 0, 0, []byte("\x03www\x07example\x03org\x00\x00\x01\x00\x01"))
				copy(p.Payload, []byte{0x80 | byte(i>>8), byte(i), 1, 0, 0, 1, 0, 0, 0, 0, 0, 1})
				x.observe(p)
			}
		}},
		{"random", func(x *tap) {
			r := rand.New(rand.NewPCG(5, 6))
			for range 20000 {
				p := packet(alice, bob, 0, 0, 0, voice)
				for i := range p.Payload {
					p.Payload[i] = byte(r.Uint32())
				}
				p.Payload[0] = p.Payload[0]&0x3f | 0x80
				x.observe(p)
			}
		}},
	} {
		x := newTap(t, DefaultConfig())
		c.feed(x)
		x.balanced()
		if all := x.flush(); len(all) != 0 {
			t.Errorf("%s: got %d streams, want none: %+v", c.name, len(all), all[0])
		}
	}
}

// TestRandomBytesAtAnEndpoint: noise at a learned endpoint costs a few streams,
// and the call nothing.
func TestRandomBytesAtAnEndpoint(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.Announce(Endpoint{Addr: alice, Call: 1, Leg: 1, T38: true, Encrypted: true}, x.now)
	x.talk(port1, bob, 1, 0, 9)
	r := rand.New(rand.NewPCG(13, 14))
	for i := range uint16(5000) {
		for _, to := range [2]netip.AddrPort{alice, bob} {
			p := packet(port1, to, 0, 0, 0, voice[:r.IntN(160)])
			for j := range p.Payload {
				p.Payload[j] = byte(r.Uint32())
			}
			p.Payload[0] = p.Payload[0]&0x3f | byte(i&1)<<7 // RTP and RTCP, and what is neither
			p.Payload = p.Payload[:r.IntN(len(p.Payload)+1)]
			x.observe(p)
		}
		x.talk(port1, bob, 1, 10+i, 10+i)
		if i%500 == 0 {
			x.balanced()
			x.keep(x.Advance(x.now))
		}
	}
	if got := x.Totals(); got.Streams > 2*maxPlaceStreams {
		t.Errorf("got %+v, want %d streams at most", got, 2*maxPlaceStreams)
	}
	for _, s := range x.flush() {
		if s.SSRC == 1 && s.Dst == bob && (s.Packets != 5010 || s.Lost != 0) {
			t.Errorf("got %+v, want 5010 packets, none lost", s)
		}
	}
}

// operate does one operation, chosen by four bytes, on few enough addresses,
// legs and SSRCs that they meet.
func operate(x *tap, b [4]byte) {
	src, dst, leg := host(int(b[1]&15)), host(int(b[1]>>4)), call.LegID(b[2]%12+1)
	switch b[0] % 16 {
	case 0, 1:
		x.announce(leg, dst)
	case 2:
		x.Announce(Endpoint{Addr: dst, Call: call.ID(leg), Leg: leg, T38: true}, x.now)
	case 3:
		x.Release(leg, x.now)
	case 4:
		x.Rejoin(leg, call.ID(b[3]))
	case 5:
		x.now = x.now.Add(time.Duration(b[3]) * 100 * time.Millisecond)
		x.keep(x.Advance(x.now))
	case 6:
		x.Activity(nil)
	case 7:
		p := packet(src, dst, uint32(b[2]), b[3], uint16(b[3])<<8, voice[:b[2]%16])
		binary.BigEndian.PutUint16(p.Payload[b[2]%8:], uint16(b[3])*257)
		x.observe(p)
	case 8, 9:
		x.talk(src, dst, uint32(b[2]%3+1), uint16(b[3]), uint16(b[3])+6)
	default:
		x.observe(packet(src, dst, uint32(b[2]%3+1), 8, uint16(b[3]), voice))
	}
}

// drain releases every leg and lets all streams fall silent: nothing is left.
func drain(x *tap) {
	for leg := range call.LegID(16) {
		x.Release(leg, x.now)
	}
	x.wait(small.Idle + 10*time.Second)
	x.balanced()
	if len(x.legs)+len(x.places)+x.streams.n+len(x.candidates.flows)+len(x.released) != 0 {
		x.t.Errorf("left after all ended: %d legs, %d endpoints, %d streams, %d candidates, %d releases",
			len(x.legs), len(x.places), x.streams.n, len(x.candidates.flows), len(x.released))
	}
}

func TestRandomOperations(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 20 {
		x := newTap(t, small)
		for range 3000 {
			v := r.Uint32()
			operate(x, [4]byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)})
			x.balanced()
		}
		drain(x)
		if t.Failed() {
			return
		}
	}
}

func FuzzObserve(f *testing.F) {
	f.Add([]byte{0, 0x10, 0, 0, 8, 0x10, 0, 5, 3, 0, 0, 0, 5, 0, 0, 255})
	f.Add([]byte{8, 0x10, 0, 5, 8, 0x01, 1, 5, 0, 0x10, 0, 0, 2, 0x10, 1, 0, 10, 0x10, 0, 12})
	f.Fuzz(func(t *testing.T, in []byte) {
		x := newTap(t, small)
		for b := in; len(b) >= 4; b = b[4:] {
			operate(x, [4]byte(b))
			x.balanced()
			// What is left of the input is a payload too.
			x.observe(&frame.Packet{Src: host(1), Dst: host(2), Payload: b})
		}
		for _, s := range x.flush() {
			if s.Lost > s.Packets+uint64(maxDropout)*s.Packets || s.JitterMean < 0 || s.JitterMax < s.JitterMean || s.End.Before(s.Start) {
				t.Errorf("a stream that cannot be: %+v", s)
			}
		}
		drain(x)
	})
}
