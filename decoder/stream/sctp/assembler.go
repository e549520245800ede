package sctp

import (
	"net/netip"
	"time"

	"tollwatch/decoder/sip"
	"tollwatch/decoder/stream/lru"
)

const (
	// maxMessage is the longest SIP message: what a UDP datagram could carry,
	// and what the scanner reads.
	maxMessage = 65535

	// maxFragments of one message: that longest one over the smallest path MTU
	// of IPv4 (576 bytes, RFC 9260 §7.3).
	maxFragments = 128

	// MaxWaiting and MaxBytes bound all that waits. Who sends SIP over SCTP
	// sends few messages that are longer than a packet.
	MaxWaiting = 1024
	MaxBytes   = 4 << 20

	// maxUndecided is how long a first fragment may be without a line end and
	// still be waited for.
	maxUndecided = 4096

	// patience is how long a fragment is waited for: two retransmissions of
	// the initial timeout of 1 s (RFC 9260 §16) come within.
	patience = 3 * time.Second
)

// Message is one SIP message. Data lives until the next Observe, Advance or
// Flush.
type Message struct {
	Data      []byte
	Src, Dst  netip.AddrPort
	Truncated bool // fragments are missing, or the snaplen cut it
}

// Counters tell what became of chunks and messages. Waiting and Bytes are
// gauges, the rest only grows.
type Counters struct {
	Fragments uint64 // chunks with a part of a message that were kept
	Repeated  uint64 // fragments that brought nothing new
	Malformed uint64 // packets with a chunk whose length is a lie
	Oversized uint64 // messages longer than the cap, or in too many fragments
	Expired   uint64 // messages whose missing fragments were waited for in vain
	Evicted   uint64 // messages given up because the table or the bytes were full
	Refused   uint64 // fragments not kept because the table was full of messages with a beginning
	Waiting   int    // messages that wait for fragments, or were whole a moment ago
	Bytes     int    // held now
}

// Assembler finds SIP messages in SCTP packets. It belongs to one goroutine.
type Assembler struct {
	waiting  *lru.Table[key, message]
	bytes    int
	messages []Message
	counters Counters
}

// key is a message of a direction of an association. Addresses and ports are
// packed: they are cheaper to hash.
type key struct {
	addresses [36]byte
	message   messageID
}

// New makes an assembler with an empty table.
func New() *Assembler {
	return &Assembler{waiting: lru.New[key, message](MaxWaiting)}
}

// Observe takes what follows the common header of a packet; cut says that the
// snaplen took its end. It returns the messages that became whole, and whether
// the packet held a part of one that is waited for.
func (a *Assembler) Observe(src, dst netip.AddrPort, b []byte, cut bool, now time.Time) ([]Message, bool) {
	a.messages = a.messages[:0]
	kept := false
	for len(b) >= chunkHeader {
		chunk, rest, missing, ok := next(b, cut)
		if !ok {
			a.counters.Malformed++
			break
		}
		b = rest
		if kind := chunk[0]; kind != typeData && kind != typeIData {
			continue
		}
		var f fragment
		if f.cut = missing; !f.parse(chunk) {
			if !missing {
				a.counters.Malformed++
			}
			break
		}
		kept = a.chunk(src, dst, &f, now) || kept
	}
	return a.messages, kept
}

// chunk hands on what is whole, and keeps what is not.
func (a *Assembler) chunk(src, dst netip.AddrPort, f *fragment, now time.Time) bool {
	if f.begin && (f.end || f.cut) {
		if sip.LooksLike(f.data) {
			a.emit(src, dst, f.data, f.cut)
		}
		return false
	}
	if f.cut { // nobody knows where the next one belongs
		return false
	}
	return a.keep(src, dst, f, now)
}

func (a *Assembler) emit(src, dst netip.AddrPort, b []byte, truncated bool) {
	n := min(len(b), maxMessage)
	a.messages = append(a.messages, Message{Data: b[:n:n], Src: src, Dst: dst, Truncated: truncated || n < len(b)})
}

// Advance returns the beginnings of messages whose rest did not come.
func (a *Assembler) Advance(now time.Time) []Message {
	a.messages = a.messages[:0]
	if a.waiting.Len() == 0 {
		return nil
	}
	for _, rank := range []lru.Rank{lru.Unproven, lru.Proven} {
		for e := a.waiting.Oldest(rank); e != nil && now.Sub(e.Value.last) >= patience; e = a.waiting.Oldest(rank) {
			a.expire(e)
		}
	}
	return a.messages
}

// Flush returns, at the end of a capture, the beginnings of all messages that
// wait.
func (a *Assembler) Flush() []Message {
	a.messages = a.messages[:0]
	for _, rank := range []lru.Rank{lru.Unproven, lru.Proven} {
		for e := a.waiting.Oldest(rank); e != nil; e = a.waiting.Oldest(rank) {
			a.expire(e)
		}
	}
	return a.messages
}

// Counters returns a copy of the counters.
func (a *Assembler) Counters() Counters {
	c := a.counters
	c.Waiting, c.Bytes = a.waiting.Len(), a.bytes
	return c
}
