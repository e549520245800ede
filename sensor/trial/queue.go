package trial

import (
	"container/heap"
	"time"

	"tollwatch/decoder/call"
)

// queue holds the events that are still to come, the earliest first; those of
// the same time in the order in which they were pushed.
type queue struct {
	events []queued
	pushed uint64
}

type queued struct {
	call.Event
	order uint64
}

func (q *queue) push(ev call.Event) {
	q.pushed++
	heap.Push((*byTime)(q), queued{ev, q.pushed})
}

// next is the time of the earliest event.
func (q *queue) next() (time.Time, bool) {
	if len(q.events) == 0 {
		return time.Time{}, false
	}
	return q.events[0].Time, true
}

func (q *queue) pop() call.Event { return heap.Pop((*byTime)(q)).(queued).Event }

type byTime queue

func (b *byTime) Len() int { return len(b.events) }

func (b *byTime) Less(i, j int) bool {
	x, y := &b.events[i], &b.events[j]
	if !x.Time.Equal(y.Time) {
		return x.Time.Before(y.Time)
	}
	return x.order < y.order
}

func (b *byTime) Swap(i, j int) { b.events[i], b.events[j] = b.events[j], b.events[i] }

func (b *byTime) Push(x any) { b.events = append(b.events, x.(queued)) }

func (b *byTime) Pop() any {
	last := len(b.events) - 1
	x := b.events[last]
	b.events[last] = queued{} // lets its leg go
	b.events = b.events[:last]
	return x
}
