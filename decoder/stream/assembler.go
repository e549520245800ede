package stream

import (
	"net/netip"
	"time"

	"tollwatch/decoder/frame"
)

// Assembler rebuilds TCP byte streams just far enough to find SIP messages in
// them. It belongs to one goroutine.
type Assembler struct {
	cfg      Config
	flows    map[flowKey]*flow
	opening  list // flows that are not known to be SIP
	sip      list
	waiting  list // flows that hold bytes
	spare    []*flow
	buffers  buffers
	tls      recent
	messages []Message
	counters Counters
}

// Message is one SIP message cut out of a stream. Data lives until the next
// Observe.
type Message struct {
	Data      []byte
	Src, Dst  netip.AddrPort
	Truncated bool // a loss, the size cap or the connection's end cut it
}

// Verdict is what a segment was.
type Verdict uint8

// What a segment can be.
const (
	NotSIP   Verdict = iota + 1 // nothing of a SIP stream
	Buffered                    // of a SIP stream, but no message is whole
	Complete                    // messages are returned
)

var verdictNames = [...]string{"", "not_sip", "buffered", "complete"}

// String is the verdict in one word.
func (v Verdict) String() string {
	if int(v) >= len(verdictNames) {
		return ""
	}
	return verdictNames[v]
}

// New makes an assembler with empty tables.
func New(cfg Config) *Assembler {
	return &Assembler{
		cfg: cfg, flows: make(map[flowKey]*flow),
		opening: list{which: byUse}, sip: list{which: byUse}, waiting: list{which: byWait},
		tls: newRecent(),
	}
}

// Observe takes one segment. The messages are those that it completes, and
// before them those of other flows that have waited too long for the rest;
// they are valid until the next Observe.
func (a *Assembler) Observe(p *frame.Packet, now time.Time) ([]Message, Verdict) {
	a.messages = a.messages[:0]
	a.buffers.reclaim()
	a.overdue(now)
	verdict := a.segment(p, now)
	if len(a.messages) > 0 {
		verdict = Complete
	}
	return a.messages, verdict
}

// Advance forgets flows that have been silent for long, but none that holds
// bytes: Observe or Flush returns those first.
func (a *Assembler) Advance(now time.Time) {
	for _, l := range []*list{&a.opening, &a.sip} {
		for l.first != nil && l.first.links[byWait].in == nil && now.Sub(l.first.last) >= idleTime {
			a.counters.Expired++
			a.forget(l.first)
		}
	}
}

// Flush returns what is still held, at the end of a capture: messages behind
// gaps, and the beginnings of others. It forgets every flow.
func (a *Assembler) Flush() []Message {
	a.messages = a.messages[:0]
	a.buffers.reclaim()
	for a.waiting.first != nil {
		a.close(a.waiting.first)
	}
	for _, f := range a.flows {
		a.forget(f)
	}
	return a.messages
}

// Counters returns a copy of the counters.
func (a *Assembler) Counters() Counters {
	c := a.counters
	c.Flows, c.Buffered = len(a.flows), a.buffers.used
	return c
}

// overdue gives up gaps and rests of messages that were waited for in vain.
func (a *Assembler) overdue(now time.Time) {
	for f := a.waiting.first; f != nil && now.Sub(f.since) >= patience; f = a.waiting.first {
		a.giveUp(f, now)
	}
}

// segment finds the flow of p, and what p is to it.
func (a *Assembler) segment(p *frame.Packet, now time.Time) Verdict {
	key := keyOf(p)
	f := a.flows[key]
	if f == nil {
		if f = a.stranger(key, p, now); f == nil {
			return NotSIP
		}
	}
	f.last = now
	a.listOf(f).push(f)
	if p.Flags&frame.SYN != 0 {
		return a.open(f, p, now)
	}
	return a.accept(f, p, now)
}

// stranger decides whether to follow the flow of p, which is not known yet.
func (a *Assembler) stranger(key flowKey, p *frame.Packet, now time.Time) *flow {
	if p.Flags&frame.RST != 0 {
		return nil
	}
	if p.Flags&frame.SYN != 0 {
		return a.follow(key, p, false, p.Seq+1)
	}
	b := p.Payload
	switch sniff(b[lineEnds(b):]) {
	case yes:
		return a.follow(key, p, true, p.Seq)
	case maybe:
		return a.follow(key, p, false, p.Seq)
	}
	if isTLS(b) {
		a.noteTLS(key)
	}
	return nil
}

func (a *Assembler) noteTLS(key flowKey) {
	if a.tls.add(key) {
		a.counters.TLSFlows++
	}
}
