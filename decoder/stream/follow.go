package stream

import "tollwatch/decoder/frame"

// follow makes a flow that expects next. When the table is full, a stream that
// is SIP takes the place of the longest silent one; others only that of one
// which is not known to be SIP either, so that a flood of SYNs evicts nothing
// but SYNs.
func (a *Assembler) follow(key flowKey, p *frame.Packet, proven bool, next uint32) *flow {
	if len(a.flows) >= a.cfg.MaxFlows {
		victim := a.opening.first
		if victim == nil && proven {
			victim = a.sip.first
		}
		if victim == nil {
			a.counters.Refused++
			return nil
		}
		a.counters.Evicted++
		a.forget(victim)
	}
	f := a.idle()
	f.key, f.src, f.dst, f.proven, f.next, f.alive = key, p.Src, p.Dst, proven, next, true
	a.flows[key] = f
	return f
}

// forget ends a flow. Its memory is used again: SYNs must cost no garbage.
func (a *Assembler) forget(f *flow) {
	unlink(f, byUse)
	unlink(f, byWait)
	delete(a.flows, f.key)
	a.buffers.retire(f.held)
	a.buffers.retire(f.parts)
	a.buffers.used -= f.ahead
	clear(f.pending)
	*f = flow{pending: f.pending[:0]}
	a.spare = append(a.spare, f)
}

func (a *Assembler) idle() *flow {
	n := len(a.spare)
	if n == 0 {
		return new(flow)
	}
	f := a.spare[n-1]
	a.spare = a.spare[:n-1]
	return f
}

func (a *Assembler) listOf(f *flow) *list {
	if f.proven {
		return &a.sip
	}
	return &a.opening
}
