package packets

import "tollwatch/sensor/lab/plan"

// Directions of a session (RFC 8866 §6.7), and what else a description may be.
const (
	sendrecv = ""
	sendonly = "sendonly"
	inactive = "inactive"
	fax      = "t38"
)

// reinvite changes the session of a dialog (RFC 3261 §14); back says that the
// callee asks for it.
func (s *script) reinvite(l *leg, back bool, session string) {
	l.inside++
	cseq := l.inviteCSeq() + 10*l.inside
	s.send(l, ms, step{back: back, method: "INVITE", cseq: cseq, inside: true, sdp: true, session: session})
	s.send(l, 3*ms, step{back: !back, method: "INVITE", status: 200, cseq: cseq, inside: true, turned: back, sdp: true, session: answerTo(session)})
	s.send(l, 2*ms, step{back: back, method: "ACK", cseq: cseq, inside: true})
}

func answerTo(session string) string {
	if session == sendonly {
		return "recvonly"
	}
	return session
}

// hold has the callee wait for a while. Half of the machines send music
// meanwhile, the others nothing; nobody hears the callee.
func (s *script) hold(l *leg, at, length int64) hold {
	s.until(at)
	session := [...]string{sendonly, inactive}[blend(l.seed, 30)%2]
	s.reinvite(l, false, session)
	h := hold{span: span{begin: s.now}, silent: [2]bool{session == inactive, true}}
	s.until(at + length)
	h.end = s.now
	s.reinvite(l, false, sendrecv)
	return h
}

// transfer asks the other side to call a number (RFC 3515), which tells how
// that goes as long as the talk lasts.
func (s *script) transfer(l *leg, c *plan.Call, end int64) {
	o := c.Onward
	l.inside++
	cseq := l.inviteCSeq() + 10*l.inside
	s.send(l, ms, step{method: "REFER", cseq: cseq, inside: true, target: o.Number})
	s.send(l, 2*ms, step{back: true, method: "REFER", status: 202, cseq: cseq, inside: true})
	s.notify(l, 100)
	status, told := 200, c.Start.Add(o.After+onwardRings+onwardAnswers).UnixNano()+50*ms
	if o.Duration == 0 {
		status, told = plan.NoAnswer.Status(), c.Start.Add(o.After+onwardRings+onwardPatience).UnixNano()+50*ms
	}
	if told < end {
		s.until(told)
		s.notify(l, status)
	}
}

// notify tells what became of the call that was asked for (RFC 3515 §2.4.4).
func (s *script) notify(l *leg, status int) {
	l.inside++
	cseq := l.inviteCSeq() + 10*l.inside
	s.send(l, ms, step{back: true, method: "NOTIFY", cseq: cseq, inside: true, report: status})
	s.send(l, 2*ms, step{method: "NOTIFY", status: 200, cseq: cseq, inside: true, turned: true})
}

// redirect answers with another target (RFC 3261 §8.1.3.4).
func (s *script) redirect(l *leg, number string) {
	cseq := l.inviteCSeq()
	s.send(l, ms, step{back: true, method: "INVITE", status: 302, cseq: cseq, target: number})
	s.send(l, 2*ms, step{method: "ACK", cseq: cseq})
}

// forgeBye ends a leg in the caller's name, and is told that there is no such
// dialog (RFC 3261 §15.1.2). Who has not heard the call guesses its tags, or
// writes none of the callee's; one in three bears the caller's address too.
func (s *script) forgeBye(l *leg, thief *party) {
	const spoofs, tagless = 0, 1
	forged := *l
	forged.caller, forged.seed = thief, blend(l.seed, 99)
	forged.from = thief.make.NameAddr("", thief.make.URI(l.fromUser, l.caller.host()), thief.make.Tag(forged.seed))
	how := forged.seed % 3
	if how == spoofs {
		forged.caller = l.caller.outside()
	}
	cseq := l.inviteCSeq() + 1000
	forged.challenged = cseq // so that its answer has a tag of its own
	s.send(&forged, ms, step{method: "BYE", cseq: cseq, inside: how != tagless})
	s.send(&forged, 2*ms, step{back: true, method: "BYE", status: 481, cseq: cseq, inside: how != tagless})
}
