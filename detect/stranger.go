package detect

import (
	"math"
	"math/bits"
	"net/netip"
	"strings"
	"time"

	"tollwatch/detect/rules"
)

// stranger is what one source, or one IPv6 network, asked for lately.
type stranger struct {
	since      time.Time // of the counts
	found      time.Time // when it was first told of; zero when it was not
	told       time.Time // the latest time
	toldUsers  int
	requests   int
	users      sketch
	challenged bool // a user was asked for a password
	unknown    bool // a user was said not to exist
}

const (
	strangerWindow = 10 * time.Minute
	// settling is how long a gateway may take to log in its lines, which look like
	// an enumeration until the first has its answer. None calls itself a scanner.
	settling = 10 * time.Second
	// retell bounds how often a sign that goes on is judged anew.
	retell = time.Minute
	// scannerFor is how long a source stays one that was seen scanning, and
	// scannerAfter how long after its first sign it becomes one.
	scannerFor   = 24 * time.Hour
	scannerAfter = time.Minute
)

// knock counts a stranger's request for a user.
func (e *Engine) knock(src netip.AddrPort, user, agent string, status int) {
	e.knocked(src)
	s := put(e.gate.strangers, network(src.Addr()))
	if e.now.Sub(s.since) >= strangerWindow {
		*s = stranger{since: e.now, found: s.found, told: s.told}
	}
	s.requests++
	s.users.add(e.hash(user))
	switch status {
	case 401, 407:
		s.challenged = true
	case 403, 404, 484:
		s.unknown = true
	}
	users, scanner := s.users.count(), scannerName(agent)
	settles := e.now.Sub(s.since) < settling && !s.unknown && scanner == ""
	if settles || e.now.Sub(s.told) < retell && users < 2*s.toldUsers {
		return
	}
	if users < rules.LeastUsers && scanner == "" {
		return
	}
	scheme := Scan
	if users >= rules.EnumerationUsers {
		scheme = Enumeration
	}
	signs := rules.Signs{Source: network(src.Addr()).String(), Requests: s.requests, Users: users, Scanner: scanner, Leak: s.challenged && s.unknown}
	if e.suspect(sign{scheme: scheme, source: src, stranger: true, signs: signs}) {
		s.tell(e.now, users)
	}
}

// knocked counts the requests of all strangers, and tells of a flood once a minute.
func (e *Engine) knocked(src netip.AddrPort) {
	g := &e.gate
	if e.now.Sub(g.minute) >= time.Minute {
		g.minute, g.knocks = e.now, 0
	}
	if g.knocks++; g.knocks == rules.FloodKnocks {
		e.suspect(sign{scheme: Flood, source: src, stranger: true, signs: rules.Signs{Source: network(src.Addr()).String(), Knocks: g.knocks}})
	}
}

func (s *stranger) tell(now time.Time, users int) {
	s.told, s.toldUsers = now, users
	if s.found.IsZero() {
		s.found = now
	}
}

// scanned says that the source was seen looking for extensions or numbers.
func (e *Engine) scanned(source netip.Addr) bool {
	s := e.gate.strangers.Get(source)
	if s == nil || s.found.IsZero() {
		return false
	}
	age := e.now.Sub(s.found)
	return age >= scannerAfter && age < scannerFor
}

// scanners are names that scanners give themselves in the User-Agent. Some
// borrow those of telephones: a name alone proves nothing either way.
var scanners = [...]string{"friendly-scanner", "friendly-request", "sipvicious", "sundayddr", "sundayaddr", "sipcli", "sip-scan", "sipscan",
	"siparmyknife", "sipsak", "smap", "iwar", "sivus", "vaxsipuseragent", "vaxipuseragent", "pplsip", "sipptk", "sippts", "mr.sip"}

// scannerName is the scanner that a User-Agent names; empty for all others.
func scannerName(agent string) string {
	for _, name := range scanners {
		for i := 0; i+len(name) <= len(agent); i++ {
			if strings.EqualFold(agent[i:i+len(name)], name) {
				return name
			}
		}
	}
	return ""
}

// sketch counts different hashes in 256 bits, by how many bits stay free
// (linear counting: Whang and others, 1990): 32 bytes, 5 % off at 100.
type sketch [4]uint64

func (s *sketch) add(hash uint64) { s[hash>>6&3] |= 1 << (hash & 63) }

func (s *sketch) count() int {
	free := 256
	for _, word := range s {
		free -= bits.OnesCount64(word)
	}
	return int(math.Round(-256 * math.Log(max(float64(free), 1)/256)))
}
