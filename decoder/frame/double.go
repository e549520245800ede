package frame

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"time"
)

// Sizes of the memory for doubled frames, 416 KiB in all. 500 calls at once are
// 50,000 packets a second of 200 bytes; it holds those of the window. A frame that
// comes back later than it lasts is counted twice.
const (
	doubleBytes   = 256 << 10
	doublePackets = 2048
	placeBits     = 11

	// doubleWindow is how far two copies of a frame may lie apart. A mirror of
	// both ports, or a capture on several interfaces, gives them within
	// microseconds; in the buffer of a full mirror port (1.5 MB at 1 Gbit/s) the
	// second waits 12 ms. It is a twentieth of T1, after which SIP repeats a
	// message (RFC 3261 §17.1.1.1), and an eighth of TCP's least timeout on Linux.
	doubleWindow = 25 * time.Millisecond
)

// doubles knows the transport packets of the last milliseconds byte for byte,
// so that a frame that was mirrored twice is counted once. What the way changes
// (MAC addresses, tags, tunnels, TTL, DSCP) and what a network card fills in
// (checksums) is not compared, all else is: a packet that is taken for a double
// says nothing that was not handed on before, whoever sent it. What differs in
// its identification, or only in a sequence number, is no double.
//
// A sender may repeat a packet to the byte within the window, when it gives no
// identification: IPv6 has none, and Linux writes 0 on sockets that are not
// connected. Of that, nothing is lost by counting it once: RTP and UDPTL packets
// sent twice against loss have the same sequence number, and the last packets of
// a DTMF event have different ones (RFC 4733 §2.5.1.4); TCP's acknowledgements,
// keep-alives and retransmitted segments tell the assembler nothing new.
type doubles struct {
	places  [1 << placeBits][2]slot // the newer packet first
	packets [doublePackets]sighting
	count   uint32 // packets ever remembered: which the next one is
	ring    [doubleBytes]byte
	end     uint64 // bytes ever put into the ring: where the next ones go
}

// slot is one of the latest two packets that share a place. What its number
// points to may be a newer packet by now: it is compared like any other.
type slot struct{ tag, number uint32 }

// sighting is a packet that was seen, but for its bytes.
type sighting struct {
	origin origin
	at     int64  // ns
	start  uint64 // of its bytes in the ring, counted like doubles.end
	length int32  // bytes that were captured
	wire   int32
}

// origin is what an IP header says of a packet: both addresses as they stand
// there, the identification, and what it carries. It is kept in words, and copied
// word by word: a processor waits when it loads as one what it just stored as two.
type origin struct {
	a, b, c, d     uint64 // IPv4 has only the first
	identification uint32 // noIdentification for IPv6
	protocol       Protocol
}

// noIdentification is one that no IPv4 packet has.
const noIdentification = 1 << 16

func (o *origin) set4(addresses []byte, identification int) {
	o.a, o.b, o.c, o.d = binary.LittleEndian.Uint64(addresses), 0, 0, 0
	o.identification = uint32(identification)
}

func (o *origin) set6(addresses []byte) {
	_ = addresses[31]
	o.a, o.b = binary.LittleEndian.Uint64(addresses), binary.LittleEndian.Uint64(addresses[8:])
	o.c, o.d = binary.LittleEndian.Uint64(addresses[16:]), binary.LittleEndian.Uint64(addresses[24:])
	o.identification = noIdentification
}

func (o *origin) set(q *origin) {
	o.a, o.b, o.c, o.d = q.a, q.b, q.c, q.d
	o.identification, o.protocol = q.identification, q.protocol
}

// doubled says whether the packet was there already, and remembers it if not.
// The time of a packet stays that of its first sighting, so that one who repeats
// for ever is heard once in a window.
func (d *Decoder) doubled(protocol Protocol, l4 view) bool {
	if len(l4.b) > maxDatagram {
		return false // segments of an offloading card, beyond what IP can carry
	}
	d.origin.protocol = protocol
	t, at := &d.doubles, d.now.UnixNano()
	hash := fingerprint(&d.origin, l4)
	place, tag := &t.places[hash>>(64-placeBits)], uint32(hash)
	for i := range place {
		s := &t.packets[place[i].number%doublePackets]
		if place[i].tag == tag && s.near(at, &d.origin, l4) && t.holds(s, l4.b) {
			d.counters.Doubled++
			return true
		}
	}
	place[1], place[0] = place[0], slot{tag, t.count}
	s := &t.packets[t.count%doublePackets]
	t.count++
	s.origin.set(&d.origin)
	s.at, s.start = at, t.keep(l4.b)
	s.length, s.wire = int32(len(l4.b)), int32(l4.wire)
	return false
}

// near compares all but the bytes. A frame that the snaplen cut is no double of
// one that was cut earlier: it says more.
func (s *sighting) near(at int64, o *origin, l4 view) bool {
	apart := time.Duration(at - s.at)
	return -doubleWindow <= apart && apart <= doubleWindow && s.origin == *o &&
		int(s.wire) == l4.wire && int(s.length) >= len(l4.b)
}

// holds says whether the bytes of s are still there, and begin with b.
func (t *doubles) holds(s *sighting, b []byte) bool {
	if t.end-s.start > doubleBytes {
		return false
	}
	seen := t.ring[s.start%doubleBytes:][:len(b)]
	before, behind := s.origin.protocol.aroundChecksum()
	return bytes.Equal(seen[:before], b[:before]) && bytes.Equal(seen[behind:], b[behind:])
}

// keep copies b into the ring, over what is oldest there.
func (t *doubles) keep(b []byte) uint64 {
	at := t.end % doubleBytes
	if at+uint64(len(b)) > doubleBytes {
		t.end += doubleBytes - at
		at = 0
	}
	copy(t.ring[at:], b)
	start := t.end
	t.end += uint64(len(b))
	return start
}

// fingerprint sums up what tells neighbouring packets apart: identification,
// ports, length, and a word of every 64 bytes. That suffices for RTP, whose
// sequence number is in the first, and for the many branches, tags and numbers
// of SIP. Packets that share a place cost a double that is not recognised, never
// a packet; so the sum needs no secret.
func fingerprint(o *origin, l4 view) uint64 {
	const (
		word   = 8
		stride = 64
		golden = 0x9e3779b97f4a7c15
	)
	b := l4.b
	_, behind := o.protocol.aroundChecksum()
	h := uint64(binary.LittleEndian.Uint32(b))<<32 ^ uint64(l4.wire)<<17 ^ uint64(o.identification)
	for i := behind; i <= len(b)-word; i += stride {
		h = bits.RotateLeft64(h, 29) ^ binary.LittleEndian.Uint64(b[i:])*golden
	}
	high, low := bits.Mul64(h, golden)
	return (high ^ low) * golden
}

// aroundChecksum are where the checksum of a transport header begins and ends.
func (p Protocol) aroundChecksum() (before, behind int) {
	switch p {
	case TCP:
		return 16, 18
	case SCTP:
		return 8, 12
	}
	return 6, 8
}
