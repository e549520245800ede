package rules

import (
	"fmt"
	"strings"
)

// registration: an extension registers on the Internet as it never did.
//
//   - Looks for: an accepted login from a network of the Internet that the extension is not known by; with a User-Agent or transport that it is not known by; beside a telephone that is registered elsewhere; at night.
//   - Formula: new network 25, or 10 for an extension that is known by two of the Internet; new agent 15; beside a live binding of another network 30 where the extension was only ever registered in the house, else 15; from 22 to 6 h 5. At most 60: people work from home, and travel.
//   - Default: a network is a /24, or a /64 of IPv6. Nothing when a third of all extensions, three at least, are registered in that network: the site moved.
//   - Memory: four agents, networks and live bindings for each of at most 5000 extensions, known after three days of quarantine.
//   - Misses: a thief in the house, or in a network where the extension registers anyway; an extension that is younger than the quarantine; telephones behind an SBC or a router that puts its own address in place of theirs. It does not know in which country an address is.
func registration(s *Signs, _ float64) float64 {
	moved := s.Moved >= 3 && 3*s.Moved >= s.Registered
	if !s.NewNetwork || !s.Public || moved {
		return 0
	}
	points := 25.0
	if s.Roams {
		points = 10
	}
	if s.NewAgent {
		points += 15
	}
	if s.AtNight {
		points += 5
	}
	switch {
	case s.Beside && s.OnlyHouse:
		points += 30
	case s.Beside:
		points += 15
	}
	return min(points, 60)
}

func registrationText(s *Signs) string {
	var b strings.Builder
	fmt.Fprintf(&b, "extension %s registered from %s, a network where it never did", s.Extension, s.Source)
	if s.NewAgent {
		b.WriteString(", with a telephone that is new")
	}
	if s.Beside {
		b.WriteString(", while another of its telephones is registered elsewhere")
	}
	return b.String()
}
