package detect

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
)

// served is what the PBX did for a source that never logged in.
type served struct {
	athome  int       // calls to numbers of the country that somebody took: a peer's, or an operator's
	numbers [3]uint64 // hashes of numbers abroad that were talked about for a minute
	n       int
}

// peerCalls at home make a source one that is let in by its address: no thief
// begins with them.
const peerCalls = 3

// talked is longer than any announcement that a PBX has for strangers.
const talked = time.Minute

// relay tells of a call that the PBX made for a stranger.
func (e *Engine) relay(l *call.Leg, c *ongoing) {
	e.suspect(sign{scheme: OpenRelay, source: l.Src, trunk: c.trunk, signs: rules.Signs{
		Source: network(l.Src.Addr()).String(), Trunk: c.trunk, Number: c.shown(), Relayed: true,
	}})
}

// relayUnseen takes a long talk of a stranger whose way to the trunk was not
// seen. Where the tap sees half, one of them may be an operator's call to a
// number that this site has abroad.
func (e *Engine) relayUnseen(l *call.Leg, c *ongoing) {
	s := put(e.gate.served, network(l.Src.Addr()))
	number := e.hash(c.shown())
	if s.n < len(s.numbers) && !slices.Contains(s.numbers[:s.n], number) {
		s.numbers[s.n] = number
		s.n++
	}
	if s.n == len(s.numbers) {
		e.relay(l, c)
	}
}

// keepPeer notes a call that somebody took of this site, or of this country.
func (e *Engine) keepPeer(l *call.Leg, c *ongoing) {
	if !l.Answer.IsZero() && !rules.Watched(c.number.Class) {
		put(e.gate.served, network(l.Src.Addr())).athome++
	}
}
