package stream

import (
	"tollwatch/decoder/stream/websocket"
)

// peek is how much of a frame's payload is read to find a start line where
// frames have to be searched: longer Request-URIs are not seen in WebSocket,
// and what is searched must cost the same everywhere.
const peek = 512

// part is what the frames of a WebSocket message come to.
type part uint8

const (
	between    part = iota // no message has begun
	collecting             // its fragments are put together
	passing                // it is not read: compressed, too long, or begun before
)

// upgrade says whether b begins with a handshake of SIP over WebSocket.
func upgrade(b []byte) (int, guess) {
	n, err := websocket.Upgrade(b)
	return n, guessOf(err)
}

func guessOf(err error) guess {
	switch err {
	case nil:
		return yes
	case websocket.ErrShort:
		return maybe
	}
	return no
}

// frameLike says whether b begins with a WebSocket frame whose payload begins
// with a SIP message, looking at n bytes of it at most.
func (a *Assembler) frameLike(b []byte, n int) guess {
	h, err := websocket.Decode(b)
	switch {
	case err != nil && err != websocket.ErrShort:
		return no
	case h.Compressed || h.Opcode != websocket.Text && h.Opcode != websocket.Binary:
		return no
	case err != nil:
		return maybe
	case h.Length > maxMessage || h.Length == 0:
		return no
	}
	n = min(n, int(h.Length))
	payload := b[h.Size:min(len(b), h.Size+n)]
	if len(payload) == 0 {
		return maybe
	}
	const first = 16 // most are refused by these
	for _, size := range []int{first, n} {
		part := a.peeked[:copy(a.peeked[:], payload[:min(size, len(payload))])]
		h.Unmask(part)
		part = part[lineEnds(part):]
		if g := sniff(part); g != maybe && len(part) > 0 {
			return g
		}
	}
	if len(payload) == n {
		return no
	}
	return maybe
}

// findFrame looks for the next frame in b whose payload begins with a SIP
// message, and which begins before limit.
func (a *Assembler) findFrame(b []byte, limit int) (int, guess) {
	for p := range limit {
		if op := websocket.Opcode(b[p] & 0x7f); op != websocket.Text && op != websocket.Binary {
			continue
		}
		if g := a.frameLike(b[p:], peek); g != no {
			return p, g
		}
	}
	return len(b), no
}

// frame takes one WebSocket frame.
func (a *Assembler) frame(f *flow, b []byte) (int, bool) {
	h, err := websocket.Decode(b)
	switch {
	case err == websocket.ErrShort:
		return 0, false
	case err != nil:
		a.misread(f)
		return 0, true
	case h.Length > maxMessage:
		a.oversizedFrame(f)
		return h.Size, true
	}
	n := h.Size + int(h.Length)
	if n > len(b) {
		return 0, false
	}
	a.payload(f, &h, b[h.Size:n])
	return n, !f.refused
}

// oversizedFrame gives up a frame that is longer than a message may be, and has
// the next one searched: what follows is not trusted to be that long.
func (a *Assembler) oversizedFrame(f *flow) {
	a.counters.Oversized++
	a.counters.Resyncs++
	a.cutParts(f)
	f.lost = true
}

// payload takes what a frame carries. Control frames may stand between the
// fragments of a message (RFC 6455 §5.4).
func (a *Assembler) payload(f *flow, h *websocket.Header, b []byte) {
	if h.Control() {
		a.counters.KeepAlives++
		return
	}
	a.advance(f, h)
	if f.part == collecting && len(f.parts)+len(b) > maxMessage {
		a.counters.Oversized++
		a.cutParts(f)
		f.part = passing
	}
	switch {
	case f.part == passing:
		a.counters.Skipped += uint64(len(b))
	case h.Final && len(f.parts) == 0:
		a.whole(f, h, b)
	default:
		n := len(f.parts)
		f.parts = a.buffers.append(f.parts, b)
		h.Unmask(f.parts[n:])
		if h.Final {
			a.deliver(f, f.parts, false)
			a.buffers.retire(f.parts)
			f.parts = nil
		}
	}
	if h.Final {
		f.part = between
	}
}

// advance moves f to the frame h: a message begins, or goes on.
func (a *Assembler) advance(f *flow, h *websocket.Header) {
	switch {
	case h.Opcode == websocket.Continuation && f.part == between:
		f.part = passing
	case h.Opcode == websocket.Continuation:
	case h.Compressed:
		a.cutParts(f)
		a.counters.Compressed++
		f.part = passing
	default:
		a.cutParts(f)
		f.part = collecting
	}
}

// whole takes a message in one frame. One without a mask is handed on where it
// lies.
func (a *Assembler) whole(f *flow, h *websocket.Header, b []byte) {
	if !h.Masked {
		a.deliver(f, b, false)
		return
	}
	own := a.buffers.append(nil, b)
	h.Unmask(own)
	a.deliver(f, own, false)
	a.buffers.retire(own)
}

// deliver returns a message if it is SIP; the subprotocol may be used for
// others too (RFC 7977).
func (a *Assembler) deliver(f *flow, b []byte, truncated bool) {
	m := b[lineEnds(b):]
	switch {
	case len(m) == 0:
		a.counters.KeepAlives++
	case sniff(m) == yes:
		a.prove(f)
		a.emit(f, m, truncated)
	default:
		a.counters.Skipped += uint64(len(m))
		f.skipped += len(m)
		f.refused = f.skipped > maxSkipped
	}
}

// cutParts returns the beginning of a message whose rest will not come.
func (a *Assembler) cutParts(f *flow) {
	if len(f.parts) > 0 {
		a.deliver(f, f.parts, true)
	}
	a.buffers.retire(f.parts)
	f.parts, f.part = nil, between
}

// cutFrame returns what came of a frame, and of the message that it is of.
func (a *Assembler) cutFrame(f *flow) {
	h, err := websocket.Decode(f.held)
	if f.lost || err != nil || h.Control() {
		a.counters.Skipped += uint64(len(f.held))
	} else {
		h.Final = false
		a.payload(f, &h, f.held[h.Size:])
	}
	a.cutParts(f)
}
