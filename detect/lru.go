package detect

// lru is a table of fixed capacity in order of use: what was used longest ago
// goes first, and is counted.
type lru[K comparable, V any] struct {
	index       map[K]int32
	nodes       []node[K, V]
	free        []int32
	first, last int32 // least, most recently used; -1 when empty
	capacity    int
	evicted     uint64
}

type node[K comparable, V any] struct {
	key        K
	value      V
	prev, next int32
}

func newLRU[K comparable, V any](capacity int) *lru[K, V] {
	return &lru[K, V]{index: make(map[K]int32), first: -1, last: -1, capacity: capacity}
}

func (l *lru[K, V]) len() int { return len(l.index) }

// get does not count as a use: call touch, or put again.
func (l *lru[K, V]) get(key K) (V, bool) {
	i, ok := l.index[key]
	if !ok {
		var zero V
		return zero, false
	}
	return l.nodes[i].value, true
}

func (l *lru[K, V]) touch(key K) {
	if i, ok := l.index[key]; ok && i != l.last {
		l.unlink(i)
		l.append(i)
	}
}

// put stores the value as the latest used; ok says that another had to go.
func (l *lru[K, V]) put(key K, value V) (evicted V, ok bool) {
	if i, found := l.index[key]; found {
		l.nodes[i].value = value
		l.touch(key)
		return evicted, false
	}
	if len(l.index) >= l.capacity {
		evicted, ok = l.nodes[l.first].value, true
		l.remove(l.nodes[l.first].key)
		l.evicted++
	}
	i := l.take()
	l.nodes[i].key, l.nodes[i].value = key, value
	l.index[key] = i
	l.append(i)
	return evicted, ok
}

func (l *lru[K, V]) remove(key K) {
	i, ok := l.index[key]
	if !ok {
		return
	}
	l.unlink(i)
	delete(l.index, key)
	l.nodes[i] = node[K, V]{}
	l.free = append(l.free, i)
}

// all visits from the least to the most recently used: an order that does not
// depend on a map. The entry just visited may be removed.
func (l *lru[K, V]) all(yield func(K, V) bool) {
	for i := l.first; i >= 0; {
		n := &l.nodes[i]
		next := n.next
		if !yield(n.key, n.value) {
			return
		}
		i = next
	}
}

func (l *lru[K, V]) take() int32 {
	if n := len(l.free); n > 0 {
		i := l.free[n-1]
		l.free = l.free[:n-1]
		return i
	}
	l.nodes = append(l.nodes, node[K, V]{})
	return int32(len(l.nodes) - 1)
}

func (l *lru[K, V]) append(i int32) {
	n := &l.nodes[i]
	n.prev, n.next = l.last, -1
	if l.last >= 0 {
		l.nodes[l.last].next = i
	}
	if l.first < 0 {
		l.first = i
	}
	l.last = i
}

func (l *lru[K, V]) unlink(i int32) {
	n := &l.nodes[i]
	if n.prev >= 0 {
		l.nodes[n.prev].next = n.next
	}
	if n.next >= 0 {
		l.nodes[n.next].prev = n.prev
	}
	if l.first == i {
		l.first = n.next
	}
	if l.last == i {
		l.last = n.prev
	}
}
