package plan

import (
	"slices"
	"time"
)

// Pending is a source of items that follow from others: a redial, the second
// call of a person who has put the first on hold.
type Pending struct{ items []Item }

// Add keeps an item until its time comes. Those of the same time come in the
// order in which they were added.
func (p *Pending) Add(it Item) {
	i, _ := slices.BinarySearchFunc(p.items, it.At, func(a Item, t time.Time) int {
		if a.At.After(t) {
			return 1
		}
		return -1
	})
	p.items = slices.Insert(p.items, i, it)
}

// At is the time of the next item.
func (p *Pending) At() (time.Time, bool) {
	if len(p.items) == 0 {
		return time.Time{}, false
	}
	return p.items[0].At, true
}

// Take returns the next item.
func (p *Pending) Take() (Item, bool) {
	if len(p.items) == 0 {
		return Item{}, false
	}
	it := p.items[0]
	p.items = slices.Delete(p.items, 0, 1)
	return it, true
}
