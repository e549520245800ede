package points

import "time"

// stampsKept bounds the memory of time stamps: points that meet in one
// millisecond of a series come close after each other.
const stampsKept = 4096

// stamps gives each point of a series a nanosecond of its own: two points at
// one would overwrite each other. The place within the millisecond is a hash
// of what the point is about, so that a point written again lands on itself.
type stamps struct {
	taken  map[stamp]uint64 // by the hash of an identity
	recent [stampsKept]stamp
	count  int
}

type stamp struct {
	series uint64
	at     int64
}

func (s *stamps) next(series []byte, first, second string, t time.Time) int64 {
	if s.taken == nil {
		s.taken = make(map[stamp]uint64, stampsKept)
	}
	who := hash(hash(offset, first), second)
	start := t.Truncate(time.Millisecond).UnixNano()
	key := stamp{hash(offset, series), start + int64(who%uint64(time.Millisecond))}
	for range stampsKept {
		owner, ok := s.taken[key]
		if ok && owner == who {
			return key.at
		}
		if !ok {
			break
		}
		key.at++
	}
	if s.count >= stampsKept {
		delete(s.taken, s.recent[s.count%stampsKept])
	}
	s.recent[s.count%stampsKept] = key
	s.count++
	s.taken[key] = who
	return key.at
}

// offset is where a hash begins.
const offset = uint64(14695981039346656037)

// hash goes on with h, by FNV-1a: it must be the same after a restart, and whoever
// makes it collide only moves a point by a nanosecond.
func hash[T string | []byte](h uint64, s T) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
