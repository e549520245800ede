package detect

// bindings writes by what the extensions' telephones are known, and which of
// them is suspected. Live bindings are told anew.
func (w *writer) bindings(b *bindings) {
	w.int(int64(b.table.Len()))
	for user, x := range b.table.OldestFirst() {
		w.string(user)
		for i := range maxTraits {
			w.hash(x.agents[i].value)
			w.days(x.agents[i].first, x.agents[i].last)
			w.addr(x.networks[i].value)
			w.days(x.networks[i].first, x.networks[i].last)
		}
		w.addr(x.suspect)
		w.float(x.score)
		w.time(x.at)
	}
}

func (r *reader) bindings(into *bindings) {
	for range r.count(maxExtensions) {
		x := put(into.table, r.string())
		for i := range maxTraits {
			x.agents[i].value = r.hash()
			x.agents[i].first, x.agents[i].last = r.dayNumber(), r.dayNumber()
			x.networks[i].value = r.addr()
			x.networks[i].first, x.networks[i].last = r.dayNumber(), r.dayNumber()
		}
		x.suspect, x.score, x.at = r.addr(), r.float(), r.time()
	}
}

func (w *writer) days(first, last int32) {
	w.int(int64(first))
	w.int(int64(last))
}
