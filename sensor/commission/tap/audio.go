package tap

import "tollwatch/decoder/call"

// leastStream is the length of a stream that counts: half a second of 20 ms
// packets. Less may be a guess.
const leastStream = 25

// audio is who sends RTP to whom, by addresses: that telephones may send from
// another port than they hear at changes nothing.
type audio struct {
	streams int
	pairs   *pairs
}

func newAudio() *audio { return &audio{pairs: newPairs()} }

func (a *audio) observe(s *call.Stream) {
	if s.Packets < leastStream {
		return
	}
	a.streams++
	a.pairs.add(s.Src.Addr().Unmap(), s.Dst.Addr().Unmap(), s.Packets)
}
