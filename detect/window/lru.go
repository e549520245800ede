package window

import "iter"

// LRU is a map with a cap: when it is full, what was not touched for longest
// makes room. Its map is seeded by the runtime, so keys may be an attacker's.
type LRU[K comparable, V any] struct {
	places  map[K]int32
	entries []entry[K, V] // entries[0] is the ring's anchor: next is the latest, previous the oldest

	evicted uint64
}

type entry[K comparable, V any] struct {
	key            K
	value          V
	next, previous int32
}

// NewLRU returns an empty map of at most limit entries, at least 1.
func NewLRU[K comparable, V any](limit int) *LRU[K, V] {
	limit = max(limit, 1)
	l := &LRU[K, V]{places: make(map[K]int32, limit), entries: make([]entry[K, V], 1, limit+1)}
	return l
}

// Get returns the value of k to be changed in place, nil when there is none,
// and counts as a touch. The pointer is good until the next Put or Delete.
func (l *LRU[K, V]) Get(k K) *V {
	at, ok := l.places[k]
	if !ok {
		return nil
	}
	l.unlink(at)
	l.link(at)
	return &l.entries[at].value
}

// Put returns the value of k, a zero one when k is new. Where that takes the
// place of another, evicted is that one's key.
func (l *LRU[K, V]) Put(k K) (value *V, evicted K, full bool) {
	if v := l.Get(k); v != nil {
		return v, evicted, false
	}
	at := int32(len(l.entries))
	if len(l.entries) < cap(l.entries) {
		l.entries = append(l.entries, entry[K, V]{})
	} else {
		at, full = l.entries[0].previous, true
		evicted = l.entries[at].key
		l.unlink(at)
		delete(l.places, evicted)
		l.evicted++
	}
	l.entries[at] = entry[K, V]{key: k}
	l.places[k] = at
	l.link(at)
	return &l.entries[at].value, evicted, full
}

// Delete takes k out.
func (l *LRU[K, V]) Delete(k K) {
	at, ok := l.places[k]
	if !ok {
		return
	}
	l.unlink(at)
	delete(l.places, k)
	last := int32(len(l.entries) - 1)
	if at != last { // the last entry moves into the gap
		l.entries[at] = l.entries[last]
		l.places[l.entries[at].key] = at
		l.entries[l.entries[at].next].previous = at
		l.entries[l.entries[at].previous].next = at
	}
	l.entries[last] = entry[K, V]{}
	l.entries = l.entries[:last]
}

// Oldest returns the entry that was not touched for longest, nil when empty.
func (l *LRU[K, V]) Oldest() (k K, value *V) {
	at := l.entries[0].previous
	if at == 0 {
		return k, nil
	}
	return l.entries[at].key, &l.entries[at].value
}

// OldestFirst visits every entry, from what was not touched for longest to the
// latest: an order that no map decides. Nothing counts as touched. The entry just
// visited may be deleted, no other.
func (l *LRU[K, V]) OldestFirst() iter.Seq2[K, *V] {
	return func(yield func(K, *V) bool) {
		for at := l.entries[0].previous; at != 0; {
			before, last := l.entries[at].previous, int32(len(l.entries)-1)
			if !yield(l.entries[at].key, &l.entries[at].value) {
				return
			}
			if before == last && len(l.entries) == int(last) {
				before = at // it was moved into the gap
			}
			at = before
		}
	}
}

// Len returns how many entries there are.
func (l *LRU[K, V]) Len() int { return len(l.entries) - 1 }

// Evicted returns how many entries made room for others.
func (l *LRU[K, V]) Evicted() uint64 { return l.evicted }

func (l *LRU[K, V]) unlink(at int32) {
	e := &l.entries[at]
	l.entries[e.previous].next = e.next
	l.entries[e.next].previous = e.previous
}

// link makes an entry the latest.
func (l *LRU[K, V]) link(at int32) {
	latest := l.entries[0].next
	l.entries[at].next, l.entries[at].previous = latest, 0
	l.entries[latest].previous = at
	l.entries[0].next = at
}
