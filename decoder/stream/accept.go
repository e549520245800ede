package stream

import (
	"time"

	"tollwatch/decoder/frame"
)

// accept takes a segment of a flow that is followed: trims what is known, puts
// it in order, and ends the flow with its connection.
func (a *Assembler) accept(f *flow, p *frame.Packet, now time.Time) Verdict {
	seq, b := p.Seq, p.Payload
	if p.Flags&frame.SYN != 0 {
		seq++
	}
	ahead := distance(seq, f.next)
	if ahead > maxAhead || ahead < -maxAhead {
		if !a.elsewhere(f, seq, b) {
			return verdictOf(f.proven)
		}
		ahead = 0
	}
	switch {
	case len(b) == 0:
	case ahead > 0:
		a.early(f, seq, b, now)
	case ahead+len(b) > 0:
		a.inOrder(f, b[-ahead:], now)
	default:
		a.counters.Retransmitted++
	}
	ended := p.Flags&frame.FIN != 0 && distance(f.next, seq) >= len(b)
	if f.alive && (ended || p.Truncated || p.Flags&frame.RST != 0) {
		// Of a segment that the snaplen cut, nobody knows how much is missing.
		proven := f.proven
		a.close(f)
		return verdictOf(proven)
	}
	return verdictOf(f.proven || f.alive && len(b) > 0)
}

func verdictOf(sip bool) Verdict {
	if sip {
		return Buffered
	}
	return NotSIP
}

// open takes a SYN. One that is not a retransmission begins a new connection
// between the same addresses.
func (a *Assembler) open(f *flow, p *frame.Packet, now time.Time) Verdict {
	first := p.Seq + 1
	if since := distance(f.next, first); since < 0 || since > maxAhead {
		a.abandon(f)
		a.settle(f, now)
		f.next, f.lost, f.kind = first, false, 0
	}
	return a.accept(f, p, now)
}

// elsewhere takes a segment that no window explains: the addresses are used
// anew, or much was lost. The stream goes on there, which is reported, when it
// begins with a message, whatever it carried before.
func (a *Assembler) elsewhere(f *flow, seq uint32, b []byte) bool {
	if _, _, g := a.recognise(0, b[lineEnds(b):]); g != yes {
		a.counters.Skipped += uint64(len(b))
		return false
	}
	a.abandon(f)
	f.next, f.lost, f.kind = seq, false, 0
	return true
}

// early keeps a segment that is ahead of what is expected.
func (a *Assembler) early(f *flow, seq uint32, b []byte, now time.Time) {
	a.counters.OutOfOrder++
	a.keep(f, seq, b)
	if f.links[byWait].in == nil {
		f.since = now
		a.waiting.push(f)
	}
	for len(f.pending) > maxPending || f.ahead > maxPendingBytes {
		a.giveUp(f, now)
	}
	a.bound()
}

// keep puts what b brings anew among the pending pieces of f.
func (a *Assembler) keep(f *flow, seq uint32, b []byte) {
	before := f.ahead
	f.keep(seq, b)
	a.buffers.used += f.ahead - before
}

// inOrder takes the bytes that f expected, and those that waited for them. As
// long as nothing is held, messages are cut out of the segment itself. One that
// reaches over pieces that were seen first yields to them.
func (a *Assembler) inOrder(f *flow, b []byte, now time.Time) {
	if len(f.pending) > 0 && distance(f.pending[0].seq, f.next) < len(b) {
		a.keep(f, f.next, b)
		b = nil
	}
	f.next += uint32(len(b))
	if len(f.held) == 0 && !f.continued() {
		if rest := b[a.extract(f, b):]; len(rest) > 0 {
			f.held = a.buffers.append(nil, rest)
		}
		a.settle(f, now)
		return
	}
	f.held = a.buffers.append(f.held, b)
	for f.continued() {
		p := f.pop()
		a.buffers.used -= len(p.data)
		if known := distance(f.next, p.seq); known < len(p.data) {
			f.held = a.buffers.append(f.held, p.data[known:])
			f.next = p.end()
		}
	}
	if used := a.extract(f, f.held); used > 0 {
		all := f.held
		f.held = nil
		if used < len(all) {
			f.held = a.buffers.append(nil, all[used:])
		}
		a.buffers.retire(all)
	}
	a.settle(f, now)
}

// continued says whether the first pending piece is no longer behind a gap.
func (f *flow) continued() bool {
	return len(f.pending) > 0 && distance(f.pending[0].seq, f.next) <= 0
}

// settle ends the handling of a segment: a flow that turned out to carry
// no messages is forgotten, one that holds bytes waits from now on, and the bound on all
// that is held is kept.
func (a *Assembler) settle(f *flow, now time.Time) {
	switch {
	case f.refused:
		a.forget(f)
	case len(f.held)+len(f.pending)+len(f.parts) > 0:
		f.since = now
		a.waiting.push(f)
	default:
		unlink(f, byWait)
	}
	a.bound()
}

// bound forgets the flows that have waited longest until the rest fits.
func (a *Assembler) bound() {
	for a.buffers.used > a.cfg.MaxBuffered && a.waiting.first != nil {
		a.counters.Evicted++
		a.forget(a.waiting.first)
	}
}

// giveUp stops waiting: what is held is cut, and the gap is jumped over.
func (a *Assembler) giveUp(f *flow, now time.Time) {
	a.cut(f)
	if len(f.pending) > 0 {
		a.counters.Gaps++
		f.next = f.pending[0].seq
		a.inOrder(f, nil, now)
		return
	}
	if !f.proven {
		a.forget(f)
		return
	}
	unlink(f, byWait)
}

// cut returns the beginning of a message whose rest will not come. The next is
// searched in what follows.
func (a *Assembler) cut(f *flow) {
	switch {
	case f.head.begun:
		a.emit(f, f.held, true)
	case f.kind == WebSocket:
		a.cutFrame(f)
	case f.kind == HEP:
		a.cutCapsule(f)
	default:
		a.counters.Skipped += uint64(len(f.held))
	}
	a.buffers.retire(f.held)
	f.held, f.head, f.lost = nil, head{}, true
}

// abandon ends a stream without ending the flow.
func (a *Assembler) abandon(f *flow) {
	a.cut(f)
	a.buffers.used -= f.ahead
	clear(f.pending)
	f.pending, f.ahead = f.pending[:0], 0
}

// close ends a flow: all that waits behind gaps is returned.
func (a *Assembler) close(f *flow) {
	for f.alive && len(f.pending) > 0 {
		a.giveUp(f, f.since)
	}
	if f.alive {
		a.cut(f)
		a.forget(f)
	}
}
