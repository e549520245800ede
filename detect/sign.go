package detect

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/detect/rules"
)

// sign is something seen that is no outbound call of this site, and what the
// rules are to know of it.
type sign struct {
	scheme    Scheme
	signs     rules.Signs
	source    netip.AddrPort
	extension string
	trunk     string
	caller    string // from outside, or what such calls have in common: they are one incident
	target    string // a number, E.164: calls that go there later name this sign in their chain
	callID    string // of the call in which it was seen
	// stranger: somebody outside without a password, as all of the Internet sends
	// them. However many there are, they are one incident a day, so that they
	// neither hide nor multiply any other.
	stranger bool
}

// strangersFor is how long what strangers do stays one incident.
const strangersFor = 24 * time.Hour

// suspect has the rules judge a sign, and brings it to its incident; false when
// it is none worth telling.
func (e *Engine) suspect(s sign) bool {
	e.sign = s // of the engine, so that nothing is allocated for what is no suspicion
	d := &e.signDecision
	d.Time, d.Stage, d.Rules, d.Signs = e.now, AtSign, rules.Version, &e.sign.signs
	d.Reasons, d.Score = rules.AppendSigns(d.Reasons[:0], d.Signs)
	level := levelOf(d.Score)
	if level == 0 {
		return false
	}
	if e.maintained() && s.ofRoles() {
		level = min(level, Watch)
	}
	i := e.matchSign(&e.sign)
	if i == nil {
		i = e.openSign(&e.sign, level)
	}
	i.last = e.now
	i.knowSign(e, &e.sign)
	if d.Score >= i.strongest.Score {
		i.keepSign(&e.sign, d)
	}
	level, reopened := e.heed(i, e.coveringSign(&e.sign, level), level, true)
	if !reopened {
		e.raise(i, level)
	}
	e.remember(i, &e.sign)
	return true
}

// matchSign finds the incident that a sign belongs to: of its scheme, about the
// same extension, source or trunk. All strangers are one.
func (e *Engine) matchSign(s *sign) *incident {
	if s.stranger {
		return e.strangers()
	}
	for _, i := range e.incidents {
		if i.bySign && !i.stranger && i.scheme == s.scheme && e.now.Sub(i.last) <= mergeWithin && i.sharesSign(s) {
			return i
		}
	}
	return nil
}

// strangers is the incident of those at the door, open or of the same day.
func (e *Engine) strangers() *incident {
	i := e.door
	if i == nil || e.now.Sub(i.since) >= strangersFor {
		return nil
	}
	if i.over {
		i.over = false
		if len(e.incidents) >= maxIncidents {
			e.evictIncident()
		}
		e.incidents = append(e.incidents, i)
		i.last, i.update = e.now, e.now.Add(updatedEvery)
		if i.word == nil { // else it is news only when it goes beyond the word
			e.tell(i, Reopened)
		}
	}
	return i
}

func (i *incident) sharesSign(s *sign) bool {
	if i.byMedia() && s.signs.Talks > 0 { // of one site, whatever media gateways it goes to
		return true
	}
	if s.extension != "" && slices.Contains(i.extensions, s.extension) || s.source.IsValid() && slices.Contains(i.sources, s.source.Addr().Unmap()) {
		return true
	}
	if s.caller != "" {
		return slices.Contains(i.callers, s.caller)
	}
	return s.extension == "" && s.trunk != "" && slices.Contains(i.trunks, s.trunk)
}

func (e *Engine) openSign(s *sign, level Level) *incident {
	i := e.newIncident(s.scheme, e.now)
	i.word = e.coveringSign(s, level)
	i.bySign, i.stranger = true, s.stranger
	i.id = e.incidentID(i.since, s.scheme.String(), s.extension, s.source.String(), s.trunk)
	e.incidents = append(e.incidents, i)
	if s.stranger {
		e.door = i
	}
	return i
}

// knowSign adds the sign's marks to those that the incident is known by.
func (i *incident) knowSign(e *Engine, s *sign) {
	i.phones = i.phones || s.source.IsValid()
	if s.extension != "" && !s.stranger {
		i.extensions = addMember(i.extensions, s.extension)
	}
	if a := s.source.Addr().Unmap(); a.IsValid() && !e.roles.isPBX(a) && !e.roles.isTrunk(a) {
		i.sources = addMember(i.sources, a)
	}
	if s.trunk != "" {
		i.trunks = addMember(i.trunks, s.trunk)
	}
	if s.caller != "" {
		i.callers = addMember(i.callers, s.caller)
	}
	i.name(s.callID)
}

// keepSign copies the decision; the scheme of strangers is that of the worst.
func (i *incident) keepSign(s *sign, d *Decision) {
	reasons := append(i.strongest.Reasons[:0], d.Reasons...)
	i.strongest = *d
	i.strongest.Reasons = reasons
	signs := *d.Signs
	i.strongest.Signs = &signs
	i.scheme, i.source, i.extension, i.trunk = s.scheme, s.source, s.extension, s.trunk
}
