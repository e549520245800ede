package packets

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"tollwatch/sensor/lab/device"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/truth"
	"tollwatch/sensor/lab/wire"
)

const (
	signallingService = wire.Signalling
	voiceService      = wire.Voice

	ptime        = 20 * ms
	samples      = 160 // of 8 kHz in 20 ms
	pcma         = 8   // RFC 3551 §6
	rtpHeader    = 12
	jitterMost   = 2 * ms
	copyDelay    = 7 * ms            // of a packet that is sent twice
	lateDelay    = ptime + 2*ms + ms // of a packet that comes behind its successor
	rtcpPackets  = 250               // 5 s
	digitSlots   = 15                // from one key to the next
	digitBegin   = 75                // packets before the first key
	digitUpdates = 5                 // packets of a pressed key; three more tell its end
	digitEnds    = 3
)

// tone is one period of 1 kHz at 0 dBm0 in A-law (ITU-T G.711 table 5).
var tone = [8]byte{0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4}

// stream is the RTP of one leg in one direction (RFC 3550 §5.1), with RTCP
// every five seconds.
type stream struct {
	tap    *tap
	leg    *leg
	end    int // 0 = the caller sends, 1 = the callee
	peer   *stream
	shares scenario.Wire
	rng    *rand.Rand
	digits string
	done   func()

	begin     int64
	pauseAt   int // packet before which a held call is silent
	paused    int // packets that are not sent then
	count     int // packets in all
	i         int // the next one
	seq       uint16
	timestamp uint32
	forced    bool // the next packet goes as it should
	buf       []byte

	lost, duplicates, reordered int
}

func newStream(t *tap, tk talk, end int, w scenario.Wire, digits string, done func()) *stream {
	seed := blend(tk.leg.seed, 20+uint64(end))
	rng := rand.New(rand.NewPCG(seed, 1))
	begin := tk.begin + rng.Int64N(15)*ms
	s := &stream{
		tap: t, leg: tk.leg, end: end, shares: w, rng: rng, digits: digits, done: done,
		begin: begin, count: int((tk.end - begin - jitterMost) / ptime),
		seq: uint16(seed), timestamp: uint32(seed >> 16),
	}
	if tk.held.silent[end] {
		s.pause(tk.held.span)
	}
	return s
}

// pause leaves out the packets of a span. What is sent before and behind it
// counts on; the clock of the samples does not stop (RFC 3550 §5.1).
func (s *stream) pause(p span) {
	from, to := int((p.begin-s.begin)/ptime)+1, int((p.end-s.begin)/ptime)+1
	if from < 1 || to >= s.count {
		return
	}
	s.pauseAt, s.paused = from, to-from
	s.count -= s.paused
}

// place is where packet i stands in time, in packets from the first.
func (s *stream) place(i int) int {
	if s.paused > 0 && i >= s.pauseAt {
		return i + s.paused
	}
	return i
}

func (s *stream) step(now int64) (int64, bool) {
	s.build()
	s.emit(now)
	s.i++
	if s.i%rtcpPackets == 0 {
		s.report(now)
	}
	if s.i < s.count {
		at := s.begin + int64(s.place(s.i))*ptime + s.rng.Int64N(jitterMost)
		return at - at%us, true
	}
	s.done()
	return 0, false
}

// build writes packet i into the buffer.
func (s *stream) build() {
	payloadType := byte(pcma)
	digit, slot, pressed := s.key()
	if pressed {
		payloadType = device.TelephoneEvent
	}
	timestamp := s.timestamp + uint32(s.place(s.i-slot))*samples // a key has that of its beginning (RFC 4733 §2.2.4)
	if s.i == 0 || s.paused > 0 && s.i == s.pauseAt || pressed && slot == 0 {
		payloadType |= 0x80
	}
	s.buf = append(s.buf[:0], 0x80, payloadType)
	s.buf = binary.BigEndian.AppendUint16(s.buf, s.seq+uint16(s.i))
	s.buf = binary.BigEndian.AppendUint32(s.buf, timestamp)
	s.buf = binary.BigEndian.AppendUint32(s.buf, s.leg.ssrc[s.end])
	if pressed {
		s.telephoneEvent(digit, slot)
		return
	}
	for range samples / len(tone) {
		s.buf = append(s.buf, tone[:]...)
	}
}

// key tells whether packet i belongs to a pressed key, and which of its
// packets it is.
func (s *stream) key() (digit byte, slot int, pressed bool) {
	k := s.i - digitBegin
	if s.end != 0 || k < 0 || k/digitSlots >= len(s.digits) {
		return 0, 0, false
	}
	slot = k % digitSlots
	if slot >= digitUpdates+digitEnds {
		return 0, 0, false
	}
	return eventOf(s.digits[k/digitSlots]), slot, true
}

// eventOf is the event of a key (RFC 4733 §3.2).
func eventOf(key byte) byte {
	switch key {
	case '*':
		return 10
	case '#':
		return 11
	}
	return key - '0'
}

// telephoneEvent is the payload of RFC 4733 §2.3: event, end bit and volume,
// duration.
func (s *stream) telephoneEvent(digit byte, slot int) {
	volume := byte(10)
	if slot >= digitUpdates {
		volume |= 0x80
	}
	s.buf = append(s.buf, digit, volume)
	s.buf = binary.BigEndian.AppendUint16(s.buf, uint16(min(slot+1, digitUpdates)*samples))
}

// emit writes the packet, or loses, doubles or delays it. The first and the
// last packet, the last before a pause, and the one behind a delayed one, go as they should, so that
// what is counted can be seen from outside.
func (s *stream) emit(now int64) {
	from, to := s.leg.mediaPort(s.end), s.leg.mediaPort(1-s.end)
	frame := s.tap.builder.UDP(from, to, voiceService, s.buf)
	w, u := &s.shares, s.rng.Float64()
	safe := s.forced || s.i == 0 || s.i == s.count-1 || s.i == s.pauseAt-1
	s.forced = false
	switch {
	case !safe && u < w.Loss:
		s.lost++
		return
	case !safe && u < w.Loss+w.Reorder:
		s.reordered++
		s.forced = true
		s.tap.later(now+lateDelay, frame)
	case !safe && u < w.Loss+w.Reorder+w.Duplicate:
		s.duplicates++
		s.tap.write(now, frame)
		s.tap.later(now+copyDelay, s.tap.builder.UDP(from, to, voiceService, s.buf))
		s.tap.totals.RTPPackets++
	default:
		s.tap.write(now, frame)
	}
	s.tap.totals.RTPPackets++
}

func (s *stream) describe() truth.Stream {
	return truth.Stream{
		CallID: s.leg.callID, SSRC: fmt.Sprintf("0x%08x", s.leg.ssrc[s.end]),
		Src:     s.leg.mediaPort(s.end).AddrPort().String(),
		Dst:     s.leg.mediaPort(1 - s.end).AddrPort().String(),
		Packets: s.count, Lost: s.lost, Duplicates: s.duplicates, Reordered: s.reordered,
		DTMFEvents: s.pressed(),
	}
}

// pressed counts the keys whose end was reached.
func (s *stream) pressed() int {
	if s.end != 0 {
		return 0
	}
	n := 0
	for n < len(s.digits) && digitBegin+n*digitSlots+digitUpdates < s.count {
		n++
	}
	return n
}
