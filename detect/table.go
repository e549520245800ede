package detect

import (
	"iter"

	"tollwatch/detect/window"
)

// oldestFirst visits a table from what was not touched for longest to the
// latest: an order that no map decides. Each is touched on the way, so that a
// whole round leaves the order as it was. The one just visited may be deleted;
// leaving early only makes the rest seem older.
func oldestFirst[K comparable, V any](l *window.LRU[K, V]) iter.Seq2[K, *V] {
	return func(yield func(K, *V) bool) {
		for range l.Len() {
			k, _ := l.Oldest()
			if !yield(k, l.Get(k)) {
				return
			}
		}
	}
}

// put returns the place of k.
func put[K comparable, V any](l *window.LRU[K, V], k K) *V {
	v, _, _ := l.Put(k)
	return v
}
