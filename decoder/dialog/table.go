package dialog

// entry is one place of a table.
type entry[K comparable, V any] struct {
	key        K
	value      V
	prev, next *entry[K, V]
}

// table is a map with a cap, in the order of last use: when it is full, what
// was not used for longest gives way.
type table[K comparable, V any] struct {
	m           map[K]*entry[K, V]
	first, last *entry[K, V] // longest unused, just used
	spare       *entry[K, V] // taken out, to be used again; linked by next
	limit       int
	evicted     uint64
}

func newTable[K comparable, V any](limit int) table[K, V] {
	return table[K, V]{m: make(map[K]*entry[K, V]), limit: max(limit, 1)}
}

func (t *table[K, V]) len() int { return len(t.m) }

// use moves e to the end of those that may give way.
func (t *table[K, V]) use(e *entry[K, V]) {
	if e != t.last {
		t.unlink(e)
		t.link(e)
	}
}

// add puts in a key that is not there. It returns what had to give way, or nil.
func (t *table[K, V]) add(k K, v V) (e, gone *entry[K, V]) {
	if len(t.m) >= t.limit {
		gone = t.first
		t.remove(gone)
		t.evicted++
	}
	if e = t.spare; e == nil {
		e = &entry[K, V]{}
	}
	t.spare, e.next = e.next, nil
	e.key, e.value = k, v
	t.m[k] = e
	t.link(e)
	return e, gone
}

// release makes an entry that was removed or gave way another's. Nobody may point
// to it any more.
func (t *table[K, V]) release(e *entry[K, V]) {
	*e = entry[K, V]{next: t.spare}
	t.spare = e
}

func (t *table[K, V]) remove(e *entry[K, V]) {
	delete(t.m, e.key)
	t.unlink(e)
}

func (t *table[K, V]) link(e *entry[K, V]) {
	e.prev, e.next = t.last, nil
	if t.last == nil {
		t.first = e
	} else {
		t.last.next = e
	}
	t.last = e
}

func (t *table[K, V]) unlink(e *entry[K, V]) {
	if e.prev == nil {
		t.first = e.next
	} else {
		e.prev.next = e.next
	}
	if e.next == nil {
		t.last = e.prev
	} else {
		e.next.prev = e.prev
	}
	e.prev, e.next = nil, nil
}
