package media

// streamList is a chain of streams in the order in which they joined it: that
// of their beginning, but for those that were adopted.
type streamList struct {
	first, last *stream
	n           int
}

func (l *streamList) push(s *stream) {
	s.prev, s.next = l.last, nil
	if l.last == nil {
		l.first = s
	} else {
		l.last.next = s
	}
	l.last = s
	l.n++
}

func (l *streamList) remove(s *stream) {
	if s.prev == nil {
		l.first = s.next
	} else {
		s.prev.next = s.next
	}
	if s.next == nil {
		l.last = s.prev
	} else {
		s.next.prev = s.prev
	}
	s.prev, s.next = nil, nil
	l.n--
}

// placeList is a chain of endpoints in the order of their announcement.
type placeList struct{ first, last *place }

func (l *placeList) push(p *place) {
	p.before, p.after = l.last, nil
	if l.last == nil {
		l.first = p
	} else {
		l.last.after = p
	}
	l.last = p
}

func (l *placeList) remove(p *place) {
	if p.before == nil {
		l.first = p.after
	} else {
		p.before.after = p.after
	}
	if p.after == nil {
		l.last = p.before
	} else {
		p.after.before = p.before
	}
	p.before, p.after = nil, nil
}

// quiet is how long a stream must have been silent to be given up before others,
// in ns.
const quiet = 2e9

func (s *stream) silent(now int64) bool { return now-s.last >= quiet }

// quietest is the oldest stream that is silent; nil when a short search finds
// none. Those passed over count as young again.
func (l *streamList) quietest(now int64) *stream {
	for range min(tries, l.n) {
		s := l.first
		if s.silent(now) {
			return s
		}
		l.remove(s)
		l.push(s)
	}
	return nil
}
