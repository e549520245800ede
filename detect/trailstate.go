package detect

import "tollwatch/detect/window"

// trail writes what signs and tests were about in the last month.
func (w *writer) trail(t *trail) {
	links(w, t.extensions, w.string)
	links(w, t.sources, w.addr)
	links(w, t.tests, w.string)
}

func links[K comparable](w *writer, table *window.LRU[K, Link], key func(K)) {
	w.int(int64(table.Len()))
	for k, l := range table.OldestFirst() {
		key(k)
		w.link(l)
	}
}

func (r *reader) trail(t *trail) {
	readLinks(r, t.extensions, r.string)
	readLinks(r, t.sources, r.addr)
	readLinks(r, t.tests, r.string)
}

func readLinks[K comparable](r *reader, table *window.LRU[K, Link], key func() K) {
	for range r.count(maxTrail) {
		k := key()
		*put(table, k) = r.link()
	}
}

func (w *writer) link(l *Link) {
	w.time(l.Time)
	w.b = append(w.b, byte(l.Scheme), byte(l.Step))
	w.string(l.Incident)
	w.string(l.Extension)
	w.string(l.Number)
	w.bool(l.Source.IsValid())
	if l.Source.IsValid() {
		w.addr(l.Source)
	}
}

func (r *reader) link() Link {
	l := Link{Time: r.time(), Scheme: Scheme(r.byte()), Step: Step(r.byte()), Incident: r.string(), Extension: r.string(), Number: r.string()}
	if r.bool() {
		l.Source = r.addr()
	}
	return l
}
