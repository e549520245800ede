package sensortest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// second is how a mirror shows a frame once more.
type second struct {
	name   string
	tagged bool
	of     func(frame []byte) []byte // a frame of Ethernet
}

var seconds = []second{
	{"as it is", false, bytes.Clone},
	{"with a tag", true, func(b []byte) []byte { return join(b[:12], u16(typeVLAN), u16(70), b[12:]) }},
	{"behind a router", false, routed},
	{"behind a router, with a tag", true, func(b []byte) []byte {
		b = routed(b)
		return join(b[:12], u16(typeVLAN), u16(70), b[12:])
	}},
}

// routed is a frame behind a router: other addresses of cards, a hop less, the
// sum of its header anew (RFC 1812 §5.3.1, RFC 8200 §3).
func routed(b []byte) []byte {
	b = bytes.Clone(b)
	copy(b, []byte{2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8})
	ip := b[14:]
	switch binary.BigEndian.Uint16(b[12:]) {
	case typeIPv4:
		ip[8]--
		copy(ip[10:], []byte{0, 0})
		copy(ip[10:], checksum(ip[:20]))
	case typeIPv6:
		ip[7]--
	}
	return b
}

// doubled is a tape in which each frame comes twice, but for those at its end:
// its time is that of the call.
func doubled(t *tape, again second) (twice *tape, n int) {
	out := &tape{}
	b := t.Bytes()
	out.Write(b[:24])
	for b = b[24:]; len(b) > 0; {
		length := binary.LittleEndian.Uint32(b[8:])
		header, frame := b[:16], b[16:16+length]
		b = b[16+length:]
		at := time.Unix(int64(binary.LittleEndian.Uint32(header)), int64(binary.LittleEndian.Uint32(header[4:]))).Sub(began)
		out.add(at, frame)
		if at < callLength {
			out.add(at+200*time.Microsecond, again.of(frame))
			n++
		}
	}
	return out, n
}

// TestDoubledFrames: a mirror that shows each frame twice changes nothing but
// the count of the doubled ones.
func TestDoubledFrames(t *testing.T) {
	for _, s := range sites {
		call := cleanCall(s, "UDP")
		tapes := map[string]*tape{"UDP": plain(call), "TCP": overTCP(s, "TCP", every(300), opened)}
		for _, e := range encapsulations {
			tapes[e.name] = wrapped(call, linkLayers[0], routers[0], e)
		}
		for name, once := range tapes {
			want := once.play(t)
			for _, again := range seconds {
				twice, n := doubled(once, again)
				if name == "fragments" && again.tagged {
					// A tag may as well be another network, which has identifications of its
					// own: the copy is put together apart, and known when it is whole.
					n = len(call) - 1
				}
				got := twice.play(t)
				if d := int(got.summary.Ignored["duplicate"]); d != n {
					t.Errorf("%s, %s, again %s: %d of %d doubled frames were recognised", s.name, name, again.name, d, n)
				}
				got.summary.Ignored, want.summary.Ignored = nil, nil
				if d := got.differs(want); d != "" {
					t.Errorf("%s, %s, again %s:\n%s", s.name, name, again.name, d)
				}
			}
		}
	}
}

// TestSentAgain: what a telephone sends again is no doubled frame, though it is
// the same to the byte: over IPv4 it is another packet, over IPv6 it comes later.
func TestSentAgain(t *testing.T) {
	for _, s := range sites {
		h := &hosts{}
		tape := newTape(frame.LinkEthernet)
		for _, d := range cleanCall(s, "UDP") {
			tape.add(d.at, ipUnit(h.udp(d.src, d.dst, d.payload)).ethernet())
			if !d.media && d.outward {
				tape.add(d.at+500*time.Millisecond, ipUnit(h.udp(d.src, d.dst, d.payload)).ethernet()) // T1, RFC 3261 §17.1.1.1
			}
		}
		got := tape.play(t).summary
		if fmt.Sprint(got.SIP.Requests) != "map[ACK:2 BYE:2 INVITE:2]" || got.Calls != 1 || len(got.Ignored) != 0 {
			t.Errorf("%s: got %+v, want each request twice, and one call", s.name, got)
		}
	}
}
