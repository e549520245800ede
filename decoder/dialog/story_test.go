package dialog

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// A story is a script of lines
//
//	seconds FROM>TO what [name=value ...]
//
// FROM and TO are letters, each an address of its own (A is 10.0.0.65:5060).
// what is a method, a status (of an INVITE) or status/METHOD. Names: id
// (Call-ID), from, to (tags), cseq, branch, vias, user (of Request-URI and To),
// by (user of From), sdp (port, or ip:port), sess (sess-id), cred (user name of
// credentials), body, type; h:NAME gives any other header. Lines
//
//	seconds media ID     media of the leg with Call-ID ID was seen; behind it
//	                     caller or callee, and a number of digits
//	seconds tick         time passes, second by second
//
// stand for what the decoder tells. Empty lines and those with # are comments.
type story struct {
	t        testing.TB
	tr       *Tracker
	now      time.Time
	events   []call.Event
	released []call.LegID
	media    []Endpoint
	legs     map[string]call.LegID
}

var epoch = time.Date(2026, 7, 4, 22, 0, 0, 0, time.UTC)

func newStory(t testing.TB, cfg Config) *story {
	return &story{t: t, tr: New(cfg), now: epoch, legs: map[string]call.LegID{}}
}

// play plays a script to a new tracker.
func play(t testing.TB, script string) *story {
	t.Helper()
	s := newStory(t, DefaultConfig())
	s.play(script)
	return s
}

func (s *story) play(script string) {
	s.t.Helper()
	for line := range strings.Lines(script) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		at, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			s.t.Fatalf("line %q: %v", line, err)
		}
		then := epoch.Add(time.Duration(at * float64(time.Second)))
		switch f[1] {
		case "tick":
			for s.now.Before(then) {
				s.now = s.now.Add(time.Second)
				s.take(s.tr.Advance(s.now))
			}
		case "media":
			s.tr.ObserveMedia(activity(s.legs[f[2]], then, f[3:]))
		default:
			s.now = then
			text, meta := message(f[1], f[2], f[3:])
			meta.Time = then
			s.send(text, meta)
		}
	}
}

// activity is what a line of media says.
func activity(id call.LegID, at time.Time, words []string) MediaActivity {
	a := MediaActivity{Leg: id, Last: at}
	for _, w := range words {
		switch w {
		case "caller":
			a.Caller = at
		case "callee":
			a.Callee = at
		default:
			a.Digits, _ = strconv.Atoi(w)
		}
	}
	return a
}

func (s *story) send(text string, meta Meta) {
	s.t.Helper()
	var m sip.Message
	if !sip.Parse([]byte(text), &m) {
		s.t.Fatalf("not SIP: %q", text)
	}
	s.take(s.tr.Observe(&m, meta))
}

func (s *story) take(events []call.Event) {
	s.events = append(s.events, events...)
	for _, e := range events {
		if e.Leg != nil {
			s.legs[e.Leg.CallID] = e.Leg.ID
		}
	}
	s.released = append(s.released, s.tr.Released()...)
	s.media = append(s.media, s.tr.Endpoints()...)
}

func (s *story) flush() { s.take(s.tr.Flush(s.now)) }

// want compares the kinds of the events so far, and forgets them.
func (s *story) want(kinds string) {
	s.t.Helper()
	var got []string
	for _, e := range s.events {
		got = append(got, e.Kind.String())
	}
	if diff := cmp.Diff(strings.Fields(kinds), got); diff != "" && kinds+strings.Join(got, "") != "" {
		s.t.Errorf("events (-want +got):\n%s", diff)
	}
	s.events = nil
}

// last is the latest snapshot of the leg with a Call-ID.
func (s *story) last(callID string) call.Leg {
	s.t.Helper()
	for i := len(s.events) - 1; i >= 0; i-- {
		if l := s.events[i].Leg; l != nil && l.CallID == callID {
			return *l
		}
	}
	s.t.Fatalf("no event of a leg %s", callID)
	return call.Leg{}
}

// wantLeg compares how a leg ended: "state status by duration end", the last
// two in seconds, end since the epoch.
func (s *story) wantLeg(callID, want string) {
	s.t.Helper()
	l := s.last(callID)
	end := "live"
	if !l.End.IsZero() {
		end = fmt.Sprint(l.End.Sub(epoch).Seconds())
	}
	got := fmt.Sprintf("%v %d %v %v %s", l.State, l.Status, l.EndBy, l.Duration().Seconds(), end)
	if got != want {
		s.t.Errorf("leg %s: got %q, want %q", callID, got, want)
	}
}

func addrOf(letter byte) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, letter}), 5060)
}

var inDialog = map[string]bool{"ACK": true, "BYE": true, "INFO": true, "REFER": true, "UPDATE": true, "PRACK": true}

// message writes the text of one line of a story.
func message(way, what string, options []string) (string, Meta) {
	o := map[string]string{"id": "c1", "from": "a", "cseq": "1", "vias": "1", "user": "0123456789", "by": "101"}
	var extra strings.Builder
	for _, option := range options {
		name, value, _ := strings.Cut(option, "=")
		if header, ok := strings.CutPrefix(name, "h:"); ok {
			fmt.Fprintf(&extra, "%s: %s\r\n", header, strings.ReplaceAll(value, "~", " "))
			continue
		}
		o[name] = value
	}
	src, dst := addrOf(way[0]), addrOf(way[2])
	first, method, isStatus := what, what, what[0] >= '1' && what[0] <= '6'
	if isStatus {
		first, method, _ = strings.Cut(what, "/")
		if method == "" {
			method = "INVITE"
		}
	}
	if _, ok := o["to"]; !ok && (inDialog[method] || isStatus && first != "100") {
		o["to"] = "b"
	}
	if o["branch"] == "" {
		o["branch"] = method + "-" + o["cseq"]
		if method == "CANCEL" {
			o["branch"] = "INVITE-" + o["cseq"]
		}
	}
	b := &strings.Builder{}
	if isStatus {
		fmt.Fprintf(b, "SIP/2.0 %s Reason\r\n", first)
	} else {
		fmt.Fprintf(b, "%s sip:%s@pbx.example SIP/2.0\r\n", method, o["user"])
	}
	vias, _ := strconv.Atoi(o["vias"])
	for i := vias; i > 0; i-- {
		fmt.Fprintf(b, "Via: SIP/2.0/UDP hop%d.example;branch=%s\r\n", i, o["branch"])
	}
	tag := ""
	if o["to"] != "" {
		tag = ";tag=" + o["to"]
	}
	fmt.Fprintf(b, "From: <sip:%s@pbx.example>;tag=%s\r\nTo: <sip:%s@pbx.example>%s\r\n", o["by"], o["from"], o["user"], tag)
	fmt.Fprintf(b, "Call-ID: %s\r\nCSeq: %s %s\r\n%s", o["id"], o["cseq"], method, extra.String())
	if o["cred"] != "" {
		fmt.Fprintf(b, "Authorization: Digest username=\"%s\", realm=\"pbx\", nonce=\"n\"\r\n", o["cred"])
	}
	body, kind := o["body"], o["type"]
	if o["sdp"] != "" {
		body, kind = description(o["sdp"], o["sess"], src.Addr().String()), "application/sdp"
	}
	if kind != "" {
		fmt.Fprintf(b, "Content-Type: %s\r\n", kind)
	}
	fmt.Fprintf(b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String(), Meta{Src: src, Dst: dst, Transport: call.UDP, Source: call.Wire}
}

func description(port, session, host string) string {
	if h, p, ok := strings.Cut(port, ":"); ok {
		host, port = h, p
	}
	direction := "sendrecv"
	if p, ok := strings.CutSuffix(port, "/hold"); ok {
		port, direction = p, "sendonly"
	}
	if session == "" {
		session = "1" + port
	}
	return fmt.Sprintf("v=0\r\no=- %s 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %s RTP/AVP 8 101\r\n"+
		"a=rtpmap:101 telephone-event/8000\r\na=%s\r\n", session, host, host, port, direction)
}
