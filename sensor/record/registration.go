package record

import (
	"time"

	"tollwatch/decoder/call"
)

// Registration is one change of a binding.
type Registration struct {
	Type      string `json:"type"`
	AoR       string `json:"aor"`
	Contact   string `json:"contact,omitempty"`
	Src       string `json:"src,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
	Event     string `json:"event"`
	Time      Time   `json:"time"`
	Failures  int    `json:"failures"`
}

// NewRegistration puts a change of a binding into the contract's words.
func NewRegistration(at time.Time, r *call.Registration) *Registration {
	return &Registration{
		Type: "registration", AoR: r.AoR, Contact: r.Contact, Src: address(r.Src), UserAgent: r.UserAgent,
		Event: r.Change.String(), Time: Time(at), Failures: r.Failures,
	}
}
