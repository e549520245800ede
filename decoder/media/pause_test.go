package media

import (
	"encoding/binary"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

// speech sends packets whose time stamps begin at a value, the first one marked
// if it is the first of a talkspurt.
func (x *tap) speech(first, last uint16, timestamp uint32, marked bool) {
	for i, s := range through(first, last) {
		p := packet(alice, bob, 1, 8, s, voice)
		binary.BigEndian.PutUint32(p.Payload[4:], timestamp+160*uint32(i))
		if marked && i == 0 {
			p.Payload[1] |= 0x80
		}
		x.observe(p)
	}
}

// TestPause: silence suppression is neither loss nor jitter, whether the sender's
// time stamps go on in its pauses or stand still.
func TestPause(t *testing.T) {
	noiseAt := func(s uint16) *frame.Packet { return packet(alice, bob, 1, 13, s, []byte{40}) }
	for _, c := range []struct {
		name   string
		feed   func(x *tap)
		jitter time.Duration
	}{
		{"time stamps go on", func(x *tap) { x.speech(50, 99, 50*160+5*8000, true) }, 0},
		{"time stamps stand still", func(x *tap) { x.speech(50, 99, 50*160, true) }, 0},
		{"time stamps of another origin", func(x *tap) { x.speech(50, 99, 1<<30, true) }, 0},
		{"comfort noise, then no marker", func(x *tap) { x.observe(noiseAt(50)); x.speech(51, 99, 50*160, false) }, 0},
		{"no sign of a pause: the network held them", func(x *tap) { x.speech(50, 99, 50*160, false) }, 5 * time.Second / 16},
	} {
		x := newTap(t, DefaultConfig())
		x.announce(1, bob)
		x.speech(0, 49, 0, true)
		x.now = x.now.Add(5 * time.Second)
		c.feed(x)
		if s := x.only(); s.Packets != 100 || s.Lost != 0 || s.JitterMax != c.jitter {
			t.Errorf("%s: got %d packets, %d lost, jitter %v, want 100, none, %v", c.name, s.Packets, s.Lost, s.JitterMax, c.jitter)
		}
	}
}

// TestMarkerInEachPacket: jitter is measured all the same.
func TestMarkerInEachPacket(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	for s := range uint16(50) {
		x.now = x.now.Add(time.Duration(s%2) * 10 * time.Millisecond)
		x.speech(s, s, 160*uint32(s), true)
	}
	if s := x.only(); s.JitterMean < 3*time.Millisecond {
		t.Errorf("got jitter %v, want 3ms or more", s.JitterMean)
	}
}

func TestCodecChanges(t *testing.T) {
	speak := func(x *tap, pt byte, first, last uint16) {
		for _, s := range through(first, last) {
			x.observe(packet(alice, bob, 1, pt, s, voice))
		}
	}
	for _, c := range []struct {
		name     string
		types    []byte
		changes  int
		withheld string
	}{
		{"none", []byte{8}, 0, ""},
		{"to the other law", []byte{8, 0}, 1, ""},
		{"and back", []byte{8, 0, 8}, 2, ""},
		{"to another codec and back", []byte{8, 18, 8}, 2, "the codec changed"},
		{"to one that nobody announced", []byte{8, 120}, 1, "the codec changed"},
		{"digits and comfort noise are none", []byte{8, 101, 8, 13, 8}, 0, ""},
	} {
		x := newTap(t, DefaultConfig())
		x.announce(1, bob)
		for i, pt := range c.types {
			speak(x, pt, uint16(i)*60, uint16(i)*60+59)
		}
		s := x.only()
		if s.CodecChanges != c.changes || s.MOSWithheld != c.withheld || s.Codec != "PCMA" || s.Lost != 0 {
			t.Errorf("%s: got %+v, want %d changes, withheld %q", c.name, s, c.changes, c.withheld)
		}
	}
}

// TestSSRCChanges: the stream before ends soon after another took its place,
// unless it goes on beside it.
func TestSSRCChanges(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announceSides(1)
	x.talk(alice, bob, 1, 0, 99)
	x.talk(bob, alice, 2, 0, 99)
	for s := range uint16(12) {
		x.wait(time.Second)
		x.talk(alice, bob, 3, s, s)
	}
	if len(x.ended) != 1 || x.ended[0].SSRC != 1 || x.ended[0].Packets != 100 {
		t.Errorf("got %+v, want the stream ended that was replaced, and no other", x.ended)
	}
	x = newTap(t, DefaultConfig())
	x.announceSides(1)
	for s := range uint16(100) { // sound and picture on one port
		x.now = x.now.Add(500 * time.Millisecond)
		x.talk(alice, bob, 1, s, s)
		x.talk(alice, bob, 2, s, s)
		x.keep(x.Advance(x.now))
	}
	if len(x.ended) != 0 {
		t.Errorf("got %d ended, want both to go on", len(x.ended))
	}
}

// TestEarlyMedia: RTP that fell silent just before its SDP came is the leg's,
// however it ends; RTP of the port's last use is not.
func TestEarlyMedia(t *testing.T) {
	for _, c := range []struct {
		name string
		wait time.Duration
		end  func(x *tap)
		leg  call.LegID
	}{
		{"just before", 3 * time.Second, func(x *tap) { x.wait(61 * time.Second) }, 1},
		{"just before, the leg ends at once", 3 * time.Second, func(x *tap) { x.Release(1, x.now); x.wait(3 * time.Second) }, 1},
		{"just before, the capture ends at once", 3 * time.Second, func(x *tap) {}, 1},
		{"long before", 20 * time.Second, func(x *tap) { x.wait(61 * time.Second) }, 0},
	} {
		x := newTap(t, DefaultConfig())
		x.talk(bob, alice, 1, 0, 99)
		x.wait(c.wait)
		x.announceSides(1)
		c.end(x)
		x.balanced()
		if s := x.only(); s.Leg != c.leg {
			t.Errorf("%s: got leg %d, want %d", c.name, s.Leg, c.leg)
		}
	}
}

// TestWhoEncrypts: an offer of SRTP is none until the answer takes it.
func TestWhoEncrypts(t *testing.T) {
	for _, c := range []struct{ caller, callee, want bool }{
		{true, true, true}, {true, false, false}, {false, true, false}, {false, false, false},
	} {
		x := newTap(t, DefaultConfig())
		x.Announce(Endpoint{Addr: alice, Call: 1, Leg: 1, Caller: true, Audio: true, Encrypted: c.caller, Codecs: codecs}, x.now)
		x.talk(bob, alice, 2, 0, 9)
		x.Announce(Endpoint{Addr: bob, Call: 1, Leg: 1, Audio: true, Encrypted: c.callee, Codecs: codecs}, x.now)
		x.Announce(Endpoint{Addr: port1, Call: 1, Leg: 1}, x.now) // the callee's picture is in clear
		x.talk(alice, bob, 1, 0, 9)
		for _, s := range x.flush() {
			if s.Encrypted != c.want {
				t.Errorf("caller %v, callee %v: stream %d encrypted %v, want %v", c.caller, c.callee, s.SSRC, s.Encrypted, c.want)
			}
		}
	}
}
