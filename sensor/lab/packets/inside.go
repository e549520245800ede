package packets

// Directions of a session (RFC 8866 §6.7), and what else a description may be.
const (
	sendrecv = ""
	sendonly = "sendonly"
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

// hold takes the caller's voice away for a while.
func (s *script) hold(l *leg, at, length int64) {
	s.until(at)
	s.reinvite(l, false, sendonly)
	s.until(at + length)
	s.reinvite(l, false, sendrecv)
}

// refer asks the other side to call a number (RFC 3515).
func (s *script) refer(l *leg, number string) {
	l.inside++
	cseq := l.inviteCSeq() + 10*l.inside
	s.send(l, ms, step{method: "REFER", cseq: cseq, inside: true, target: number})
	s.send(l, 2*ms, step{back: true, method: "REFER", status: 202, cseq: cseq, inside: true})
}

// redirect answers with another target (RFC 3261 §8.1.3.4).
func (s *script) redirect(l *leg, number string) {
	cseq := l.inviteCSeq()
	s.send(l, ms, step{back: true, method: "INVITE", status: 302, cseq: cseq, target: number})
	s.send(l, 2*ms, step{method: "ACK", cseq: cseq})
}

// forgeBye ends a leg in the caller's name, from elsewhere and with a tag that
// was guessed.
func (s *script) forgeBye(l *leg, thief *party) {
	forged := *l
	forged.caller, forged.seed = thief, blend(l.seed, 99)
	forged.from = thief.make.NameAddr("", "sip:"+l.fromUser+"@"+l.caller.host(), thief.make.Tag(forged.seed))
	s.send(&forged, ms, step{method: "BYE", cseq: l.inviteCSeq() + 1000, inside: true})
}
