package points

import "time"

// Registration is a change of a binding (RFC 3261 §10). Its point lies at Time.
type Registration struct {
	Time  time.Time
	Event string // tag state: new, refreshed, expired, removed or refused

	AoR, Contact, Src string
	UserAgent         string
	Failures          int
}

var registrationTable = table[Registration]{
	name: "registration", text: "a change of a binding (RFC 3261 §10)",
	tags: []tag[Registration]{
		set("state", "what happened to it", changes, func(r *Registration) string { return r.Event }),
	},
	fields: [][]field[Registration]{
		uri("aor", "address of record", func(r *Registration) string { return r.AoR }),
		uri("contact", "where it is reached", func(r *Registration) string { return r.Contact }),
		address("src", "where the REGISTER came from", func(r *Registration) string { return r.Src }),
		sentence("user_agent", "its User-Agent", func(r *Registration) string { return r.UserAgent }, nobody),
		count("failures", "refusals after credentials were sent", func(r *Registration) int { return r.Failures }),
	},
	at:    func(r *Registration) time.Time { return r.Time },
	about: func(r *Registration) (string, string) { return r.AoR, r.Contact },
}
