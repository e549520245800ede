package packets

import (
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/truth"
	"tollwatch/sensor/lab/wire"
)

// tap writes what is seen, as it is seen.
type tap struct {
	capture *wire.Capture
	builder wire.Builder
	queue   *queue
	totals  *truth.Totals
	loss    float64 // share of SIP messages that are not seen
	dice    *rand.Rand
	err     error // the first; the generator stops at it
}

func (t *tap) write(at int64, frame []byte) {
	if t.err == nil {
		t.err = t.capture.Write(time.Unix(0, at).UTC(), frame)
	}
}

// later writes a copy of frame at a later time.
func (t *tap) later(at int64, frame []byte) {
	t.queue.push(at, &delayed{t, append([]byte(nil), frame...)})
}

type delayed struct {
	tap   *tap
	frame []byte
}

func (d *delayed) step(now int64) (int64, bool) {
	d.tap.write(now, d.frame)
	return 0, false
}

// conn is the TCP connection of one telephone, or the operator, to the PBX, opened when it is
// first used and never closed: the capture ends before it does.
type conn struct {
	ends [2]wire.Port // phone, PBX
	seq  [2]uint32    // next byte of each
	open bool

	tls    bool
	secret uint64 // from which what nobody can read is made
}

const (
	segmentMost = 1400 // bytes, so that both versions of IP fit an Ethernet frame
	ackDelay    = int64(40 * time.Microsecond)
)

// send writes a message in segments and the other end's acknowledgement.
func (c *conn) send(t *tap, now int64, from int, message []byte) {
	if !c.open {
		c.handshake(t, now)
		if c.tls {
			c.secure(t, now)
		}
	}
	if c.tls {
		message = c.cipher(message)
	}
	c.segments(t, now, from, message)
}

// miss passes over a message that the tap does not see: its bytes are a gap in
// what one end says.
func (c *conn) miss(from int, message []byte) {
	if !c.open {
		return // what is seen next opens it
	}
	if c.tls {
		message = c.cipher(message)
	}
	c.seq[from] += uint32(len(message))
}

// segments cuts what one end sends into segments.
func (c *conn) segments(t *tap, now int64, from int, message []byte) {
	to := 1 - from
	for len(message) > 0 {
		n := min(len(message), segmentMost)
		t.write(now, t.builder.TCP(c.ends[from], c.ends[to], wire.Segment{Seq: c.seq[from], Ack: c.seq[to], Flags: wire.PSH | wire.ACK}, message[:n]))
		c.seq[from] += uint32(n)
		message = message[n:]
	}
	t.later(now+ackDelay, t.builder.TCP(c.ends[to], c.ends[from], wire.Segment{Seq: c.seq[to], Ack: c.seq[from], Flags: wire.ACK}, nil))
}

func (c *conn) handshake(t *tap, now int64) {
	c.open = true
	t.write(now, t.builder.TCP(c.ends[0], c.ends[1], wire.Segment{Seq: c.seq[0], Flags: wire.SYN}, nil))
	c.seq[0]++
	t.write(now, t.builder.TCP(c.ends[1], c.ends[0], wire.Segment{Seq: c.seq[1], Ack: c.seq[0], Flags: wire.SYN | wire.ACK}, nil))
	c.seq[1]++
	t.write(now, t.builder.TCP(c.ends[0], c.ends[1], wire.Segment{Seq: c.seq[0], Ack: c.seq[1], Flags: wire.ACK}, nil))
}

// transport names it; without a connection it is UDP.
func (c *conn) transport() string {
	switch {
	case c == nil:
		return "udp"
	case c.tls:
		return "tls"
	}
	return "tcp"
}
