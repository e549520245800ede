package packets

import (
	"fmt"
	"strings"

	"tollwatch/sensor/lab/device"
	"tollwatch/sensor/lab/wire"
)

// leg is one SIP dialog, or what never becomes one: a registration, an
// OPTIONS. It knows all that does not change from message to message.
type leg struct {
	seed           uint64
	caller, callee *party
	trunk          bool
	visible        bool
	realm          string
	login          *device.Credentials // of a caller that is asked for a password

	callID     string
	requestURI string
	from       string // value with tag, as the caller writes it
	to         string // value without tag
	fromUser   string
	toUser     string
	asserted   string
	diversion  string // value of the header (RFC 5806)
	agent      string // of the caller, where it is not its make's
	challenged uint32 // CSeq that was answered by a challenge
	inside     uint32 // requests inside the dialog so far, the BYE left out
	expires    int

	media [2]uint16 // RTP ports of caller and callee
	ssrc  [2]uint32
}

// step is one message of a leg.
type step struct {
	at     int64
	leg    *leg
	back   bool   // the callee sends it
	method string // of the transaction
	status int    // 0 = request
	cseq   uint32
	auth   bool // with credentials
	sdp    bool
	inside bool // of an established dialog: the ACK of a 2xx, a BYE

	turned   bool     // the answer to a request of the callee inside the dialog
	session  string   // what the description offers: sendrecv, sendonly, recvonly or t38
	target   string   // number of a REFER or of a 302
	report   int      // of a NOTIFY: the status of the call that a REFER asked for
	bindings []string // of a REGISTER's 200: contacts of others
}

// newLeg names the two sides; user parts are as they stand in the URIs.
func newLeg(seed uint64, caller, callee *party, fromUser, fromHost, toUser, toHost, display string) *leg {
	k := caller.make
	return &leg{
		seed: seed, caller: caller, callee: callee, visible: true,
		callID:     k.CallID(blend(seed, 1), caller.host()),
		requestURI: k.URI(toUser, toHost),
		from:       k.NameAddr(display, k.URI(fromUser, fromHost), k.Tag(blend(seed, 2))),
		to:         k.NameAddr("", k.URI(toUser, strings.TrimSuffix(toHost, fmt.Sprintf(":%d", callee.sip.Number))), ""),
		fromUser:   fromUser, toUser: toUser,
		ssrc: [2]uint32{uint32(blend(seed, 3)), uint32(blend(seed, 4))},
	}
}

// blend derives the n-th number of a seed.
func blend(seed, n uint64) uint64 {
	x := seed + n*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (l *leg) conn() *conn {
	if l.caller.conn != nil {
		return l.caller.conn
	}
	return l.callee.conn
}

func (l *leg) transport() string { return l.conn().transport() }

// sides returns who sends and who receives.
func (l *leg) sides(back bool) (from, to *party) {
	if back {
		return l.callee, l.caller
	}
	return l.caller, l.callee
}

// message writes what the step says.
func (l *leg) message(dst []byte, st *step) []byte {
	sender, _ := l.sides(st.back)
	m := device.Message{
		Method: st.method, Status: st.status, CallID: l.callID, CSeq: st.cseq,
		Via: l.via(st), Expires: l.expires, RequestURI: l.target(st),
		Agent:      l.agentOf(st),
		Capability: st.method == "INVITE" || st.method == "REGISTER" || st.method == "OPTIONS",
	}
	m.From, m.To = l.ends(st)
	m.Contact = l.contactOf(st, sender)
	if st.method == "INVITE" && st.status == 0 && !st.inside {
		m.Asserted, m.Diversion = l.asserted, l.diversion
	}
	if st.target != "" && st.status == 0 {
		m.ReferTo = "<sip:" + st.target + "@" + l.callee.host() + ">"
	}
	nonce := fmt.Sprintf("%x/%016x", l.seed>>34, blend(l.seed, 5))
	if st.status == 401 || st.status == 407 {
		m.Challenge = device.Challenge(st.status, l.realm, nonce)
	}
	if st.auth {
		m.Auth = l.login.Answer(challengeOf(st.method), l.realm, nonce, fmt.Sprintf("%08x", uint32(blend(l.seed, 6))), st.method, l.requestURI)
	}
	if st.sdp {
		m.Body = l.session(st)
	}
	if st.report != 0 {
		m.Report(st.report)
	}
	return sender.make.Append(dst, &m)
}

func (l *leg) agentOf(st *step) string {
	if st.back {
		return ""
	}
	return l.agent
}

// challengeOf is the status with which the PBX asks for credentials.
func challengeOf(method string) int {
	if method == "REGISTER" {
		return 401
	}
	return 407
}

// via is the sender's; in an answer the request's, completed (RFC 3581 §4).
func (l *leg) via(st *step) string {
	sender, _ := l.sides(st.back != (st.status != 0))
	method := st.method
	if method == "CANCEL" || method == "ACK" && !st.inside {
		method = "INVITE" // of the same transaction (RFC 3261 §9.1, §17.1.1.3)
	}
	kind := uint64(method[0]) | uint64(len(method))<<8
	if st.back != (st.status != 0) {
		kind |= 1 << 16
	}
	v := sender.make.Via(strings.ToUpper(l.transport()), sender.hostPort(), blend(l.seed^kind<<32, 100+uint64(st.cseq)))
	if st.status == 0 {
		return v
	}
	return strings.Replace(v, ";rport", fmt.Sprintf(";rport=%d;received=%s", sender.sip.Number, sender.sip.Addr), 1)
}

// turnedACK says that the callee acknowledges the answer to its own request.
func (st *step) turnedACK() bool { return st.method == "ACK" && st.back }

// target is the Request-URI.
func (l *leg) target(st *step) string {
	if !st.inside {
		return l.requestURI
	}
	if st.back {
		return l.caller.contact(l.fromUser)
	}
	return l.callee.contact(l.toUser)
}

// ends are From and To: a BYE of the callee turns them round.
func (l *leg) ends(st *step) (from, to string) {
	answered := l.to + ";tag=" + l.callee.make.Tag(blend(l.seed, 7))
	if st.method == "BYE" && st.back == (st.status == 0) || st.turned || st.inside && st.back && st.status == 0 || st.turnedACK() {
		return answered, l.from
	}
	switch {
	case st.inside, st.status > 100 && st.cseq != l.challenged, st.method == "ACK" && st.cseq != l.challenged:
		return l.from, answered
	case st.cseq == l.challenged && (st.status > 100 || st.method == "ACK"):
		return l.from, l.to + ";tag=" + l.callee.make.Tag(blend(l.seed, 8+uint64(st.cseq)<<8))
	}
	return l.from, l.to
}

func (l *leg) contactOf(st *step, sender *party) string {
	switch {
	case st.method == "REGISTER" && st.status == 200:
		return strings.Join(append([]string{fmt.Sprintf("<%s>;expires=%d", l.caller.contact(l.fromUser), l.expires)}, st.bindings...), ", ")
	case st.status == 302:
		return "<sip:" + st.target + "@" + l.caller.host() + ">"
	case st.method == "REFER" && st.status < 300, st.method == "NOTIFY" && st.status == 0:
		return "<" + sender.contact(l.userOf(st.back)) + ">"
	case st.method == "REGISTER" && st.status == 0, st.method == "OPTIONS":
		return "<" + sender.contact(l.userOf(st.back)) + ">"
	case st.method == "INVITE" && (st.status == 0 || st.status > 100 && st.status < 300):
		return "<" + sender.contact(l.userOf(st.back)) + ">"
	}
	return ""
}

func (l *leg) userOf(back bool) string {
	if back {
		return l.toUser
	}
	return l.fromUser
}

func (l *leg) session(st *step) []byte {
	sender, _ := l.sides(st.back)
	end := 0
	if st.back {
		end = 1
	}
	owner := "-"
	if sender.login != nil {
		owner = sender.login.User
	}
	s := device.Session{Owner: owner, ID: blend(l.seed, 9+uint64(end)) >> 33, Media: l.mediaPort(end).AddrPort(), Offer: !st.back, Direction: st.session,
		Version: uint64(l.inside)}
	return s.Append(nil)
}

// mediaPort is where the caller (0) or the callee (1) hears.
func (l *leg) mediaPort(end int) wire.Port {
	p, _ := l.sides(end == 1)
	return wire.Port{Host: p.sip.Host, Number: l.media[end]}
}

// takePorts gives both sides a port; givePorts takes them back.
func (l *leg) takePorts() {
	l.media = [2]uint16{l.caller.media.take(), l.callee.media.take()}
}

func (l *leg) givePorts() {
	l.caller.media.give(l.media[0])
	l.callee.media.give(l.media[1])
}
