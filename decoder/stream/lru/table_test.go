package lru

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func keys(t *Table[int, string], r Rank) (out []int) {
	for e := t.Oldest(r); e != nil; e = e.Next() {
		out = append(out, e.Key)
	}
	return out
}

func TestOrder(t *testing.T) {
	table := New[int, string](4)
	for k := range 4 {
		table.Add(k, Rank(k%2)).Value = "x"
	}
	table.Touch(table.Get(0), Unproven)
	table.Touch(table.Get(2), Proven)
	table.Touch(table.Get(1), Proven)
	if got, want := keys(table, Unproven), []int{0}; !slices.Equal(got, want) {
		t.Errorf("got unproven %v, want %v", got, want)
	}
	if got, want := keys(table, Proven), []int{3, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("got proven %v, want %v", got, want)
	}
	if !table.Full() || table.Victim(Unproven).Key != 0 || table.Victim(Proven).Key != 0 {
		t.Errorf("got victims %v, %v, want the unproven one", table.Victim(Unproven), table.Victim(Proven))
	}
	table.Remove(table.Get(0))
	if table.Full() || table.Victim(Unproven) != nil || table.Victim(Proven).Key != 3 || table.Get(0) != nil {
		t.Errorf("got victims %v, %v, want none and 3", table.Victim(Unproven), table.Victim(Proven))
	}
	if e := table.Add(9, Unproven); e.Value != "" {
		t.Errorf("a new entry has the value %q of an old one", e.Value)
	}
}

// TestAsTwoSlices compares a table with the plainest one there is, over random
// use.
func TestAsTwoSlices(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	table := New[int, string](20)
	var want [ranks][]int
	drop := func(k int) {
		for r := range want {
			want[r] = slices.DeleteFunc(want[r], func(have int) bool { return have == k })
		}
	}
	for step := range 20_000 {
		k, r := random.IntN(40), Rank(random.IntN(2))
		e := table.Get(k)
		switch {
		case e == nil && !table.Full():
			table.Add(k, r)
			want[r] = append(want[r], k)
		case e != nil && random.IntN(4) == 0:
			table.Remove(e)
			drop(k)
		case e != nil:
			table.Touch(e, r)
			drop(k)
			want[r] = append(want[r], k)
		}
		for r := range want {
			if got := keys(table, Rank(r)); !slices.Equal(got, want[r]) || table.Len() != len(want[0])+len(want[1]) {
				t.Fatalf("step %d, rank %d: got %v of %d, want %v", step, r, got, table.Len(), want[r])
			}
		}
	}
}

func TestFullTableAllocatesNothing(t *testing.T) {
	table := New[int, [8]int](16)
	k := 0
	step := func() {
		if table.Full() {
			table.Remove(table.Victim(Proven))
		}
		table.Add(k%1000, Unproven)
		k++
	}
	for range 5000 {
		step()
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("got %v allocations, want none", n)
	}
}
