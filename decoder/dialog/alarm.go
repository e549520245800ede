package dialog

import "time"

// alarm is the next time at which its owner wants to be looked at. It lies in
// at most one alarms.
type alarm[T any] struct {
	place int // in the heap, counted from 1; 0 when not set
	owner T
}

// due is a place of the heap. The time lies beside the pointer: most of what is
// compared is never looked at.
type due[T any] struct {
	at    int64 // Unix nanoseconds
	alarm *alarm[T]
}

// alarms is a binary heap: setting and clearing cost O(log n), a look at what
// is due costs nothing when nothing is.
type alarms[T any] struct{ heap []due[T] }

// at is when an alarm that is set will ring.
func (h *alarms[T]) at(a *alarm[T]) int64 { return h.heap[a.place-1].at }

// set moves a to the time at, wherever it stood.
func (h *alarms[T]) set(a *alarm[T], at time.Time) {
	if a.place == 0 {
		h.heap = append(h.heap, due[T]{alarm: a})
		a.place = len(h.heap)
	}
	h.heap[a.place-1].at = at.UnixNano()
	h.down(h.up(a.place - 1))
}

func (h *alarms[T]) clear(a *alarm[T]) {
	if a.place == 0 {
		return
	}
	i, last := a.place-1, len(h.heap)-1
	h.swap(i, last)
	h.heap[last] = due[T]{}
	h.heap = h.heap[:last]
	a.place = 0
	if i < last {
		h.down(h.up(i))
	}
}

// due takes out one owner whose time has come.
func (h *alarms[T]) due(now time.Time) (owner T, ok bool) {
	if len(h.heap) == 0 || h.heap[0].at > now.UnixNano() {
		return owner, false
	}
	a := h.heap[0].alarm
	h.clear(a)
	return a.owner, true
}

func (h *alarms[T]) swap(i, j int) {
	h.heap[i], h.heap[j] = h.heap[j], h.heap[i]
	h.heap[i].alarm.place, h.heap[j].alarm.place = i+1, j+1
}

func (h *alarms[T]) up(i int) int {
	for i > 0 {
		parent := (i - 1) / 2
		if h.heap[parent].at <= h.heap[i].at {
			break
		}
		h.swap(i, parent)
		i = parent
	}
	return i
}

func (h *alarms[T]) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h.heap); child++ {
			if h.heap[child].at < h.heap[least].at {
				least = child
			}
		}
		if least == i {
			return
		}
		h.swap(i, least)
		i = least
	}
}
