package stream

// maxRecent bounds the connections that are remembered as TLS, so that each is
// counted once: about those that open in a minute at a large site.
const maxRecent = 4096

// recent is a set of keys that forgets the oldest.
type recent struct {
	set  map[flowKey]struct{}
	ring []flowKey
	next int
}

func newRecent() recent { return recent{set: make(map[flowKey]struct{})} }

// add reports whether k is new.
func (r *recent) add(k flowKey) bool {
	if _, ok := r.set[k]; ok {
		return false
	}
	if len(r.ring) < maxRecent {
		r.ring = append(r.ring, k)
	} else {
		delete(r.set, r.ring[r.next])
		r.ring[r.next] = k
		r.next = (r.next + 1) % maxRecent
	}
	r.set[k] = struct{}{}
	return true
}
