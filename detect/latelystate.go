package detect

import (
	"math"

	"tollwatch/detect/window"
)

// lately writes what signs and money know of the last hours and days, and who is
// a telephone: what a restart in the middle of a theft must not hide. What lives
// for minutes begins anew: rates, tries, knocks, running calls.
func (w *writer) lately(e *Engine) {
	l := &e.lately
	w.b, _ = l.spend.AppendBinary(w.b)
	w.b, _ = l.newSpend.AppendBinary(w.b)
	w.float(l.newTold)
	w.int(int64(l.numbersTold))
	w.newNumbers(&l.newNumbers)
	w.logins(&l.logins)
	w.strangers(&l.gate)
	w.callers(&l.callers)
	w.baits(&l.baits)
	w.lines(&l.lines)
	links(w, e.trail.targets, w.string)
	w.int(int64(e.roles.phones.Len()))
	for a := range e.roles.phones.OldestFirst() {
		w.addr(a)
	}
}

// lately of a state that knows none begins anew.
func (r *reader) lately(trail *trail, roles *roles) lately {
	if r.failed { // a damaged state costs no more than it has to
		return lately{}
	}
	l := newLately()
	if r.version <= forgetfulVersion {
		return l
	}
	r.buckets(l.spend, 12)
	r.buckets(l.newSpend, 24)
	l.newTold = r.float()
	l.numbersTold = int(r.count(int64(len(l.newNumbers.hash))))
	r.newNumbers(&l.newNumbers)
	r.logins(&l.logins)
	r.strangers(&l.gate)
	r.callers(&l.callers)
	r.baits(&l.baits)
	r.lines(&l.lines)
	readLinks(r, trail.targets, r.string)
	for range r.count(maxPhones) {
		put(roles.phones, r.addr())
	}
	return l
}

// buckets reads a window of n buckets, whose state is 18 bytes and 8 for each.
func (r *reader) buckets(b *window.Buckets, n int) {
	if data := r.take(18 + 8*n); data == nil || b.UnmarshalBinary(data) != nil {
		r.failed = true
	}
}

// newNumbers writes those that are there, the oldest first.
func (w *writer) newNumbers(n *newNumbers) {
	used := 0
	for _, at := range n.at {
		if at != 0 {
			used++
		}
	}
	w.int(int64(used))
	for i := range n.at {
		if k := (n.next + i) % len(n.at); n.at[k] != 0 {
			w.hash(n.hash[k])
			w.int(n.at[k])
		}
	}
}

func (r *reader) newNumbers(n *newNumbers) {
	used := int(r.count(int64(len(n.at))))
	for i := range used {
		n.hash[i], n.at[i] = r.hash(), r.count(math.MaxInt64)
	}
	n.next = used % len(n.at)
}

func (w *writer) logins(l *logins) {
	w.int(int64(l.table.Len()))
	for a, f := range l.table.OldestFirst() {
		w.addr(a)
		w.float(f.count)
		w.time(f.at)
	}
}

func (r *reader) logins(l *logins) {
	for range r.count(maxSources) {
		*put(l.table, r.addr()) = failures{r.float(), r.time()}
	}
}

// strangers writes who was seen scanning, and who is let in by the address.
func (w *writer) strangers(g *gate) {
	found := 0
	for _, s := range g.strangers.OldestFirst() {
		if !s.found.IsZero() {
			found++
		}
	}
	w.int(int64(found))
	for a, s := range g.strangers.OldestFirst() {
		if !s.found.IsZero() {
			w.addr(a)
			w.time(s.found)
			w.time(s.told)
		}
	}
	w.int(int64(g.served.Len()))
	for a, s := range g.served.OldestFirst() {
		w.addr(a)
		w.int(int64(s.athome))
		w.int(int64(s.n))
		for _, h := range s.numbers {
			w.hash(h)
		}
	}
}

func (r *reader) strangers(g *gate) {
	for range r.count(maxStrangers) {
		*put(g.strangers, r.addr()) = stranger{found: r.time(), told: r.time()}
	}
	for range r.count(maxServed) {
		s := put(g.served, r.addr())
		s.athome, s.n = int(r.count(math.MaxInt32)), int(r.count(int64(len(s.numbers))))
		for i := range s.numbers {
			s.numbers[i] = r.hash()
		}
	}
}

func (w *writer) callers(c *callers) {
	w.int(int64(c.table.Len()))
	for who, x := range c.table.OldestFirst() {
		w.string(who)
		w.int(int64(x.day))
		w.int(int64(x.mailbox))
		w.time(x.guessed)
	}
}

func (r *reader) callers(c *callers) {
	for range r.count(maxCallers) {
		x := put(c.table, r.string())
		x.day, x.mailbox, x.guessed = r.dayNumber(), int(r.count(math.MaxInt32)), r.time()
	}
}

func (w *writer) baits(b *baits) {
	w.int(int64(b.numbers.Len()))
	for number, x := range b.numbers.OldestFirst() {
		w.string(number)
		w.time(x.at)
		w.key(x.group)
	}
	w.int(int64(b.groups.Len()))
	for key, x := range b.groups.OldestFirst() {
		w.key(key)
		w.time(x.told)
	}
}

func (r *reader) baits(b *baits) {
	for range r.count(maxBaits) {
		*put(b.numbers, r.string()) = bait{r.time(), r.key()}
	}
	for range r.count(maxGroups) {
		put(b.groups, r.key()).told = r.time()
	}
}

func (w *writer) lines(l *lines) {
	w.int(int64(l.table.Len()))
	for number, x := range l.table.OldestFirst() {
		w.string(number)
		w.int(int64(x.day))
		w.float(x.minutes)
	}
}

func (r *reader) lines(l *lines) {
	for range r.count(maxLines) {
		x := put(l.table, r.string())
		x.day, x.minutes = r.dayNumber(), r.float()
	}
}
