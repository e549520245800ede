package decoder

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

// conversation is one call between 192.0.2.1 and 192.0.2.2 and its clock.
type conversation struct {
	t   *testing.T
	d   *Decoder
	now time.Time
	got []call.Event
}

func (c *conversation) send(src, dst string, payload []byte) {
	b := between(c.t, src, dst, &layers.UDP{}, layers.IPProtocolUDP, payload)
	c.got = append(c.got, c.d.Observe(&Packet{Data: b, Time: c.now, WireLength: len(b), Link: frame.LinkRaw})...)
}

// say sends a message of the call with a description of where media is wanted.
func (c *conversation) say(fromCaller bool, start, cseq, toTag string, port int) {
	src, dst := "192.0.2.1:5060", "192.0.2.2:5060"
	if !fromCaller {
		src, dst = dst, src
	}
	sdp := fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n", src[:9], src[:9], port)
	c.send(src, dst, fmt.Appendf(nil, "%s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:204@192.0.2.1>;tag=a\r\nTo: <sip:x@192.0.2.2>%s\r\n"+
		"Call-ID: c\r\nCSeq: %s\r\nContact: <sip:x@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", start, toTag, cseq, src, len(sdp), sdp))
}

// rtp sends n packets 20 ms apart, of a key that is pressed where event is given.
func (c *conversation) rtp(src, dst string, ssrc uint32, first, n int, event []byte) {
	for i := range n {
		p := make([]byte, 12, 172)
		p[0], p[1] = 0x80, 8
		binary.BigEndian.PutUint16(p[2:], uint16(first+i))
		binary.BigEndian.PutUint32(p[4:], uint32(first+i)*160)
		binary.BigEndian.PutUint32(p[8:], ssrc)
		payload := make([]byte, 160)
		if event != nil {
			p[1], payload = 101, event
			binary.BigEndian.PutUint32(p[4:], uint32(first)*160)
		}
		c.send(src, dst, append(p, payload...))
		c.now = c.now.Add(20 * time.Millisecond)
	}
}

// TestMediaOfEachSideReachesTheLeg: the caller speaks and presses 5 and #, the
// callee begins later. The leg knows when each was first heard.
func TestMediaOfEachSideReachesTheLeg(t *testing.T) {
	c := &conversation{t: t, d: New(DefaultConfig()), now: began}
	c.say(true, "INVITE sip:x@192.0.2.2 SIP/2.0", "1 INVITE", "", 20000)
	c.say(false, "SIP/2.0 200 OK", "1 INVITE", ";tag=b", 30000)
	c.say(true, "ACK sip:x@192.0.2.2 SIP/2.0", "1 ACK", ";tag=b", 20000)
	caller := c.now.Add(100 * time.Millisecond)
	c.now = caller
	c.rtp("192.0.2.1:20000", "192.0.2.2:30000", 1, 1, 40, nil)
	c.rtp("192.0.2.1:20000", "192.0.2.2:30000", 1, 41, 3, []byte{5, 0x8a, 0, 160})
	c.rtp("192.0.2.1:20000", "192.0.2.2:30000", 1, 44, 3, []byte{11, 0x8a, 0, 160})
	c.got = append(c.got, c.d.Advance(c.now)...)
	callee := c.now.Add(time.Second)
	c.now = callee
	c.rtp("192.0.2.2:30000", "192.0.2.1:20000", 2, 1, 40, nil)
	c.got = append(c.got, c.d.Advance(c.now)...)
	c.got = append(c.got, c.d.Flush(c.now)...)

	var separators []bool
	var last *call.Leg
	for _, ev := range c.got {
		if ev.Kind == call.EventDTMF {
			separators = append(separators, ev.Separator)
		}
		if ev.Leg != nil {
			last = ev.Leg
		}
	}
	if want := []bool{false, true}; !slices.Equal(separators, want) {
		t.Errorf("got keys of which %v were separators, want %v", separators, want)
	}
	if last == nil || !last.FirstMediaCaller.Equal(caller) || !last.FirstMediaCallee.Equal(callee) {
		t.Errorf("got %+v, want media of the caller at %v and of the callee at %v", last, caller, callee)
	}
}
