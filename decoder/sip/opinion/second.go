package opinion

import (
	"time"

	"tollwatch/decoder/sip"
	"tollwatch/decoder/sip/gosip"
)

// The budgets. On the way of a live message, with cold caches and the garbage
// counted, gosip takes 100 to 200 µs; everything else of the sensor takes 2 to 5.
const (
	// oddRate is how many odd messages a second of packet time are asked about:
	// 0.4 % of a core. Only faulty telephones and those who try something send
	// them, and a PBX that restarts makes a few dozen of the former register
	// at once: oddBurst.
	oddRate, oddBurst = 20, 40
	// plainShare is how many messages pay for one question about a message that
	// nothing is wrong with: a sample, to find what the scanner does not know to
	// be odd. It is a share and no rate, so that it costs the same 0.5 % of the
	// signalling live and in a replay, which lives through hours in a second.
	plainShare, plainBurst = 8192, 8
)

// harmless are the bits that say nothing about how the header lines are read.
const harmless = sip.LeadingCRLF | sip.BadDate | sip.BadExpires | sip.BadContentLength | sip.ShortBody | sip.SurplusBytes

// Second asks for second opinions. It belongs to one goroutine.
type Second struct {
	reader   *gosip.Reader
	odd      bucket // of packet time, in seconds
	plain    bucket // of messages: nobody spends it on odd ones, nor odd on these
	began    time.Time
	counters Counters
}

// Counters tell what became of the messages that open a dialog.
type Counters struct {
	Messages   uint64 // all that were observed, whether they open a dialog or not
	Asked      uint64
	Disagreed  uint64
	Refused    uint64 // gosip made nothing of them, or was not given them because of their length
	OddOver    uint64 // odd ones that were not asked about, beyond the budget
	PlainOver  uint64 // others likewise: most of them, it is a sample
	HeadersOut uint64 // header lines that gosip could not read and left out
}

// New returns a Second with full budgets.
func New() *Second {
	return &Second{
		reader: gosip.New(),
		odd:    bucket{rate: oddRate, burst: oddBurst, tokens: oddBurst},
		plain:  bucket{rate: 1. / plainShare, burst: plainBurst, tokens: plainBurst},
	}
}

// Observe takes one scanned message and returns the bits to add to its
// anomalies. Most messages open no dialog and get none.
func (s *Second) Observe(m *sip.Message, now time.Time) sip.Anomaly {
	s.counters.Messages++
	if !opens(m) {
		return 0
	}
	found := sip.Validate(m)
	if !s.pays((m.Anomalies|found)&^harmless != 0, now) {
		return found
	}
	if s.differ(m) {
		found |= sip.ParserDisagree
	}
	return found
}

// opens says that m is an INVITE outside any dialog, or a REGISTER.
func opens(m *sip.Message) bool {
	return m.Request && (m.Method == sip.Invite && m.To.Tag.Empty() || m.Method == sip.Register)
}

// pays takes the price of a question out of the budget that it belongs to. The
// budgets are apart, so that a flood of plain messages hides no odd one.
func (s *Second) pays(odd bool, now time.Time) bool {
	if !odd {
		if s.plain.take(float64(s.counters.Messages)) {
			return true
		}
		s.counters.PlainOver++
		return false
	}
	if s.began.IsZero() {
		s.began = now
	}
	if s.odd.take(now.Sub(s.began).Seconds()) {
		return true
	}
	s.counters.OddOver++
	return false
}

// differ asks gosip.
func (s *Second) differ(m *sip.Message) bool {
	s.counters.Asked++
	facts, err := s.reader.Parse(m.Bytes())
	if err != nil {
		s.counters.Refused++
		return false
	}
	for _, f := range Compare(m, &facts) {
		if !f.Fault {
			s.counters.Disagreed++
			return true
		}
	}
	return false
}

// Counters returns a copy.
func (s *Second) Counters() Counters {
	c := s.counters
	c.HeadersOut = s.reader.Dropped()
	return c
}

// bucket is a budget that fills up as its clock, whatever that counts, goes on.
type bucket struct {
	rate, burst  float64 // tokens for one unit of the clock, and at most
	tokens, last float64
}

// take takes a token, if there is one. A clock that goes back adds nothing.
func (b *bucket) take(clock float64) bool {
	if clock > b.last {
		b.tokens = min(b.burst, b.tokens+(clock-b.last)*b.rate)
		b.last = clock
	}
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
