package window

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// hashes returns n different hashes.
func hashes(n int) []uint64 {
	out := make([]uint64, n)
	var b [8]byte
	for i := range out {
		binary.LittleEndian.PutUint64(b[:], uint64(i))
		out[i] = Hash([16]byte{7}, b[:])
	}
	return out
}

func TestHLL(t *testing.T) {
	for _, c := range []struct {
		p      uint8
		within float64
	}{{6, 0.40}, {10, 0.10}} { // three standard errors
		h := NewHLL(c.p)
		for i, hash := range hashes(100000) {
			h.Add(hash)
			h.Add(hash)
			switch n := float64(i + 1); n {
			case 1, 8, 30, 1000, 100000:
				near(t, "different hashes", float64(h.Count()), n, math.Ceil(c.within*n))
			}
		}
		if len(h.registers) != 1<<c.p {
			t.Errorf("got %d bytes, want %d", len(h.registers), 1<<c.p)
		}
		h.Reset()
		if got := h.Count(); got != 0 {
			t.Errorf("got %d after reset", got)
		}
	}
}

func TestSetIsExactUpToItsCap(t *testing.T) {
	s := NewSet(256)
	all := hashes(10000)
	for i, h := range all {
		if added := s.Add(h); added != (i < 256) {
			t.Fatalf("got added %v for hash %d", added, i)
		}
		s.Add(h)
		n, exact := s.Count()
		if i < 256 && (n != i+1 || !exact) || i >= 256 && exact {
			t.Fatalf("got %d, exact %v after %d", n, exact, i+1)
		}
	}
	n, _ := s.Count()
	near(t, "count over the cap", float64(n), 10000, 1000)
	if !s.Has(all[0]) || s.Has(all[9999]) {
		t.Error("the set knows other hashes than the first 256")
	}
	if len(s.slots) != 512 {
		t.Errorf("got %d slots, want 512", len(s.slots))
	}
	s.Reset()
	s.Add(0)
	if n, exact := s.Count(); n != 1 || !exact || !s.Has(0) {
		t.Errorf("got %d, %v with the hash 0", n, exact)
	}
}

func TestCountMinNeverCountsTooFew(t *testing.T) {
	c := new(CountMin)
	all := hashes(20000)
	over := 0
	for i, h := range all {
		for range 1 + i%3 {
			c.Add(h)
		}
	}
	for i, h := range all {
		want := uint16(1 + i%3)
		got := c.Count(h)
		if got < want {
			t.Fatalf("got %d for a hash that came %d times", got, want)
		}
		if float64(got-want) > math.E/countMinCols*40000 {
			over++
		}
	}
	if over > len(all)/50 {
		t.Errorf("got %d of %d counts far too high, want at most e^-4 of them", over, len(all))
	}
	for range 70000 {
		c.Add(1)
	}
	if got := c.Count(1); got != math.MaxUint16 {
		t.Errorf("got %d, want the ceiling", got)
	}
	c.Halve()
	if got := c.Count(1); got != math.MaxUint16/2 {
		t.Errorf("got %d after halving", got)
	}
}

// One number in ten thousand others is called a hundred times.
func TestSpaceSavingFindsTheHeavy(t *testing.T) {
	s := NewSpaceSaving[int](512)
	all := hashes(10000)
	for i, h := range all {
		s.Observe(h)
		if i%100 == 0 {
			value, _, _ := s.Observe(42)
			*value++
		}
	}
	value, count, over := s.Observe(42)
	if *value != 100 || count-over > 101 || count < 101 {
		t.Errorf("got value %d, count %d over %d, want 100 and 101", *value, count, over)
	}
	if s.Len() != 512 || s.Evicted() != 10001-512 {
		t.Errorf("got %d entries, %d evicted, want 512 and %d", s.Len(), s.Evicted(), 10001-512)
	}
	s.Reset()
	if value, count, _ := s.Observe(42); *value != 0 || count != 1 {
		t.Errorf("got %d, %d after reset", *value, count)
	}
}

// The table against a plain map: the sum of all counts is the number of
// events, and the index finds every entry.
func TestSpaceSavingBooksBalance(t *testing.T) {
	s := NewSpaceSaving[uint64](8)
	random := rand.New(rand.NewPCG(1, 2))
	exact := map[uint64]uint32{}
	for i := range 20000 {
		h := random.Uint64N(24) * 8 // crowded: all begin at few places of the index
		exact[h]++
		value, count, over := s.Observe(h)
		if count < exact[h] || count-over > exact[h] {
			t.Fatalf("got count %d over %d for a hash that came %d times", count, over, exact[h])
		}
		if *value != 0 && *value != h {
			t.Fatalf("got the value of %d for %d", *value, h)
		}
		*value = h
		sum := 0
		for at, e := range s.heap {
			sum += int(e.count)
			if _, found := s.find(e.hash); found != at {
				t.Fatalf("step %d: the index finds %d at %d, it is at %d", i, e.hash, found, at)
			}
		}
		if sum != i+1 {
			t.Fatalf("got a sum of %d after %d events", sum, i+1)
		}
	}
}

func TestLRU(t *testing.T) {
	l := NewLRU[string, int](2)
	put := func(k string, v int) (string, bool) {
		value, evicted, full := l.Put(k)
		*value = v
		return evicted, full
	}
	put("a", 1)
	put("b", 2)
	if l.Get("a") == nil || *l.Get("a") != 1 {
		t.Error("a is not 1")
	}
	if evicted, full := put("c", 3); !full || evicted != "b" {
		t.Errorf("got %q evicted, want b, which was not touched", evicted)
	}
	if k, v := l.Oldest(); k != "a" || *v != 1 {
		t.Errorf("got oldest %q", k)
	}
	l.Delete("a")
	l.Delete("nobody")
	if l.Len() != 1 || l.Evicted() != 1 || l.Get("b") != nil || *l.Get("c") != 3 {
		t.Errorf("got %d entries, %d evicted", l.Len(), l.Evicted())
	}
	l.Delete("c")
	if k, v := l.Oldest(); v != nil {
		t.Errorf("got %q from an empty map", k)
	}
}

// The map against a plain slice in order of touch.
func TestLRUAgainstAList(t *testing.T) {
	l := NewLRU[uint64, uint64](7)
	var order []uint64
	random := rand.New(rand.NewPCG(3, 4))
	forget := func(k uint64) {
		for i, o := range order {
			if o == k {
				order = append(order[:i], order[i+1:]...)
				return
			}
		}
	}
	for i := range 20000 {
		k := random.Uint64N(20)
		if random.Uint64N(4) == 0 {
			l.Delete(k)
			forget(k)
		} else {
			value, _, _ := l.Put(k)
			*value = k
			forget(k)
			if order = append(order, k); len(order) > 7 {
				order = order[1:]
			}
		}
		if l.Len() != len(order) || len(l.places) != len(order) {
			t.Fatalf("step %d: got %d entries, want %d", i, l.Len(), len(order))
		}
		if len(order) == 0 {
			continue
		}
		if k, v := l.Oldest(); k != order[0] || *v != k {
			t.Fatalf("step %d: got oldest %d, want %d", i, k, order[0])
		}
	}
}

func TestSketchesAllocateNothing(t *testing.T) {
	hll, set, counts := NewHLL(6), NewSet(256), new(CountMin)
	heavy, lru := NewSpaceSaving[[8]uint64](512), NewLRU[uint64, int](4096)
	all := hashes(20000)
	for _, h := range all {
		heavy.Observe(h)
		lru.Put(h)
	}
	i := 0
	n := testing.AllocsPerRun(10000, func() {
		i = (i + 1) % len(all)
		hll.Add(all[i])
		hll.Count()
		set.Add(all[i])
		counts.Add(all[i])
		heavy.Observe(all[i])
		lru.Put(all[i])
	})
	if n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

func BenchmarkSpaceSavingFlood(b *testing.B) {
	s := NewSpaceSaving[[8]uint64](512)
	all := hashes(1 << 16)
	i := 0
	for b.Loop() {
		i++
		s.Observe(all[i%len(all)])
	}
}
