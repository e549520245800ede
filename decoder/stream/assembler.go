package stream

import (
	"net/netip"
	"time"

	"tollwatch/decoder/frame"
	"tollwatch/decoder/stream/sctp"
	"tollwatch/decoder/stream/tls"
)

// Assembler rebuilds byte streams just far enough to find messages in them. It
// belongs to one goroutine.
type Assembler struct {
	cfg      Config
	flows    map[flowKey]*flow
	opening  list // flows in which no message was found yet
	sip      list // those in which one was
	waiting  list // flows that hold bytes
	spare    []*flow
	buffers  buffers
	sctp     *sctp.Assembler
	tls      *tls.Table
	messages []Message
	counters Counters
	peeked   [maxStartLine]byte // the beginning of a frame's payload, unmasked
}

// Message is one SIP message cut out of a stream, or one HEP packet. Data
// lives until the next Observe, Advance or Flush.
type Message struct {
	Data      []byte
	Src, Dst  netip.AddrPort
	Kind      Kind
	Truncated bool // a loss, the size cap or the connection's end cut it
}

// Peer is a server endpoint that speaks TLS.
type Peer = tls.Peer

// Verdict is what a segment was.
type Verdict uint8

// What a segment can be.
const (
	NotSIP   Verdict = iota + 1 // nothing of a stream with messages
	Buffered                    // of such a stream, but no message is whole
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
		sctp: sctp.New(), tls: tls.New(),
	}
}

// Observe takes one TCP segment or SCTP packet. The messages are those that it
// completes, and before them those of other flows that have waited too long
// for the rest; they are valid until the next Observe, Advance or Flush.
func (a *Assembler) Observe(p *frame.Packet, now time.Time) ([]Message, Verdict) {
	a.overdue(now)
	verdict := NotSIP
	switch p.Protocol {
	case frame.TCP:
		verdict = a.segment(p, now)
	case frame.SCTP:
		verdict = a.association(p, now)
	}
	if len(a.messages) > 0 {
		verdict = Complete
	}
	return a.messages, verdict
}

// Advance returns the messages whose rest, or a gap before them, has been
// waited for long enough, and forgets flows that have been silent for long and
// hold nothing.
func (a *Assembler) Advance(now time.Time) []Message {
	a.overdue(now)
	for _, l := range []*list{&a.opening, &a.sip} {
		for l.first != nil && l.first.links[byWait].in == nil && now.Sub(l.first.last) >= idleTime {
			a.counters.Expired++
			a.forget(l.first)
		}
	}
	return a.messages
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
	a.packets(a.sctp.Flush())
	return a.messages
}

// TLS returns what is known of the peers that speak TLS.
func (a *Assembler) TLS() []Peer { return a.tls.Snapshot() }

// Counters returns a copy of the counters.
func (a *Assembler) Counters() Counters {
	c := a.counters
	c.Flows, c.Buffered = len(a.flows), a.buffers.used
	c.SCTP, c.TLS = a.sctp.Counters(), a.tls.Counters()
	return c
}

// overdue begins anew, and gives up gaps and rests of messages that were
// waited for in vain.
func (a *Assembler) overdue(now time.Time) {
	a.messages = a.messages[:0]
	a.buffers.reclaim()
	for f := a.waiting.first; f != nil && now.Sub(f.since) >= patience; f = a.waiting.first {
		a.giveUp(f, now)
	}
	a.packets(a.sctp.Advance(now))
}

// association takes an SCTP packet.
func (a *Assembler) association(p *frame.Packet, now time.Time) Verdict {
	messages, kept := a.sctp.Observe(p.Src, p.Dst, p.Payload, p.Truncated, now)
	a.packets(messages)
	return verdictOf(kept)
}

func (a *Assembler) packets(messages []sctp.Message) {
	for _, m := range messages {
		a.counters.Messages++
		if m.Truncated {
			a.counters.Truncated++
		}
		a.messages = append(a.messages, Message{Data: m.Data, Src: m.Src, Dst: m.Dst, Kind: SCTP, Truncated: m.Truncated})
	}
}

// segment takes a TCP segment. What is no stream with messages may be TLS.
func (a *Assembler) segment(p *frame.Packet, now time.Time) Verdict {
	key := keyOf(p)
	f := a.flows[key]
	if f == nil {
		f = a.stranger(key, p)
	}
	verdict := NotSIP
	if f != nil {
		verdict = a.known(f, p, now)
	}
	if verdict == NotSIP {
		a.tls.Observe(p.Src, p.Dst, p.Seq, p.Payload, now)
	}
	return verdict
}

func (a *Assembler) known(f *flow, p *frame.Packet, now time.Time) Verdict {
	f.last = now
	a.listOf(f).push(f)
	if p.Flags&frame.SYN != 0 {
		return a.open(f, p, now)
	}
	return a.accept(f, p, now)
}

// stranger decides whether to follow the flow of p, which is not known yet.
func (a *Assembler) stranger(key flowKey, p *frame.Packet) *flow {
	if p.Flags&frame.RST != 0 {
		return nil
	}
	if p.Flags&frame.SYN != 0 {
		return a.follow(key, p, false, p.Seq+1)
	}
	b := p.Payload[lineEnds(p.Payload):]
	kind, n, g := a.recognise(0, b)
	if g == no {
		return nil
	}
	// A handshake promises frames, it is none.
	return a.follow(key, p, g == yes && (kind != WebSocket || n == 0), p.Seq)
}
