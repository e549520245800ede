package sensortest

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// began is when the clean call begins.
var began = time.Date(2026, 3, 7, 10, 0, 0, 0, time.UTC)

// site is where the clean call is made: the addresses of its two ends.
type site struct {
	name           string
	caller, callee netip.Addr
}

var sites = []site{
	{"IPv4", netip.MustParseAddr("192.168.10.204"), netip.MustParseAddr("192.168.10.2")},
	{"IPv6", netip.MustParseAddr("2001:db8:10::204"), netip.MustParseAddr("2001:db8:10::2")},
}

// Ports of the clean call. The media ports are as odd ones as telephones use.
const (
	sipPort     = 5060
	callerMedia = 16384
	calleeMedia = 11780
)

// callLength is when the clean call's last message comes.
const callLength = 2620 * time.Millisecond

// datum is one thing that an end of the clean call says.
type datum struct {
	at       time.Duration // since began, in whole milliseconds, so that every file format can hold it
	outward  bool          // from caller to callee
	media    bool
	src, dst netip.AddrPort
	payload  []byte
}

// script writes the clean call down.
type script struct {
	site
	via  string // transport of the Via header: UDP, TCP, WS, SCTP
	data []datum
}

// cleanCall is one call, answered and ended by the caller, with speech in both
// directions: what must come out of every wrapping and every transport.
func cleanCall(s site, via string) []datum {
	w := &script{site: s, via: via}
	offer, answer := w.session(s.caller, callerMedia), w.session(s.callee, calleeMedia)
	w.request(0, "INVITE", 1, "", offer)
	w.response(20, "100 Trying", "1 INVITE", "", "")
	w.response(300, "180 Ringing", "1 INVITE", ";tag=callee", "")
	w.response(1500, "200 OK", "1 INVITE", ";tag=callee", answer)
	w.request(1520, "ACK", 1, ";tag=callee", "")
	for i := range 50 {
		w.speech(1540+20*i, true, i)
		w.speech(1550+20*i, false, i)
	}
	w.request(2600, "BYE", 2, ";tag=callee", "")
	w.response(int(callLength/time.Millisecond), "200 OK", "2 BYE", ";tag=callee", "")
	return w.data
}

func (w *script) request(ms int, method string, cseq int, tag, body string) {
	host := w.host(w.callee)
	w.signal(ms, true, fmt.Sprintf("%s sip:0013455550123@%s SIP/2.0", method, host), fmt.Sprintf("%d %s", cseq, method), tag, body)
}

func (w *script) response(ms int, status, cseq, tag, body string) {
	w.signal(ms, false, "SIP/2.0 "+status, cseq, tag, body)
}

func (w *script) signal(ms int, outward bool, first, cseq, tag, body string) {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("%s", first)
	line("Via: SIP/2.0/%s %s:%d;branch=z9hG4bK%s;rport", w.via, w.host(w.caller), sipPort, strings.ReplaceAll(cseq, " ", ""))
	line("Max-Forwards: 70")
	line("From: <sip:204@%s>;tag=caller", w.host(w.callee))
	line("To: <sip:0013455550123@%s>%s", w.host(w.callee), tag)
	line("Call-ID: a-clean-call@example.org")
	line("CSeq: %s", cseq)
	line("User-Agent: Telephone/1.0")
	if outward {
		line("Contact: <sip:204@%s:%d>", w.host(w.caller), sipPort)
	} else {
		line("Contact: <sip:pbx@%s:%d>", w.host(w.callee), sipPort)
	}
	if body != "" {
		line("Content-Type: application/sdp")
	}
	line("Content-Length: %d\r\n", len(body))
	b.WriteString(body)
	w.say(ms, outward, false, sipPort, sipPort, []byte(b.String()))
}

// speech is a packet of 20 ms of A-law (RFC 3550 §5.1, RFC 3551 §6).
func (w *script) speech(ms int, outward bool, n int) {
	ssrc, first := uint32(0x11223344), 1000
	from, to := callerMedia, calleeMedia
	if !outward {
		ssrc, first, from, to = 0x55667788, 60000, calleeMedia, callerMedia
	}
	b := []byte{0x80, 8}
	if n == 0 {
		b[1] |= 0x80 // the marker of the first packet
	}
	b = binary.BigEndian.AppendUint16(b, uint16(first+n))
	b = binary.BigEndian.AppendUint32(b, uint32(7000+160*n))
	b = binary.BigEndian.AppendUint32(b, ssrc)
	for i := range 160 {
		b = append(b, byte(0x55+n*7+i*3))
	}
	w.say(ms, outward, true, from, to, b)
}

func (w *script) say(ms int, outward, media bool, from, to int, payload []byte) {
	src, dst := w.caller, w.callee
	if !outward {
		src, dst = dst, src
	}
	w.data = append(w.data, datum{
		at: time.Duration(ms) * time.Millisecond, outward: outward, media: media, payload: payload,
		src: netip.AddrPortFrom(src, uint16(from)), dst: netip.AddrPortFrom(dst, uint16(to)),
	})
}

func (w *script) session(addr netip.Addr, port int) string {
	family := "IP4"
	if addr.Is6() {
		family = "IP6"
	}
	return fmt.Sprintf("v=0\r\no=- 1 1 IN %[1]s %[2]s\r\ns=-\r\nc=IN %[1]s %[2]s\r\nt=0 0\r\nm=audio %[3]d RTP/AVP 8\r\n"+
		"a=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n", family, addr, port)
}

// host writes an address as a URI has it (RFC 3261 §25.1).
func (w *script) host(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}
