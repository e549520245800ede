package packets

import (
	"math/rand/v2"
	"time"
)

const (
	ms = int64(time.Millisecond)
	us = int64(time.Microsecond)

	timerT1 = 500 * ms // RFC 3261 §17.1.1.1
)

// script is the messages of one or two legs in the order of time.
type script struct {
	steps      []step
	now        int64
	rng        *rand.Rand
	retransmit float64
}

// send adds a message a little more than after behind the last one.
func (s *script) send(l *leg, after int64, st step) {
	s.now += after + s.rng.Int64N(after/2+100*us)
	s.now -= s.now % us
	st.at, st.leg = s.now, l
	s.steps = append(s.steps, st)
	repeats := st.status == 0 && (st.method == "INVITE" || st.method == "BYE") || st.status == 200 && st.method == "INVITE"
	if repeats && l.conn() == nil && s.rng.Float64() < s.retransmit {
		s.now += timerT1
		st.at = s.now
		s.steps = append(s.steps, st)
	}
}

// until lets time pass.
func (s *script) until(at int64) { s.now = max(s.now, at) }

// invite asks for a call, with credentials once they are asked for.
func (s *script) invite(l *leg) {
	cseq := l.firstCSeq()
	if l.login != nil {
		s.send(l, 0, step{method: "INVITE", cseq: cseq, sdp: true})
		l.challenged = cseq
		s.send(l, 2*ms, step{back: true, method: "INVITE", status: 407, cseq: cseq})
		s.send(l, 2*ms, step{method: "ACK", cseq: cseq})
		cseq++
	}
	s.send(l, 3*ms, step{method: "INVITE", cseq: cseq, sdp: true, auth: l.login != nil})
	s.send(l, 3*ms, step{back: true, method: "INVITE", status: 100, cseq: cseq})
}

func (l *leg) firstCSeq() uint32 { return uint32(blend(l.seed, 10))%9000 + 100 }

// inviteCSeq is that of the INVITE that goes through.
func (l *leg) inviteCSeq() uint32 {
	if l.challenged != 0 {
		return l.challenged + 1
	}
	return l.firstCSeq()
}

// answer is a provisional or final answer to the INVITE; a final one is
// followed by its ACK.
func (s *script) answer(l *leg, status int, sdp bool) {
	cseq := l.inviteCSeq()
	s.send(l, ms, step{back: true, method: "INVITE", status: status, cseq: cseq, sdp: sdp})
	if status >= 200 {
		s.send(l, 2*ms, step{method: "ACK", cseq: cseq, inside: status < 300})
	}
}

// cancel ends an INVITE that rings (RFC 3261 §9).
func (s *script) cancel(l *leg) {
	cseq := l.inviteCSeq()
	s.send(l, ms, step{method: "CANCEL", cseq: cseq})
	s.send(l, ms, step{back: true, method: "CANCEL", status: 200, cseq: cseq})
	s.answer(l, 487, false)
}

// bye ends a talk; back says that the callee does.
func (s *script) bye(l *leg, back bool) {
	cseq := l.inviteCSeq() + 1 + 10*l.inside
	s.send(l, ms, step{back: back, method: "BYE", cseq: cseq, inside: true})
	s.send(l, 2*ms, step{back: !back, method: "BYE", status: 200, cseq: cseq})
}
