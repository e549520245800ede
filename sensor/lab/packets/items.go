package packets

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"tollwatch/sensor/lab/device"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/wire"
)

// sign notes in the truth what belongs to an attack and is no call.
func (g *generator) sign(at time.Time, id, extension string, from netip.Addr) {
	at = at.UTC()
	for i := range g.attacks {
		a := &g.attacks[i]
		if a.ID != id {
			continue
		}
		if a.Since == nil {
			a.Since = &at
		}
		a.Signs++
		a.Until = &at
		if a.Extension == "" {
			a.Extension = extension
		}
		if !from.IsValid() || len(a.Sources) >= maxSources {
			continue
		}
		if source := g.site.reach(from).String(); !slices.Contains(a.Sources, source) {
			a.Sources = append(a.Sources, source)
		}
	}
}

// maxSources is how many addresses of an attack the truth names, the first.
const maxSources = 256

// play sends a script that belongs to no call.
func (g *generator) play(s *script) {
	if len(s.steps) > 0 {
		g.queue.push(s.steps[0].at, &signalling{tap: &g.tap, steps: s.steps})
	}
}

// register plays a REGISTER with credentials, right or wrong.
func (g *generator) register(at int64, r *plan.Registration) {
	g.serial++
	seed := blend(blend(g.seed, 6), g.serial)
	s := script{now: at, rng: rand.New(rand.NewPCG(seed, 1))}
	if r.Unseen {
		g.listed(&s, seed, r)
		return
	}
	site := g.siteAt(at)
	from := site.phones[r.Extension]
	if r.Address.IsValid() {
		from = site.passerBy(r.Address)
	}
	l := newLeg(seed, from, site.pbx, r.Extension, site.pbx.host(), r.Extension, site.pbx.host(), "")
	l.requestURI = "sip:" + site.pbx.host()
	l.realm, l.expires, l.visible, l.agent = site.realm, int(r.Expires.Seconds()), g.full(), r.UserAgent
	l.login = site.phones[r.Extension].login
	if !r.Accepted {
		l.login = &device.Credentials{User: r.Extension, Password: fmt.Sprintf("%x", blend(seed, 2)%1e6)}
	}
	l.challenged = 1
	s.send(l, 0, step{method: "REGISTER", cseq: 1})
	s.send(l, 2*ms, step{back: true, method: "REGISTER", status: 401, cseq: 1})
	s.send(l, 2*ms, step{method: "REGISTER", cseq: 2, auth: true})
	status := 200
	if !r.Accepted {
		status = 403
	}
	s.send(l, 3*ms, step{back: true, method: "REGISTER", status: status, cseq: 2})
	g.play(&s)
}

// listed is the site's own registration at the operator, whose answer lists
// another's binding too (RFC 3261 §10.3).
func (g *generator) listed(s *script, seed uint64, r *plan.Registration) {
	site := g.siteAt(s.now)
	carrier := site.carriers[0]
	l := newLeg(seed, site.pbx, carrier, plan.TrunkAccount, carrier.host(), plan.TrunkAccount, carrier.host(), "")
	l.requestURI = "sip:" + carrier.host()
	l.trunk, l.realm, l.expires = true, "operator", 3600
	l.login = &device.Credentials{User: plan.TrunkAccount, Password: "trunk"}
	l.challenged = 1
	s.send(l, 0, step{method: "REGISTER", cseq: 1})
	s.send(l, 12*ms, step{back: true, method: "REGISTER", status: 401, cseq: 1})
	s.send(l, 2*ms, step{method: "REGISTER", cseq: 2, auth: true})
	other := fmt.Sprintf("<sip:%s@%s>;expires=3000", plan.TrunkAccount, netip.AddrPortFrom(site.reach(r.Address), sipPort))
	s.send(l, 12*ms, step{back: true, method: "REGISTER", status: 200, cseq: 2, bindings: []string{other}})
	g.play(s)
}

// probe plays a stranger's request and its answer.
func (g *generator) probe(at int64, p *plan.Probe) {
	g.serial++
	seed := blend(blend(g.seed, 7), g.serial)
	site := g.siteAt(at)
	from := site.passerBy(p.Address)
	if p.Method == "GET" {
		g.page(at, from, site.pbx, p, seed)
		return
	}
	l := newLeg(seed, from, site.pbx, "100", site.pbx.host(), p.User, site.pbx.host(), "")
	l.visible, l.agent, l.realm = g.full(), p.UserAgent, site.realm
	s := script{now: at, rng: rand.New(rand.NewPCG(seed, 1))}
	if p.Method == "INVITE" || p.Status == 401 || p.Status == 407 {
		l.challenged = 1
	}
	s.send(l, 0, step{method: p.Method, cseq: 1, sdp: p.Method == "INVITE"})
	if p.Status != 0 {
		s.send(l, 2*ms, step{back: true, method: p.Method, status: p.Status, cseq: 1})
	}
	if p.Method == "INVITE" && p.Status != 0 {
		s.send(l, 2*ms, step{method: "ACK", cseq: 1})
	}
	g.play(&s)
}

// page asks the PBX for a web page.
func (g *generator) page(at int64, from, to *party, p *plan.Probe, seed uint64) {
	if !g.full() {
		return
	}
	client := from.sip
	client.Number = 49152 + uint16(seed%16000)
	server := to.sip
	server.Number = 80
	c := &conn{ends: [2]wire.Port{client, server}, seq: [2]uint32{uint32(seed), uint32(seed >> 32)}}
	c.send(&g.tap, at, 0, fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nAccept: */*\r\n\r\n", p.User, to.host(), p.UserAgent))
	g.tap.later(at+5*ms, g.tap.builder.TCP(server, client, wire.Segment{Seq: c.seq[1], Ack: c.seq[0], Flags: wire.PSH | wire.ACK},
		fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nServer: %s\r\nContent-Length: 0\r\n\r\n", p.Status, http.StatusText(p.Status), to.make.Name)))
}
