package sensor

// Evictions is what each table forgot because it was full, by its name.
func (p *Pipeline) Evictions() map[string]uint64 {
	out := p.decoder.Evictions()
	e := p.engine.Snapshot().Evicted
	for table, n := range map[string]uint64{
		"calls": e.Calls, "calls_aged": e.AgedCalls, "extensions": e.Extensions, "groups": e.Groups, "phones": e.Phones,
		"roles": e.Roles, "pairs": e.Pairs, "incidents": e.Incidents, "words": e.Words, "lessons": e.Lessons, "strangers": e.Strangers,
		"talks": e.Talks, "callers": e.Callers, "numbers": e.Numbers, "trail": e.Trail,
	} {
		out[table] = n
	}
	return out
}
