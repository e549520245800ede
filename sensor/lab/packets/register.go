package packets

import (
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/truth"
)

// registrar keeps one telephone registered.
type registrar struct {
	tap    *tap
	phone  *party
	leg    *leg
	rng    *rand.Rand
	every  int64
	end    int64
	cseq   uint32
	record truth.Registration
}

func newRegistrar(t *tap, s *site, ext string, seed uint64, every time.Duration, end int64) *registrar {
	ph := s.phones[ext]
	l := newLeg(seed, ph, s.pbx, ext, s.pbx.host(), ext, s.pbx.host(), "")
	l.requestURI = "sip:" + s.pbx.host()
	l.realm, l.login, l.expires = s.realm, ph.login, int(every.Seconds())+60
	return &registrar{tap: t, phone: ph, leg: l, rng: rand.New(rand.NewPCG(seed, 2)), every: int64(every), end: end, cseq: 1,
		record: truth.Registration{AoR: "sip:" + ext + "@" + s.pbx.host(), Contact: ph.contact(ext), Src: ph.sip.AddrPort().String()}}
}

// step registers: asked for a password, it answers (RFC 3261 §10, §22).
func (r *registrar) step(now int64) (int64, bool) {
	if now >= r.end {
		return 0, false
	}
	s := script{now: now, rng: r.rng}
	r.leg.challenged = r.cseq
	s.send(r.leg, 0, step{method: "REGISTER", cseq: r.cseq})
	s.send(r.leg, 2*ms, step{back: true, method: "REGISTER", status: 401, cseq: r.cseq})
	s.send(r.leg, 2*ms, step{method: "REGISTER", cseq: r.cseq + 1, auth: true})
	s.send(r.leg, 3*ms, step{back: true, method: "REGISTER", status: 200, cseq: r.cseq + 1})
	r.cseq += 2
	r.tap.queue.push(s.steps[0].at, &signalling{tap: r.tap, steps: s.steps})
	if r.leg.visible {
		r.note(s.steps[len(s.steps)-1].at)
	}
	return now + r.every - r.rng.Int64N(r.every/20+1), true
}

func (r *registrar) note(accepted int64) {
	at := time.Unix(0, accepted).UTC()
	if r.record.First == nil {
		r.record.First = &at
	}
	r.record.Last = &at
	r.record.Challenged++
	r.record.Accepted++
	r.tap.totals.Registrations++
}

// keepalive is the PBX that asks whether the trunk is there.
type keepalive struct {
	tap   *tap
	site  *site
	seed  uint64
	rng   *rand.Rand
	every int64
	end   int64
}

func (k *keepalive) step(now int64) (int64, bool) {
	if now >= k.end {
		return 0, false
	}
	k.seed++
	pbx, carrier := k.site.pbx, k.site.carriers[0]
	l := newLeg(k.seed, pbx, carrier, "pbx", pbx.host(), "ping", carrier.host(), "")
	l.trunk = true
	s := script{now: now, rng: k.rng}
	s.send(l, 0, step{method: "OPTIONS", cseq: 102})
	s.send(l, 12*ms, step{back: true, method: "OPTIONS", status: 200, cseq: 102})
	k.tap.queue.push(s.steps[0].at, &signalling{tap: k.tap, steps: s.steps})
	return now + k.every, true
}
