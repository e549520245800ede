package points

import "time"

// stampsKept bounds the memory of time stamps: as many calls as the decoder follows
// may end in one moment.
const stampsKept = 65_536

// stamps gives each point of a series a nanosecond of its own: two points at one
// would overwrite each other. Its place within the millisecond is a hash of what
// the point is about, the next one that is free: the same points in the same order
// land where they did before, in a replay as after a restart.
type stamps struct {
	taken  map[uint64]int64 // by series and nanosecond: how far on a free one may be
	recent []uint64         // the keys of taken, a ring once it is full
	oldest int
}

func (s *stamps) next(series []byte, what, whose string, t time.Time) int64 {
	if s.taken == nil {
		s.taken = make(map[uint64]int64)
	}
	of := fnv(offset, series)
	who := fnv(fnv(fnv(offset, what), "\x00"), whose)
	first := t.Truncate(time.Millisecond).UnixNano() + int64(who%uint64(time.Millisecond))
	at := first
	for far, ok := s.taken[place(of, at)]; ok; far, ok = s.taken[place(of, at)] {
		at += far
	}
	s.keep(place(of, at))
	if _, ok := s.taken[place(of, first)]; ok && at > first {
		s.taken[place(of, first)] = at + 1 - first // many that look alike do not walk the same way again
	}
	return at
}

// keep forgets the oldest for it, when there are too many.
func (s *stamps) keep(p uint64) {
	s.taken[p] = 1
	if len(s.recent) < stampsKept {
		s.recent = append(s.recent, p)
		return
	}
	delete(s.taken, s.recent[s.oldest])
	s.recent[s.oldest] = p
	s.oldest = (s.oldest + 1) % stampsKept
}

// offset is where a hash begins.
const offset = uint64(14695981039346656037)

// fnv goes on with h, by FNV-1a: it must be the same after a restart, and whoever
// makes it collide only moves a point by some nanoseconds.
func fnv[T string | []byte](h uint64, s T) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// place is a nanosecond of a series. That two are taken for one moves a point by a
// nanosecond.
func place(series uint64, at int64) uint64 {
	h := series ^ uint64(at)
	h = (h ^ h>>32) * 0xd6e8feb86659fd93 // Rojas, "Hash function prospector": mixes every bit
	return h ^ h>>32
}
