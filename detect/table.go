package detect

import "tollwatch/detect/window"

// put returns the place of k.
func put[K comparable, V any](l *window.LRU[K, V], k K) *V {
	v, _, _ := l.Put(k)
	return v
}
