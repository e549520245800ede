package media

import (
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
func (c *candidates) observe(p *frame.Packet, h *rtp.Header, key *streamKey, announced bool, at int64) (f *candidate, proved bool) {
	f = c.flows[*key]
	if announced {
		return f, true
	}
	if !plausible(p, h) {
		return nil, false
	}
	if f == nil {
		f = c.begin(p, h, key, at)
	} else if step := int16(h.Sequence - f.next); h.PayloadType != f.payload || step < -1 || step > 2 {
		f.restart(p, h, at)
	} else if step >= 0 {
		f.inRow++
	}
	f.next = h.Sequence + 1
	if f.inRow >= proofs {
		return f, true // the caller's stream counts this packet
	}
	f.stream.observe(p, h, at)
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

// begin takes the place of the oldest in the ring, and its memory: a flood of
// flows allocates nothing.
func (c *candidates) begin(p *frame.Packet, h *rtp.Header, key *streamKey, at int64) *candidate {
	f := c.ring[c.head]
	if f == nil {
		f = &candidate{at: c.head}
		c.ring[c.head] = f
	} else {
		c.evicted++
		delete(c.flows, f.stream.streamKey)
	}
	f.restart(p, h, at)
	c.head = (c.head + 1) % len(c.ring)
	c.flows[*key] = f
	return f
}

// restart forgets what a flow counted: it goes on otherwise than RTP does.
func (f *candidate) restart(p *frame.Packet, h *rtp.Header, at int64) {
	f.inRow, f.payload = 0, h.PayloadType
	odd := f.stream.odd
	if odd != nil {
		*odd = disorder{}
	}
	f.stream = stream{streamKey: streamKey{src: p.Src, dst: p.Dst, ssrc: h.SSRC}, first: at, last: at}
	f.stream.odd = odd
}

func (c *candidates) forget(f *candidate) {
	delete(c.flows, f.stream.streamKey)
	c.ring[f.at] = nil
}

// expire forgets those that were silent since a time, in ns since 1970.
func (c *candidates) expire(before int64) {
	if len(c.flows) == 0 {
		return
	}
	for _, f := range c.ring {
		if f != nil && f.stream.last < before {
			c.forget(f)
		}
	}
}
