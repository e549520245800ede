//go:build linux

package bpf

import (
	"net/netip"
	"testing"
	"time"
)

// tape plays RTP to the programs, a packet every 20 ms unless it is told another time.
type tape struct {
	*testing.T
	p   *Programs
	now time.Duration
}

func newTape(t *testing.T) *tape { return &tape{T: t, p: load(t), now: time.Hour} }

func (t *tape) give(frame []byte) (int, Reason) {
	t.Helper()
	t.now += 20 * time.Millisecond
	return t.giveNow(frame)
}

func (t *tape) giveNow(frame []byte) (int, Reason) {
	t.Helper()
	if err := t.p.SetClock(uint64(t.now)); err != nil {
		t.Fatal(err)
	}
	return run(t.T, t.p, frame, true)
}

// want gives a frame and says what is to become of it.
func (t *tape) want(what string, frame []byte, want Reason) {
	t.Helper()
	if _, why := t.give(frame); why != want {
		t.Errorf("%s: got %v, want %v", what, why, want)
	}
}

// voice gives the packets from first to last of the phone's voice: what is passed on, and what is not.
func (t *tape) voice(first, last uint16) (passed, refused int) {
	t.Helper()
	for n := first; n != last+1; n++ {
		if _, why := t.give(ethernet(udp(phone, server, voice(n)))); why.Passed() {
			passed++
		} else {
			refused++
		}
	}
	return passed, refused
}

func (t *tape) announce(e Endpoint) {
	t.Helper()
	if err := t.p.SetEndpoint(&e); err != nil {
		t.Fatal(err)
	}
}

// stream is the only one that there is.
func (t *tape) stream() Stream {
	t.Helper()
	all, err := t.p.AppendStreams(nil)
	if err != nil || len(all) != 1 {
		t.Fatalf("got %d streams, %v, want one: %+v", len(all), err, all)
	}
	return all[0]
}

// phones announces what most telephones do.
func phones(a netip.AddrPort) Endpoint {
	return Endpoint{Addr: a, Codecs: []Codec{{PayloadType: 101, Use: Digits, ClockRate: 8000}, {PayloadType: 111, Use: Medium, ClockRate: 48000}}}
}

func TestAnnouncedStreamIsCounted(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(server))
	if passed, refused := tape.voice(65000, 65499); passed != 8 || refused != 492 {
		t.Errorf("got %d packets passed on and %d counted only, want the first 8 and 492", passed, refused)
	}
	tape.voice(65501, 100) // 65500 is lost, and the number wraps
	s := tape.stream()
	if s.Src != phone || s.Dst != server || s.SSRC != ssrc || !s.Proved || s.PayloadType != 0 {
		t.Errorf("got %+v, want the phone's to the server", s)
	}
	if s.Packets != 636 || s.Bytes != 636*160 || s.Before+s.Highest-s.Base+1 != 637 || s.Gaps != 1 || s.Duplicates != 0 {
		t.Errorf("got %+v, want 636 packets of 637, and one gap", s)
	}
	// The packet after the gap comes 20 ms before its time stamp; where the number wraps, so does the tape's time stamp.
	if s.JitterMax != 20_000_000/16 || s.JitterCount != 634 {
		t.Errorf("got jitter of %d ns at most over %d packets, want a 16th of 20 ms, and 634", s.JitterMax, s.JitterCount)
	}
	for range 2 { // the second time it is not there
		if err := tape.p.DeleteStream(&s.StreamKey); err != nil {
			t.Error(err)
		}
	}
	if passed, _ := tape.voice(101, 110); passed != 8 {
		t.Errorf("got %d packets passed on of a stream that begins anew, want 8", passed)
	}
}

// TestStreamOutlivesItsEndpoint: what goes on after a BYE is seen.
func TestStreamOutlivesItsEndpoint(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(server))
	tape.voice(1, 20)
	for range 2 { // the second time it is not there
		if err := tape.p.DeleteEndpoint(server); err != nil {
			t.Error(err)
		}
	}
	if passed, refused := tape.voice(21, 40); passed != 0 || refused != 20 {
		t.Errorf("got %d passed on and %d counted, want all counted", passed, refused)
	}
	if s := tape.stream(); s.Packets != 40 {
		t.Errorf("got %d packets, want 40", s.Packets)
	}
}

// TestSymmetricSource: behind NAT the address that media comes from is the one announced.
func TestSymmetricSource(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(phone))
	tape.voice(1, 20)
	if s := tape.stream(); !s.Proved || s.Packets != 20 {
		t.Errorf("got %+v, want 20 packets of an announced stream", s)
	}
}

func TestDigitsAndCodecsArePassedOn(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(server))
	tape.voice(1, 20)
	for n := range uint16(10) {
		tape.want("a digit", ethernet(udp(phone, server, rtpPacket(101, 21+n, 3200, ssrc, 4))), PassedRTP)
	}
	if passed, _ := tape.voice(31, 40); passed != 0 {
		t.Errorf("got %d packets of voice passed on after a digit, want none: it is the codec from before", passed)
	}
	tape.want("comfort noise", ethernet(udp(phone, server, rtpPacket(13, 41, 6560, ssrc, 1))), RefusedRTP)
	for n := range uint16(10) {
		want := PassedRTP
		if n >= 4 {
			want = RefusedRTP
		}
		tape.want("another codec", ethernet(udp(phone, server, rtpPacket(111, 42+n, 960*uint32(n), ssrc, 60))), want)
	}
	if s := tape.stream(); s.PayloadType != 111 || s.Packets != 51 || s.Gaps != 0 || s.JitterMax > 1 {
		t.Errorf("got %+v, want 51 packets that end with payload type 111, in good order", s)
	}
}

// TestDoubledFrames: a frame that was mirrored twice counts once; a packet that
// was sent twice is a duplicate.
func TestDoubledFrames(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(server))
	tape.voice(1, 20)
	frame := ethernet(id(udp(phone, server, voice(21)), 77))
	tape.want("a frame", frame, RefusedRTP)
	tape.now += 12 * time.Millisecond
	if _, why := tape.giveNow(frame); why != RefusedDouble {
		t.Errorf("got %v of the same frame 12 ms later, want a double", why)
	}
	if _, why := tape.giveNow(ethernet(id(udp(phone, server, voice(21)), 78))); why != RefusedRTP {
		t.Errorf("got %v of the same packet under another identification, want it counted", why)
	}
	tape.now += 30 * time.Millisecond
	if _, why := tape.giveNow(ethernet(id(udp(phone, server, voice(21)), 78))); why != RefusedRTP {
		t.Errorf("got %v of the same frame 30 ms later, want it counted", why)
	}
	if s := tape.stream(); s.Packets != 23 || s.Duplicates != 2 {
		t.Errorf("got %d packets and %d duplicates, want 23 and 2", s.Packets, s.Duplicates)
	}
}

// TestStrangerProvesItself: RTP that nobody announced is passed on until it went
// on three times, and its first packets are.
func TestStrangerProvesItself(t *testing.T) {
	tape := newTape(t)
	if passed, refused := tape.voice(1, 40); passed != 3+8 || refused != 29 {
		t.Errorf("got %d passed on, %d counted, want three that prove it, the 8 first, and 29", passed, refused)
	}
	if s := tape.stream(); !s.Proved || s.Packets != 40 || s.First != uint64(time.Hour+20*time.Millisecond) {
		t.Errorf("got %+v, want 40 packets since the first", s)
	}
	// An SDP that comes late finds the stream, and its figures stay.
	tape.announce(phones(server))
	tape.voice(41, 60)
	if s := tape.stream(); s.Packets != 60 || s.Gaps != 0 || s.First != uint64(time.Hour+20*time.Millisecond) {
		t.Errorf("got %+v, want 60 packets since the first", s)
	}
	for n := range uint16(4) {
		tape.want("a digit", ethernet(udp(phone, server, rtpPacket(101, 61+n, 9600, ssrc, 4))), PassedRTP)
	}
}

// TestNoiseNeverProvesItself: what has the form of RTP by chance is passed on
// for ever, as Go has it, and no stream.
func TestNoiseNeverProvesItself(t *testing.T) {
	tape := newTape(t)
	for n := range uint32(200) {
		frame := ethernet(udp(phone, server, rtpPacket(byte(96+n%3), uint16(n*7919), n*104729, ssrc+n%5, 100)))
		tape.want("noise", frame, PassedRTP)
	}
	all, err := tape.p.AppendStreams(nil)
	if err != nil || len(all) != 5 {
		t.Fatalf("got %d entries, %v, want one of each SSRC", len(all), err)
	}
	for _, s := range all {
		if s.Proved {
			t.Errorf("got %+v proved", s)
		}
	}
}

// TestSSRCFlood: an endpoint makes so many streams; the rest must prove
// themselves, in a table that forgets.
func TestSSRCFlood(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(server))
	for n := range uint32(6000) {
		tape.want("a packet of its own SSRC", ethernet(udp(phone, server, rtpPacket(0, 1, 1, n+1, 160))), PassedRTP)
	}
	all, err := tape.p.AppendStreams(nil)
	if err != nil {
		t.Fatal(err)
	}
	proved := 0
	for _, s := range all {
		if s.Proved {
			proved++
		}
	}
	if proved != 16 || len(all) > 16+4096 {
		t.Errorf("got %d entries, %d of them believed, want 4112 and 16 at most", len(all), proved)
	}
}

func TestFaxAtAnEndpoint(t *testing.T) {
	tape := newTape(t)
	e := phones(server)
	e.Fax = true
	tape.announce(e)
	tape.want("fax that begins like RTP", ethernet(udp(phone, server, append([]byte{0x80, 0x01, 4}, make([]byte, 30)...))), PassedMedia)
	tape.want("fax", ethernet(udp(phone, server, append([]byte{0, 1, 4}, make([]byte, 30)...))), PassedMedia)
	tape.want("voice", ethernet(udp(phone, server, voice(1))), PassedRTP)
	if s := tape.stream(); s.Proved {
		t.Errorf("got %+v, want that voice must prove itself", s)
	}
}

// TestHeadersOnDemand: an endpoint may ask for the headers of every packet.
func TestHeadersOnDemand(t *testing.T) {
	tape := newTape(t)
	e := phones(server)
	tape.announce(e)
	tape.voice(1, 20)
	e.Headers = true
	tape.announce(e)
	if n, why := tape.give(ethernet(udp(phone, server, voice(21)))); why != PassedHeaders || n != 14+20+8+12 {
		t.Errorf("got %d bytes, %v, want the 54 of the headers", n, why)
	}
	if n, why := tape.give(ethernet(options(udp(phone, server, voice(22))), 0x8100)); why != PassedHeaders || n != 18+24+8+12 {
		t.Errorf("got %d bytes, %v, want the 62 of the headers", n, why)
	}
	e.Headers = false
	tape.announce(e)
	tape.want("no more of them", ethernet(udp(phone, server, voice(23))), RefusedRTP)
	if s := tape.stream(); s.Packets != 23 || s.Bytes != 23*160 {
		t.Errorf("got %d packets of %d bytes, want 23 of 160 each", s.Packets, s.Bytes)
	}
}

// TestEveryWayIsTheSame: a stream counts the same however it is wrapped.
func TestEveryWayIsTheSame(t *testing.T) {
	plain := func(b []byte) []byte { return ethernet(b) }
	for what, c := range map[string]struct {
		src, dst netip.AddrPort
		wrap     func(packet []byte) []byte
	}{
		"plain":               {phone, server, plain},
		"a tag":               {phone, server, func(b []byte) []byte { return ethernet(b, 0x8100) }},
		"QinQ":                {phone, server, func(b []byte) []byte { return ethernet(b, 0x88a8, 0x8100) }},
		"IPv4 options":        {phone, server, func(b []byte) []byte { return ethernet(options(b)) }},
		"IPv6":                {phone6, serv6, plain},
		"IPv6 in a tag":       {phone6, serv6, func(b []byte) []byte { return ethernet(b, 0x8100) }},
		"IPv6 and extensions": {phone6, serv6, func(b []byte) []byte { return ethernet(extended(b, 0, 60)) }},
		"padded Ethernet":     {phone, server, func(b []byte) []byte { return append(ethernet(b), 0, 0, 0, 0) }},
	} {
		t.Run(what, func(t *testing.T) {
			tape := newTape(t)
			tape.announce(phones(c.dst))
			for n := range uint16(30) {
				if n == 20 {
					continue
				}
				want := RefusedRTP
				if n < 8 {
					want = PassedRTP
				}
				tape.want("voice", c.wrap(udp(c.src, c.dst, voice(n))), want)
			}
			s := tape.stream()
			if s.Packets != 29 || s.Bytes != 29*160 || s.Gaps != 1 || s.Highest-s.Base != 29 || s.Src != c.src || s.Dst != c.dst {
				t.Errorf("got %+v, want 29 packets of 30, of 160 bytes", s)
			}
		})
	}
}

// TestPayloadIsWhatIsLeft: contributing sources, an extension and padding are none.
func TestPayloadIsWhatIsLeft(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(server))
	for n, c := range []struct {
		what         string
		first        byte
		insert, tail []byte
		payload      uint64
	}{
		{"two contributing sources", 0x82, make([]byte, 8), nil, 160},
		{"an extension", 0x90, []byte{0xbe, 0xde, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8}, nil, 160},
		{"padding", 0xa0, nil, []byte{0, 0, 0, 4}, 160},
		{"padding that does not fit", 0xa0, nil, []byte{0, 0, 0, 250}, 164},
		{"all of them", 0xb1, []byte{1, 2, 3, 4, 0xbe, 0xde, 0, 0}, []byte{1}, 160},
	} {
		b := voice(uint16(n))
		b[0] = c.first
		b = append(append(append(b[:12:12], c.insert...), b[12:]...), c.tail...)
		before := uint64(0)
		if n > 0 {
			before = tape.stream().Bytes
		}
		tape.want(c.what, ethernet(udp(phone, server, b)), PassedRTP)
		if got := tape.stream().Bytes - before; got != c.payload {
			t.Errorf("%s: got %d bytes of payload, want %d", c.what, got, c.payload)
		}
	}
	tape.want("an extension beyond the end", ethernet(udp(phone, server, append([]byte{0x90}, rtpPacket(0, 9, 9, ssrc, 3)[1:]...))), PassedMedia)
}

// TestFragmentedVideo: the first fragment is counted as the datagram that it
// begins, and all of them are passed on.
func TestFragmentedVideo(t *testing.T) {
	tape := newTape(t)
	tape.announce(phones(server))
	for n := range uint16(20) {
		whole := udp(phone, server, rtpPacket(34, n, 3000*uint32(n), ssrc, 1988))
		be.PutUint16(whole[2:], 1500)
		tape.want("the first fragment", ethernet(fragment(whole[:1500], 0, true)), PassedFragment)
	}
	if s := tape.stream(); s.Packets != 20 || s.Bytes != 20*1988 || s.Gaps != 0 {
		t.Errorf("got %+v, want 20 packets of 1988 bytes", s)
	}
}
