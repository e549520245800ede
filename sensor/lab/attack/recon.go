package attack

import (
	"strconv"
	"time"

	"tollwatch/sensor/lab/plan"
)

// outsidePrefixes are what a thief tries who does not know the site's.
var outsidePrefixes = []string{"", "0", "9", "00", "8", "1", "7", "99", "90", "001", "011", "9011", "810", "0011", "000", "900", "100", "#", "+", "*"}

// prefixSources dials one number behind all prefixes, and behind all prefixes
// with another digit before them, and so on. Where any is answered, it is the
// last.
func prefixSources(t *thief) []plan.Source {
	number := t.number(0)
	return []plan.Source{t.pulse(func(at time.Time, n int) (plan.Item, bool) {
		c := t.outbound(at, t.extension(0), number)
		if t.Answer > 0 && n == t.Most-1 {
			t.course(c)
			return c.Begin(), true
		}
		round, k := n/len(outsidePrefixes), n%len(outsidePrefixes)
		before := ""
		if round > 0 {
			before = strconv.Itoa(round - 1)
		}
		c.DialledByPhone = before + outsidePrefixes[k] + "00" + number[1:]
		c.Refuse(plan.Failed, plan.Between(t.rng, 5*time.Millisecond, 40*time.Millisecond))
		c.Unrouted = true
		return c.Begin(), true
	})}
}

// scanners are user agents that scans are known by, and some that they borrow.
var scanners = []string{"friendly-scanner", "sipvicious", "pplsip", "Cisco-SIPGateway/IOS-12.x", "VaxSIPUserAgent/3.1", "sipcli/v1.8", "Z 3.14.38765 rv2.8.20"}

func (t *thief) probe(at time.Time, n int, method, user string, status int) plan.Item {
	agent := t.UserAgent
	if agent == "" {
		agent = scanners[int(t.site.Run%uint64(len(scanners)))]
	}
	return plan.Item{At: at, Probe: &plan.Probe{Address: t.address(n), Method: method, User: user, UserAgent: agent, Status: status,
		Label: t.Label, AttackID: t.id, Preparation: t.Preparation}}
}

// scanSources asks for extension after extension.
func scanSources(t *thief) []plan.Source {
	methods := []string{"OPTIONS", "REGISTER", "INVITE"}
	return []plan.Source{t.pulse(func(at time.Time, n int) (plan.Item, bool) {
		method := methods[t.rng.IntN(len(methods))]
		user := strconv.Itoa(100 + n%900)
		status := map[string]int{"OPTIONS": 200, "REGISTER": 401, "INVITE": 401}[method]
		if _, exists := t.site.Phone(user); !exists && method != "OPTIONS" {
			status = 404
		}
		return t.probe(at, n, method, user, status), true
	})}
}

// pages are what is looked for on a PBX.
var pages = []string{"/", "/admin/config.php", "/recordings/", "/provisioning/000000000000.cfg", "/phone/y000000000000.cfg", "/a2billing/admin/", "/vtigercrm/", "/panel/"}

func webSources(t *thief) []plan.Source {
	return []plan.Source{t.pulse(func(at time.Time, n int) (plan.Item, bool) {
		return t.probe(at, n, "GET", pages[n%len(pages)], 200), true
	})}
}

// wipeSources asks ever other users and numbers, from ever other addresses.
func wipeSources(t *thief) []plan.Source {
	return []plan.Source{t.pulse(func(at time.Time, n int) (plan.Item, bool) {
		if n%3 == 0 {
			return t.probe(at, n, "REGISTER", strconv.Itoa(1000+n), 404), true
		}
		return t.probe(at, n, "INVITE", t.number(t.rng.IntN(len(t.numbers)))+strconv.Itoa(n), 401), true
	})}
}
