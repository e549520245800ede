package stream

// maxSkipped is how much a stream may go on without a message before it is
// no longer believed to carry any.
const maxSkipped = 256 << 10

// extract cuts messages out of b, the bytes at the beginning of which the flow
// stands, and returns how many bytes need not be seen again.
func (a *Assembler) extract(f *flow, b []byte) int {
	used := 0
	for used < len(b) {
		n, more := a.step(f, b[used:])
		used += n
		if !more {
			break
		}
	}
	return used
}

// step takes one message, or what stands before it. It returns the bytes used,
// and false when more of them are needed.
func (a *Assembler) step(f *flow, b []byte) (int, bool) {
	switch {
	case f.head.begun:
		return a.message(f, b)
	case f.kind == WebSocket && !f.lost:
		return a.frame(f, b)
	case f.kind == HEP && !f.lost:
		return a.capsule(f, b)
	}
	return a.begin(f, b)
}

// message takes one message of SIP over TCP.
func (a *Assembler) message(f *flow, b []byte) (int, bool) {
	h := &f.head
	if !h.read(b) {
		if len(b) < maxMessage {
			return 0, false
		}
		return a.oversized(f, b, maxMessage), true
	}
	n := h.end + h.length
	if n > maxMessage {
		return a.oversized(f, b, h.end), true
	}
	if n > len(b) {
		return 0, false
	}
	a.emit(f, b[:n], false)
	f.head = head{}
	return n, true
}

// begin finds the beginning of a message, behind keep-alives; and where the
// stream was lost, or is not what a message begins with, behind anything.
func (a *Assembler) begin(f *flow, b []byte) (int, bool) {
	if n := lineEnds(b); n > 0 && f.kind <= TCP {
		a.counters.KeepAlives++
		return n, true
	}
	kind, n, g := f.kind, 0, no
	if !f.lost {
		kind, n, g = a.recognise(f.kind, b)
	}
	if g == no && !f.lost && f.proven {
		f.lost = true
		a.counters.Resyncs++
	}
	if g == no && f.lost {
		kind, n, g = a.search(f.kind, b)
		f.skipped += n
		a.counters.Skipped += uint64(n)
	}
	switch g {
	case yes:
		f.kind, f.lost = kind, false
		if kind == TCP {
			f.head.begun = true
			a.prove(f)
		}
		return n, true
	case maybe:
		return n, false
	}
	f.refused = !f.proven || f.skipped > maxSkipped
	return len(b), false
}

// prove notes that a message of f's kind was found.
func (a *Assembler) prove(f *flow) {
	f.skipped = 0
	if !f.proven {
		f.proven = true
		a.sip.push(f)
	}
}

// misread gives up the boundaries of frames or packets: what stands there is
// none. Where none was found before, the stream may still be another kind's.
func (a *Assembler) misread(f *flow) {
	a.cutParts(f)
	if !f.proven {
		f.kind = 0
		return
	}
	f.lost = true
	a.counters.Resyncs++
}

// oversized returns a message that is longer than the cap, or says so, as far
// as the next start line, and has the stream searched from byte n on.
func (a *Assembler) oversized(f *flow, b []byte, n int) int {
	a.counters.Oversized++
	a.counters.Resyncs++
	next, _ := find(b[n:])
	a.emit(f, b[:min(n+next, maxMessage)], true)
	f.head, f.lost = head{}, true
	return n
}

func (a *Assembler) emit(f *flow, b []byte, truncated bool) {
	a.counters.Messages++
	if truncated {
		a.counters.Truncated++
	}
	a.messages = append(a.messages, Message{Data: b[:len(b):len(b)], Src: f.src, Dst: f.dst, Kind: f.kind, Truncated: truncated})
}
