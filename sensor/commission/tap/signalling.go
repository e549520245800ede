package tap

import (
	"hash/maphash"
	"net/netip"
	"strconv"
	"time"

	"tollwatch/decoder/sip"
)

const (
	// maxTransactions bounds the table; later ones are not counted.
	maxTransactions = 65_536
	// settle is how long an answer may take that must come: longer than T1 takes
	// to repeat a request twice (RFC 3261 §17.1.1.1), shorter than a person rings.
	settle = 2 * time.Second
	// headStart is the time in which answers come to requests that were sent
	// before anybody listened: a telephone that rings.
	headStart = 10 * time.Second
)

// signalling knows which requests were answered. A request and its answer go
// opposite ways: who hears one way of the wire hears no answer to any request
// that he hears.
type signalling struct {
	seed         maphash.Seed
	transactions map[uint64]transaction
	pairs        *pairs
	first        time.Time
}

type transaction struct {
	request, answer bool
	at              time.Time
}

func newSignalling() *signalling {
	return &signalling{seed: maphash.MakeSeed(), transactions: map[uint64]transaction{}, pairs: newPairs()}
}

func (s *signalling) observe(src, dst netip.Addr, m *sip.Message, now time.Time) {
	if s.first.IsZero() {
		s.first = now
	}
	s.pairs.observe(src, dst)
	if m.Method == sip.Ack {
		return // has no answer
	}
	key := s.key(src, dst, m)
	t, known := s.transactions[key]
	if !known {
		if len(s.transactions) >= maxTransactions {
			return
		}
		t.at = now
	}
	t.request = t.request || m.Request
	t.answer = t.answer || !m.Request
	s.transactions[key] = t
}

// key is the same for a request and its answers, and for those repeated.
func (s *signalling) key(src, dst netip.Addr, m *sip.Message) uint64 {
	p, _ := newPair(src, dst)
	var h maphash.Hash
	h.SetSeed(s.seed)
	b, _ := p.low.AppendBinary(nil)
	b, _ = p.high.AppendBinary(b)
	b = strconv.AppendUint(b, uint64(m.CSeq), 10)
	b = append(b, byte(m.Method))
	h.Write(append(b, m.Text(m.CallID)...))
	return h.Sum64()
}

// ledger is how transactions ended.
type ledger struct {
	answered, unanswered int
	orphans, late        int // answers to a request that was not heard; late ones can have been
}

func (s *signalling) ledger(now time.Time) (l ledger) {
	for _, t := range s.transactions {
		switch {
		case t.request && t.answer:
			l.answered++
		case t.request && now.Sub(t.at) >= settle:
			l.unanswered++
		case t.answer && !t.request:
			l.orphans++
			if t.at.Sub(s.first) >= headStart {
				l.late++
			}
		}
	}
	return l
}

// outside says which pairs speak SIP within private networks, and which do not.
func (s *signalling) outside() (in, out int) {
	for p := range s.pairs.seen {
		if private(p.low) && private(p.high) {
			in++
		} else {
			out++
		}
	}
	return in, out
}

// private: RFC 1918, RFC 4193, RFC 3927 and this machine.
func private(a netip.Addr) bool { return a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback() }
