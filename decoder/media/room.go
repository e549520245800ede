package media

import "time"

// The bounds of what one endpoint and one leg may have. An endpoint has a stream
// or two, and some more where its sender changes SSRCs; what goes beyond is a
// flood.
const (
	maxPlaceStreams = 8
	maxLegStreams   = 32
)

// hasRoom says that an endpoint and its leg are within their bounds.
func (p *place) hasRoom() bool {
	return p.streams < maxPlaceStreams && len(p.leg.streams) < maxLegStreams
}

// makeRoom keeps all tables within their bounds before a stream begins at a
// place, nil for one that nobody announced; false when it must not. A full table
// gives up a stream that nobody announced, and only where there is none, and for
// an announced one, an announced one that is silent.
func (t *Tracker) makeRoom(key *streamKey, at *place, now int64) bool {
	if at != nil && !t.roomAt(at, now) || !t.streams.hasRoom(key) {
		t.totals.StreamsRefused++
		return false
	}
	if t.streams.n < t.cfg.MaxStreams {
		return true
	}
	t.totals.StreamsEvicted++
	s := t.loose.quietest(now)
	if s == nil && at != nil {
		s = t.loose.first
	}
	if s == nil && at != nil {
		s = t.announced.quietest(now)
	}
	if s != nil {
		t.end(s, time.Unix(0, now).UTC())
	}
	return s != nil
}

// roomAt keeps an endpoint's streams within their bound: the weakest of those
// that are silent gives way. In a flood of SSRCs that is one of a packet or two,
// which is not reported.
func (t *Tracker) roomAt(at *place, now int64) bool {
	if at.hasRoom() {
		return true
	}
	s := at.weakest(now)
	switch {
	case s == nil:
		return false
	case s.Packets > proofs:
		t.end(s, time.Unix(0, now).UTC())
	default:
		t.drop(s)
	}
	return true
}

// weakest is the silent stream of fewest packets: of the endpoint, or of the leg
// where the leg is what is full; nil when all are alive.
func (p *place) weakest(now int64) (out *stream) {
	for _, s := range p.leg.streams {
		if !s.silent(now) || s.place != p && p.streams >= maxPlaceStreams {
			continue
		}
		if out == nil || s.Packets < out.Packets {
			out = s
		}
	}
	return out
}
