package window

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOldestFirst visits in the order of the last touch, whatever is deleted on
// the way.
func TestOldestFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		l := NewLRU[int, int](40)
		var order []int // the oldest first
		for range r.IntN(60) {
			k := r.IntN(50)
			v, evicted, full := l.Put(k)
			*v = -k
			order = slices.DeleteFunc(order, func(x int) bool { return x == k || full && x == evicted })
			order = append(order, k)
		}
		var visited, kept []int
		for k, v := range l.OldestFirst() {
			if *v != -k {
				t.Fatalf("key %d has value %d", k, *v)
			}
			visited = append(visited, k)
			if r.IntN(3) == 0 {
				l.Delete(k)
				continue
			}
			kept = append(kept, k)
		}
		if !slices.Equal(visited, order) {
			t.Fatalf("got %v, want %v", visited, order)
		}
		visited = visited[:0]
		for k := range l.OldestFirst() {
			visited = append(visited, k)
		}
		if !slices.Equal(visited, kept) || l.Len() != len(kept) {
			t.Fatalf("after deleting got %v, want %v", visited, kept)
		}
	}
}
