package media

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

// tap feeds a tracker packet by packet and keeps what it reports.
type tap struct {
	*Tracker
	t     testing.TB
	now   time.Time
	ended []*call.Stream
	heard []*call.Stream // that nobody announced
}

func newTap(t testing.TB, cfg Config) *tap { return &tap{Tracker: New(cfg), t: t, now: epoch} }

// Addresses of the stories: two telephones and two ports of a B2BUA.
var (
	alice = netip.MustParseAddrPort("10.0.0.1:4000")
	bob   = netip.MustParseAddrPort("10.0.0.2:5000")
	port1 = netip.MustParseAddrPort("10.0.0.9:30000")
	port2 = netip.MustParseAddrPort("[2001:db8::9]:30002")
)

var codecs = []Codec{{8, "PCMA", 8000}, {0, "PCMU", 8000}, {101, "telephone-event", 8000}, {13, "CN", 8000}}

func (x *tap) announce(leg call.LegID, at netip.AddrPort) {
	x.Announce(Endpoint{Addr: at, Call: call.ID(leg), Leg: leg, CallID: "story", Audio: true, Codecs: codecs}, x.now)
}

// packet makes an RTP packet of SSRC ssrc; its time stamp is 160 a sequence
// number.
func packet(src, dst netip.AddrPort, ssrc uint32, pt byte, sequence uint16, payload []byte) *frame.Packet {
	b := []byte{0x80, pt, byte(sequence >> 8), byte(sequence)}
	b = binary.BigEndian.AppendUint32(b, 160*uint32(sequence))
	b = binary.BigEndian.AppendUint32(b, ssrc)
	return &frame.Packet{Protocol: frame.UDP, Src: src, Dst: dst, Payload: append(b, payload...)}
}

// observe takes a packet, 20 ms after the one before.
func (x *tap) observe(p *frame.Packet) Kind {
	x.now = x.now.Add(20 * time.Millisecond)
	kind, events := x.Observe(p, x.now)
	x.keep(events)
	return kind
}

func (x *tap) keep(events []call.Event) {
	for _, e := range events {
		if e.Kind == call.EventStreamHeard && e.Stream != nil {
			x.heard = append(x.heard, e.Stream)
			continue
		}
		if e.Kind != call.EventStream || e.Stream == nil {
			x.t.Errorf("got event %+v, want a stream", e)
			continue
		}
		x.ended = append(x.ended, e.Stream)
	}
}

var voice = make([]byte, 160)

// talk sends voice with sequence numbers first to last.
func (x *tap) talk(src, dst netip.AddrPort, ssrc uint32, first, last uint16) (kind Kind) {
	for _, s := range through(first, last) {
		kind = x.observe(packet(src, dst, ssrc, 8, s, voice))
	}
	return kind
}

// digit sends a telephone-event: five packets with one time stamp, the last
// three with the end bit, as telephones do (RFC 4733 §2.5.1.4).
func (x *tap) digit(src, dst netip.AddrPort, ssrc uint32, first uint16, code byte) {
	for i := range uint16(5) {
		end := byte(0)
		if i >= 2 {
			end = 0x80
		}
		p := packet(src, dst, ssrc, 101, first+i, []byte{code, end | 10, 0, byte(i * 40)})
		binary.BigEndian.PutUint32(p.Payload[4:], 160*uint32(first))
		x.observe(p)
	}
}

// wait lets time pass in steps of a second.
func (x *tap) wait(d time.Duration) {
	for end := x.now.Add(d); x.now.Before(end); {
		x.now = x.now.Add(time.Second)
		x.keep(x.Advance(x.now))
	}
}

// flush ends the capture and gives all streams reported so far.
func (x *tap) flush() []*call.Stream {
	x.keep(x.Flush(x.now))
	return x.ended
}

// only is the one stream of a story.
func (x *tap) only() *call.Stream {
	x.t.Helper()
	all := x.flush()
	if len(all) != 1 {
		x.t.Fatalf("got %d streams, want 1: %+v", len(all), all)
	}
	return all[0]
}

// balanced compares the tracker's tables with each other.
func (x *tap) balanced() {
	x.t.Helper()
	announced, loose := count(&x.announced), count(&x.loose)
	places, ofLegs, streams := 0, 0, 0
	for p := x.oldest.first; p != nil; p = p.after {
		places++
		if x.places[keyOf(p.addr)] != p || x.legs[p.leg.id] != p.leg {
			x.t.Errorf("endpoint %v of leg %d is not in the tables", p.addr, p.leg.id)
		}
	}
	for id, l := range x.legs {
		ofLegs, streams = ofLegs+len(l.places), streams+len(l.streams)
		if l.id != id || len(l.places)+len(l.streams) == 0 || len(l.streams) > maxLegStreams {
			x.t.Errorf("leg %d under %d holds %d endpoints, %d streams", l.id, id, len(l.places), len(l.streams))
		}
	}
	inRing := 0
	for _, f := range x.candidates.ring {
		if f != nil {
			inRing++
		}
	}
	got := [...]int{announced, loose, announced + loose, streams, places, ofLegs, inRing}
	want := [...]int{x.announced.n, x.loose.n, x.streams.n, announced, len(x.places), places, len(x.candidates.flows)}
	if got != want {
		x.t.Errorf("announced, loose, streams, streams of legs, endpoints, endpoints of legs, candidates: counted %v, in the books %v", got, want)
	}
	now := x.Totals()
	if now.Endpoints > x.cfg.MaxEndpoints || now.Streams > x.cfg.MaxStreams || now.Candidates > max(x.cfg.MaxCandidates, 1) {
		x.t.Errorf("over the caps: %+v of %+v", now, x.cfg)
	}
}

func count(l *streamList) (n int) {
	var last *stream
	for s := l.first; s != nil; s = s.next {
		if s.prev != last {
			return -1
		}
		n, last = n+1, s
	}
	return n
}

func netipPort(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }
