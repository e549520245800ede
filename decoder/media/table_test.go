package media

import (
	"math/rand/v2"
	"testing"
)

// TestStreamTable compares the table with a map, through growth and removals.
func TestStreamTable(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for seed := range uint64(3) {
		table, want := newStreamTable(seed), map[streamKey]*stream{}
		for step := range 40000 {
			key := streamKey{src: host(r.IntN(20)), dst: host(r.IntN(20)), ssrc: uint32(r.IntN(20)), fax: r.IntN(9) == 0}
			if got := table.get(&key); got != want[key] {
				t.Fatalf("seed %d, step %d: got %p, want %p", seed, step, got, want[key])
			}
			if got := table.find(&key.src, &key.dst, key.ssrc); !key.fax && got != want[key] {
				t.Fatalf("seed %d, step %d: found %p, want %p", seed, step, got, want[key])
			}
			switch {
			case want[key] != nil && step%3 > 0:
				table.remove(want[key])
				delete(want, key)
			case want[key] == nil && table.hasRoom(&key):
				want[key] = &stream{streamKey: key}
				table.insert(want[key])
			}
			if table.n != len(want) || 2*table.n > len(table.slots) {
				t.Fatalf("got %d streams in %d slots, want %d", table.n, len(table.slots), len(want))
			}
		}
	}
}
