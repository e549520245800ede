package packets

import "container/heap"

// stepper is anything that acts in time: a call's signalling, a stream, a
// telephone that registers. step acts now and returns when it wants to act
// again, false when it is done. Times are Unix nanoseconds.
type stepper interface {
	step(now int64) (next int64, again bool)
}

type event struct {
	at    int64
	order uint64 // of two at the same time, the one that was asked for first
	what  stepper
}

// queue is what is to come. Each stepper is in it once, so that its length is
// bounded by what lives at the same time.
type queue struct {
	events events
	order  uint64
	most   int
}

func (q *queue) push(at int64, s stepper) {
	q.order++
	heap.Push(&q.events, event{at, q.order, s})
	q.most = max(q.most, len(q.events))
}

// run acts until nothing is left, or stop says so.
func (q *queue) run(stop func() bool) {
	for len(q.events) > 0 && !stop() {
		first := &q.events[0]
		next, again := first.what.step(first.at)
		q.settle(next, again)
	}
}

// settle puts the event that has just acted where it belongs. It is still the
// first: nothing may be pushed before the time at which it acts.
func (q *queue) settle(next int64, again bool) {
	if !again {
		heap.Pop(&q.events)
		return
	}
	q.order++
	q.events[0].at, q.events[0].order = next, q.order
	heap.Fix(&q.events, 0)
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	(*e)[last] = event{}
	*e = (*e)[:last]
	return x
}
