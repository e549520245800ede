package decoder

import (
	"tollwatch/decoder/frame"
	"tollwatch/decoder/sip"
)

// fate is what became of a packet whose frame was read.
type fate uint8

const (
	decoded fate = iota
	otherUDP
	otherTCP
	otherSCTP
	keepAliveDatagram
	fates
)

var fateNames = [fates]string{"decoded", "udp", "tcp", "sctp", "keepalive"}

// maxStatus bounds the table of answers; RFC 3261 §21 ends at 699.
const maxStatus = 700

// Ledger counts the fate of every frame, and the SIP messages among them.
// Frames = Decoded + all of Ignored, Malformed and Dropped.
type Ledger struct {
	Frames, Bytes uint64
	outcomes      [256]uint64
	capsules      [256]uint64 // outcomes of HEP packets that came by TCP: no frames
	fates         [fates]uint64
	elsewhere     Elsewhere
	requests      [32]uint64
	responses     [maxStatus]uint64
	messages      uint64 // all of them
}

func (l *Ledger) frame(o frame.Outcome) { l.outcomes[o]++ }

func (l *Ledger) count(f fate) { l.fates[f]++ }

// Elsewhere counts the frames that never came here, because the kernel's programs
// had counted or refused them.
type Elsewhere struct {
	Bytes     uint64 // of all of them
	RTP       uint64 // counted in its stream
	Doubles   uint64 // of RTP: frames that were mirrored twice
	UDP, TCP  uint64 // neither signalling nor media
	Protocols uint64 // IP that carries none of ours
}

func (e *Elsewhere) frames() uint64 { return e.RTP + e.Doubles + e.UDP + e.TCP + e.Protocols }

func (l *Ledger) message(m *sip.Message) {
	l.messages++
	if m.Request {
		l.requests[m.Method]++
	} else if m.Status < maxStatus {
		l.responses[m.Status]++
	}
}

// Books is a Ledger for readers: counts by reason, and only those that are
// not zero.
type Books struct {
	Frames, Bytes, Decoded      uint64
	Ignored, Malformed, Dropped map[string]uint64
	Requests                    map[string]uint64 // by method
	Responses                   map[int]uint64    // by status
	HEP                         map[string]uint64 // HEP packets that came by TCP, by outcome: they are no frames
	TLS                         *TLS              // nil when none was seen
}

// Books returns a copy of the counts.
func (d *Decoder) Books() Books {
	l := &d.ledger
	b := Books{
		Frames: l.Frames + l.elsewhere.frames(), Bytes: l.Bytes + l.elsewhere.Bytes, Decoded: l.fates[decoded] + l.elsewhere.RTP,
		Ignored: map[string]uint64{}, Malformed: map[string]uint64{}, Dropped: map[string]uint64{},
		Requests: map[string]uint64{}, Responses: map[int]uint64{}, HEP: map[string]uint64{}, TLS: d.TLS(),
	}
	for i, n := range l.outcomes {
		b.outcome(frame.Outcome(i), n)
		add(b.HEP, frame.Outcome(i).String(), l.capsules[i])
	}
	for f := otherUDP; f < fates; f++ {
		add(b.Ignored, fateNames[f], l.fates[f])
	}
	b.outcome(frame.IgnoredDuplicate, l.elsewhere.Doubles)
	b.outcome(frame.IgnoredProtocol, l.elsewhere.Protocols)
	add(b.Ignored, fateNames[otherUDP], l.elsewhere.UDP)
	add(b.Ignored, fateNames[otherTCP], l.elsewhere.TCP)
	for i, n := range l.requests {
		add(b.Requests, sip.Method(i).String(), n)
	}
	for i, n := range l.responses {
		add(b.Responses, i, n)
	}
	return b
}

func (b *Books) outcome(o frame.Outcome, n uint64) {
	switch o.Class() {
	case frame.Ignored:
		add(b.Ignored, o.String(), n)
	case frame.Malformed:
		add(b.Malformed, o.String(), n)
	case frame.Dropped:
		add(b.Dropped, o.String(), n)
	default:
		b.Decoded += n
	}
}

func add[K comparable](m map[K]uint64, k K, n uint64) {
	if n > 0 {
		m[k] += n
	}
}
