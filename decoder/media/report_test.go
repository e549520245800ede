package media

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// control sends RTCP.
func (x *tap) control(src, dst netip.AddrPort, payload []byte) {
	x.observe(&frame.Packet{Protocol: frame.UDP, Src: src, Dst: dst, Payload: payload})
}

// senderReport is one of ssrc at an NTP time, by its middle 32 bits.
func senderReport(ssrc, ntp uint32) []byte {
	b := binary.BigEndian.AppendUint32([]byte{0x80, rtp.SenderReport, 0, 6}, ssrc)
	b = append(b, 0, 0)
	b = binary.BigEndian.AppendUint32(b, ntp)
	return append(b, make([]byte, 14)...)
}

// receiverReport is what ssrc 99 says of a stream: 12.5 % and 5 packets lost, a
// jitter of 40 units, and when a sender report came.
func receiverReport(of, lastSR uint32, since time.Duration) []byte {
	b := append([]byte{0x81, rtp.ReceiverReport, 0, 7, 0, 0, 0, 99}, 0, 0, 0, 0, 32, 0, 0, 5, 0, 0, 0, 200, 0, 0, 0, 40)
	binary.BigEndian.PutUint32(b[8:], of)
	b = binary.BigEndian.AppendUint32(b, lastSR)
	return binary.BigEndian.AppendUint32(b, uint32(since.Seconds()*65536))
}

// voiceReport is VoIP metrics of ssrc 99 on a stream.
func voiceReport(of uint32) []byte {
	b := append([]byte{0x80, rtp.ExtendedReport, 0, 10, 0, 0, 0, 99}, make([]byte, 36)...)
	copy(b[8:], []byte{7, 0, 0, 8})
	binary.BigEndian.PutUint32(b[12:], of)
	copy(b[16:], []byte{26, 64, 0, 0, 0, 0, 0, 0, 0, 150, 0, 60})
	copy(b[32:], []byte{82, 127, 41, 127})
	return b
}

// TestReported: what the receiver says is kept beside the stream it is about,
// wherever RTCP runs, and the stream's own figures know nothing of it.
func TestReported(t *testing.T) {
	const at = 40 * time.Millisecond // the report comes two packets after the sender's
	rtcp := netipPort("10.0.0.2:6001")
	behind := netipPort("198.51.100.7:777")
	for _, c := range []struct {
		name        string
		alice, bob  netip.AddrPort // where their RTCP comes from
		toA, toB    netip.AddrPort // and where it goes
		ssrc        uint32
		reports     int
		unannounced bool
	}{
		{"on the ports above", above(alice), above(bob), above(alice), above(bob), 1, 2, false},
		{"on the same ports", alice, bob, alice, bob, 1, 2, false},
		{"where SDP says", above(alice), rtcp, above(alice), rtcp, 1, 2, false},
		{"from behind NAT", behind, above(bob), behind, above(bob), 1, 2, false},
		{"of a stream that nobody announced", above(alice), above(bob), above(alice), above(bob), 1, 2, true},
		{"of another SSRC", above(alice), above(bob), above(alice), above(bob), 5, 0, false},
		{"between others", above(port1), above(port2), above(port1), above(port2), 1, 0, false},
	} {
		x := newTap(t, DefaultConfig())
		if !c.unannounced {
			x.Announce(Endpoint{Addr: bob, RTCP: rtcp, Call: 1, Leg: 1, Audio: true, Codecs: codecs}, x.now)
		}
		x.talk(alice, bob, 1, 0, 99)
		x.control(c.alice, c.toB, senderReport(1, 0x1234))
		x.talk(alice, bob, 1, 100, 100)
		x.control(c.bob, c.toA, receiverReport(c.ssrc, 0x1234, 30*time.Millisecond))
		x.control(c.bob, c.toA, voiceReport(c.ssrc))
		s := x.only()
		if s.Lost != 0 || s.JitterMax > 2*time.Millisecond || s.MOS < 4.3 {
			t.Errorf("%s: got %+v: reports are mixed with what was measured", c.name, s)
		}
		if c.reports == 0 {
			if s.Reported != nil {
				t.Errorf("%s: got %+v, want nothing", c.name, s.Reported)
			}
			continue
		}
		want := call.Reported{
			Reports: c.reports, Time: x.now, Lost: 5, Loss: 12.5, LossMax: 12.5, Jitter: 5 * time.Millisecond, JitterMax: 5 * time.Millisecond,
			Discard: 25, EndToEnd: 150 * time.Millisecond, EndSystem: 60 * time.Millisecond, RFactor: 82, MOSLQ: 4.1,
		}
		if s.Reported == nil {
			t.Errorf("%s: got nothing, want %+v", c.name, want)
			continue
		}
		got := *s.Reported
		if trip := got.RoundTrip; trip < at-31*time.Millisecond || trip > at-29*time.Millisecond || got.RoundTripMax != trip {
			t.Errorf("%s: got a round trip of %v, want 10ms", c.name, trip)
		}
		if got.RoundTrip, got.RoundTripMax = 0, 0; got != want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, want)
		}
	}
}

// TestReportsThatLie: what cannot be is not believed, and costs nothing.
func TestReportsThatLie(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	x.control(above(alice), above(bob), senderReport(1, 0x1234))
	x.control(above(bob), above(alice), receiverReport(1, 0x1234, time.Hour)) // longer than it was
	x.control(above(bob), above(alice), receiverReport(1, 0x9999, 0))         // of a report that nobody saw
	x.control(above(bob), above(alice), receiverReport(1, 0, 0))              // of none
	for range 5000 {                                                          // more, too late
		x.control(above(bob), above(alice), receiverReport(7, 0x1234, 0))
	}
	x.control(above(bob), above(alice), receiverReport(1, 0x1234, 0))
	if s := x.only(); s.Reported == nil || s.Reported.Reports != 4 || s.Reported.RoundTrip != 0 {
		t.Errorf("got %+v, want 4 reports, no round trip", s.Reported)
	}
}

// TestEncryptedReports: SRTCP keeps a leg alive and says nothing else.
func TestEncryptedReports(t *testing.T) {
	for _, announced := range []bool{true, false} {
		x := newTap(t, DefaultConfig())
		x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, Audio: true, Encrypted: announced, Codecs: codecs}, x.now)
		x.talk(alice, bob, 1, 0, 9)
		x.Activity(nil)
		sealed := append(receiverReport(1, 0, 0), append([]byte{0x80, 0, 0, 1}, make([]byte, 10)...)...)
		x.control(above(bob), above(alice), sealed)
		if got := x.Activity(nil); len(got) != 1 || got[0] != (Activity{Leg: 1, Last: x.now}) {
			t.Errorf("announced %v: got activity %v, want leg 1 alive", announced, got)
		}
		if s := x.only(); s.Reported != nil {
			t.Errorf("announced %v: got %+v, want nothing", announced, s.Reported)
		}
	}
}

func TestReportsAllocateNothing(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	sent, heard := senderReport(1, 0x1234), append(receiverReport(1, 0x1234, 0), voiceReport(1)...)
	p := &frame.Packet{Protocol: frame.UDP, Src: above(alice), Dst: above(bob), Payload: sent}
	q := &frame.Packet{Protocol: frame.UDP, Src: above(bob), Dst: above(alice), Payload: heard}
	x.observe(p)
	if n := testing.AllocsPerRun(100, func() { x.Observe(p, x.now); x.Observe(q, x.now) }); n != 0 {
		t.Errorf("got %v allocations for two compounds, want 0", n)
	}
}
