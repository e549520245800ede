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
	p.prev, p.next = l.last, nil
	if l.last == nil {
		l.first = p
	} else {
		l.last.next = p
	}
	l.last = p
}

func (l *placeList) remove(p *place) {
	if p.prev == nil {
		l.first = p.next
	} else {
		p.prev.next = p.next
	}
	if p.next == nil {
		l.last = p.prev
	} else {
		p.next.prev = p.prev
	}
	p.prev, p.next = nil, nil
}

// quiet is how long a stream must have been silent to be given up before others
// that began later, in ns.
const quiet = 2e9

// quietest is the stream to give up: the oldest that is silent. Those passed
// over count as young again.
func (l *streamList) quietest(now int64) *stream {
	for range tries {
		s := l.first
		if now-s.last >= quiet {
			break
		}
		l.remove(s)
		l.push(s)
	}
	return l.first
}
