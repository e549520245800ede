package stream

import (
	"net/netip"
	"time"

	"tollwatch/decoder/frame"
)

// flowKey is a direction of a connection. Addresses and ports are packed,
// since hashing sixteen bytes is cheaper than hashing a netip.Addr.
type flowKey [36]byte

func keyOf(p *frame.Packet) flowKey {
	var k flowKey
	src, dst := p.Src.Addr().As16(), p.Dst.Addr().As16()
	copy(k[:16], src[:])
	copy(k[16:32], dst[:])
	k[32], k[33] = byte(p.Src.Port()>>8), byte(p.Src.Port())
	k[34], k[35] = byte(p.Dst.Port()>>8), byte(p.Dst.Port())
	return k
}

// flow is one direction of a connection.
type flow struct {
	key      flowKey
	src, dst netip.AddrPort
	kind     Kind      // what it carries, once known
	alive    bool      // in the table; a forgotten flow is zero
	proven   bool      // a message was found in it
	lost     bool      // the next message has to be searched
	refused  bool      // it carries none: to be forgotten
	skipped  int       // bytes since the last message
	next     uint32    // sequence number of the byte expected next
	last     time.Time // of its latest segment
	since    time.Time // when it began to hold bytes, or last got on
	head     head      // of the message at the beginning of held
	held     []byte    // in order, of a message or a frame that is not whole
	part     part      // WebSocket: of the message whose frames come
	parts    []byte    // WebSocket: the fragments of it, without masks
	pending  []piece   // behind a gap, by sequence number, not overlapping
	ahead    int       // bytes in pending
	links    [2]links  // in the list of the proven or the others, and in the list of those who wait
}

// piece is a segment that waits for the bytes before it.
type piece struct {
	seq  uint32
	data []byte
}

func (p *piece) end() uint32 { return p.seq + uint32(len(p.data)) }

// distance is how far a is behind b, in the arithmetic of RFC 9293 §3.4.
func distance(a, b uint32) int { return int(int32(a - b)) }

// keep puts a copy of b at seq among the pending pieces, as far as no other
// covers it: the first bytes win.
func (f *flow) keep(seq uint32, b []byte) {
	for i := 0; len(b) > 0; i++ {
		if i == len(f.pending) {
			f.insert(i, seq, b)
			return
		}
		before := distance(f.pending[i].seq, seq)
		if before >= len(b) {
			f.insert(i, seq, b)
			return
		}
		if before > 0 {
			f.insert(i, seq, b[:before])
			i++
		}
		n := distance(f.pending[i].end(), seq)
		if n > 0 {
			n = min(n, len(b))
			seq, b = seq+uint32(n), b[n:]
		}
	}
}

func (f *flow) insert(i int, seq uint32, b []byte) {
	f.pending = append(f.pending, piece{})
	copy(f.pending[i+1:], f.pending[i:])
	f.pending[i] = piece{seq, append([]byte(nil), b...)}
	f.ahead += len(b)
}

// pop takes the first pending piece.
func (f *flow) pop() piece {
	p := f.pending[0]
	n := copy(f.pending, f.pending[1:])
	f.pending[n] = piece{}
	f.pending = f.pending[:n]
	f.ahead -= len(p.data)
	return p
}
