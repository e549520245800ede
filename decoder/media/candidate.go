package media

import (
	"time"

	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// proofs is how many packets must go on from the one before until a flow that
// nobody announced is a stream: version 2, one SSRC, one payload type, the
// sequence going on. A random payload passes one such step with a chance below
// 1 in 2^50; a counter in some other protocol passes them all, but where RTP has
// its SSRC it would have to stand still.
const proofs = 3

// candidate is a flow that may turn out to be RTP. What it counts is kept.
type candidate struct {
	stream  stream
	payload uint8
	next    uint16
	inRow   int
	at      int // its place in the ring of ages
}

// candidates are bounded: one goes when as many as the table holds began after
// it.
type candidates struct {
	flows   map[streamKey]*candidate
	ring    []*candidate // by age; nil where one was forgotten
	head    int
	evicted uint64
}

func newCandidates(n int) candidates {
	return candidates{flows: map[streamKey]*candidate{}, ring: make([]*candidate, max(n, 1))}
}

// observe counts a packet of a flow. A flow that is announced is not begun
// here, only found; proved says that it is a stream.
func (c *candidates) observe(p *frame.Packet, h *rtp.Header, key *streamKey, announced bool, now time.Time) (f *candidate, proved bool) {
	f = c.flows[*key]
	if announced {
		return f, true
	}
	if !plausible(p, h) {
		return nil, false
	}
	if f == nil {
		f = c.begin(key, h, now)
	} else if step := int16(h.Sequence - f.next); h.PayloadType != f.payload || step < -1 || step > 2 {
		f.inRow, f.payload = 0, h.PayloadType
		f.stream = stream{key: *key, first: now, last: now}
	} else if step >= 0 {
		f.inRow++
	}
	f.next = h.Sequence + 1
	if f.inRow >= proofs {
		return f, true // the caller's stream counts this packet
	}
	f.stream.observe(p, h, now)
	return f, false
}

// plausible says that a packet nobody announced may be RTP: ports and payload
// types as telephones use them (RFC 3551 §6: 1, 2 and 19 are reserved, 72 to
// 76 would be RTCP).
func plausible(p *frame.Packet, h *rtp.Header) bool {
	pt := h.PayloadType
	return p.Src.Port() >= 1024 && p.Dst.Port() >= 1024 && h.PayloadLength > 0 && h.SSRC != 0 &&
		(pt <= 34 && pt != 1 && pt != 2 && pt != 19 || pt >= 96)
}

func (c *candidates) begin(key *streamKey, h *rtp.Header, now time.Time) *candidate {
	if old := c.ring[c.head]; old != nil {
		c.evicted++
		delete(c.flows, old.stream.key)
	}
	f := &candidate{stream: stream{key: *key, first: now, last: now}, payload: h.PayloadType, at: c.head}
	c.ring[c.head] = f
	c.head = (c.head + 1) % len(c.ring)
	c.flows[*key] = f
	return f
}

func (c *candidates) forget(f *candidate) {
	delete(c.flows, f.stream.key)
	c.ring[f.at] = nil
}

// expire forgets those that were silent since a time.
func (c *candidates) expire(before time.Time) {
	for _, f := range c.ring {
		if f != nil && f.stream.last.Before(before) {
			c.forget(f)
		}
	}
}
