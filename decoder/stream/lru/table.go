package lru

// Rank says how much an entry matters.
type Rank uint8

// The ranks, in the order in which they give way.
const (
	Unproven Rank = iota // on one side's word only
	Proven
	ranks
)

// Table maps K to V, up to a number of entries.
type Table[K comparable, V any] struct {
	max     int
	entries map[K]*Entry[K, V]
	lists   [ranks]list[K, V]
	spare   *Entry[K, V] // linked by next
}

// Entry is one of a table's. A pointer to it is good until it is removed.
type Entry[K comparable, V any] struct {
	Key        K
	Value      V
	rank       Rank
	prev, next *Entry[K, V]
}

// list is a queue, the longest idle entry first.
type list[K comparable, V any] struct{ first, last *Entry[K, V] }

// New makes an empty table for up to n entries.
func New[K comparable, V any](n int) *Table[K, V] {
	return &Table[K, V]{max: n, entries: make(map[K]*Entry[K, V])}
}

// Len is the number of entries.
func (t *Table[K, V]) Len() int { return len(t.entries) }

// Full says whether an entry has to be removed before one is added.
func (t *Table[K, V]) Full() bool { return len(t.entries) >= t.max }

// Get returns the entry of k, or nil. It is no use of it.
func (t *Table[K, V]) Get(k K) *Entry[K, V] {
	if len(t.entries) == 0 {
		return nil
	}
	return t.entries[k]
}

// Oldest returns the entry of a rank that was idle longest, or nil.
func (t *Table[K, V]) Oldest(r Rank) *Entry[K, V] { return t.lists[r].first }

// Next returns the entry of e's rank that was used next after it, or nil.
func (e *Entry[K, V]) Next() *Entry[K, V] { return e.next }

// Victim returns what gives way to an entry of rank r: nothing to one that
// matters less than all there are.
func (t *Table[K, V]) Victim(r Rank) *Entry[K, V] {
	if e := t.lists[Unproven].first; e != nil || r == Unproven {
		return e
	}
	return t.lists[Proven].first
}

// Add makes the entry of k, which must not be there, in a table that is not
// full.
func (t *Table[K, V]) Add(k K, r Rank) *Entry[K, V] {
	e := t.spare
	if e == nil {
		e = new(Entry[K, V])
	} else {
		t.spare = e.next
	}
	e.Key, e.rank, e.next = k, r, nil
	t.entries[k] = e
	t.push(e)
	return e
}

// Touch makes e the latest used of rank r.
func (t *Table[K, V]) Touch(e *Entry[K, V], r Rank) {
	if e.rank == r && t.lists[r].last == e {
		return
	}
	t.unlink(e)
	e.rank = r
	t.push(e)
}

// Remove takes e out and forgets its value.
func (t *Table[K, V]) Remove(e *Entry[K, V]) {
	t.unlink(e)
	delete(t.entries, e.Key)
	*e = Entry[K, V]{next: t.spare}
	t.spare = e
}

// Rank is how much e matters.
func (e *Entry[K, V]) Rank() Rank { return e.rank }

func (t *Table[K, V]) push(e *Entry[K, V]) {
	l := &t.lists[e.rank]
	e.prev, e.next = l.last, nil
	if l.last != nil {
		l.last.next = e
	} else {
		l.first = e
	}
	l.last = e
}

func (t *Table[K, V]) unlink(e *Entry[K, V]) {
	l := &t.lists[e.rank]
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		l.first = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		l.last = e.prev
	}
	e.prev, e.next = nil, nil
}
