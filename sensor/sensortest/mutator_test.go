package sensortest

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"time"

	"tollwatch/decoder/frame"
	"tollwatch/sensor/capture"
)

// original is an input before it is damaged: a frame of a capture, or a message
// that has to be put into one.
type original struct {
	link    frame.LinkType
	frame   []byte
	payload []byte
	port    uint16
}

// bytes is what there is of it.
func (o *original) bytes() []byte {
	if o.frame != nil {
		return o.frame
	}
	return o.payload
}

// originals are what is damaged: the frames of all captures in their order, SIP
// messages, and messages of RTP, RTCP, SRTP, SDP and STUN.
type originals struct {
	frames, sip, other []original
}

// mutator makes damaged frames, the same ones for the same seed.
type mutator struct {
	*rand.Rand
	*originals
	hosts       hosts
	tunnel      tunnel
	association association
	seq         uint32

	now  time.Time
	at   int // of the frame that is taken next
	left int // of those to take in order
	held []capture.Frame
}

func newMutator(all *originals, seed, batch uint64) *mutator {
	m := &mutator{Rand: rand.New(rand.NewPCG(seed, batch)), originals: all, now: began}
	m.tunnel = tunnel{hosts: &m.hosts, near: routers[batch%2].near, far: routers[batch%2].far}
	return m
}

// next is the next damaged frame.
func (m *mutator) next() capture.Frame {
	if len(m.held) > 0 && !m.chance(4) {
		f := m.held[0]
		m.held = m.held[1:]
		return f
	}
	f := m.one()
	switch {
	case m.chance(16): // to be seen again, or later than the next
		again := f
		again.Time = f.Time.Add(time.Duration(m.IntN(5)) * time.Millisecond)
		m.held = append(m.held, again)
		if m.chance(2) {
			return m.one()
		}
	case len(m.held) > 1 && m.chance(2):
		i := m.IntN(len(m.held))
		f, m.held[i] = m.held[i], f
	}
	return f
}

func (m *mutator) one() capture.Frame {
	o := m.pick()
	link, b := o.link, o.frame
	whole := m.chance(8) // some stay as they are, so that calls begin, go on and end
	if b == nil {
		payload := o.payload
		if !whole && !m.chance(4) {
			payload = m.damage(payload)
		}
		link, b = frame.LinkEthernet, m.carry(payload, o.port)
	}
	if !whole && (o.frame != nil || m.chance(4)) {
		b = m.damage(b)
	}
	wire := len(b)
	if m.chance(32) && len(b) > 0 { // cut by the snaplen
		b = b[:m.IntN(len(b))]
	}
	m.clock()
	return capture.Frame{Data: b, WireLength: wire, Link: link, Time: m.now}
}

// pick takes an original: a message of SIP, one of RTP and its like, or the next
// of a run of frames, one as often as the other two.
func (m *mutator) pick() *original {
	switch m.IntN(4) {
	case 0:
		return &m.sip[m.IntN(len(m.sip))]
	case 1:
		return &m.other[m.IntN(len(m.other))]
	}
	if m.left == 0 || m.at == len(m.frames) {
		m.at, m.left = m.IntN(len(m.frames)), 1+m.IntN(40)
	}
	m.left--
	m.at++
	return &m.frames[m.at-1]
}

// carry puts a payload into a frame, between few addresses, so that it meets
// what came before, or many.
func (m *mutator) carry(payload []byte, port uint16) []byte {
	from, to := m.address(), m.address()
	if from.Is6() != to.Is6() {
		to = from
	}
	d := datum{src: netip.AddrPortFrom(from, port), dst: netip.AddrPortFrom(to, port), payload: payload[:min(len(payload), 60000)],
		outward: m.chance(2), media: port != sipPort}
	if m.chance(8) {
		d.src = netip.AddrPortFrom(from, uint16(m.Uint32()))
	}
	u := m.transport(d)
	for m.chance(3) {
		e := encapsulations[m.IntN(len(encapsulations))]
		if e.of.carries(u) && len(u.b) < 60000 {
			units := e.wrap(&m.tunnel, u)
			u = units[m.IntN(len(units))]
		}
	}
	return u.ethernet()
}

// transport carries a datum as UDP mostly, and as all else that carries SIP.
func (m *mutator) transport(d datum) unit {
	switch m.IntN(12) {
	case 0:
		return ipUnit(m.hosts.udp(agent.from, agent.to, hep(1+m.IntN(3), d)))
	case 1:
		return m.segment(d, hep(3, d))
	case 2:
		return m.segment(d, webFrame(byte(m.IntN(3)), m.chance(2), m.chance(2), d.payload))
	case 3, 4:
		return m.segment(d, d.payload)
	case 5:
		b := join(u16(int(d.src.Port())), u16(int(d.dst.Port())), u32(7), u32(0), join(m.association.data(d, 1<<(5+m.IntN(10)))...))
		return ipUnit(m.hosts.ip(numberSCTP, d.src.Addr(), d.dst.Addr(), b[:min(len(b), 60000)]))
	}
	return ipUnit(m.hosts.udp(d.src, d.dst, d.payload))
}

// segment is one of TCP: most often the next, at times one that leaves a gap, or
// comes again.
func (m *mutator) segment(d datum, b []byte) unit {
	m.seq += uint32(m.IntN(3)) / 2 * uint32(len(b))
	u := ipUnit(m.hosts.tcp(d.src, d.dst, m.seq, byte(m.IntN(64)), b))
	if !m.chance(4) {
		m.seq += uint32(len(b))
	}
	return u
}

func (m *mutator) address() netip.Addr {
	n := byte(m.IntN(4))
	if m.chance(16) {
		n = byte(m.IntN(256))
	}
	if m.chance(4) {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: n})
	}
	return netip.AddrFrom4([4]byte{192, 168, 10, n})
}

// clock goes on: mostly a little, seldom much, at times backwards.
func (m *mutator) clock() {
	switch {
	case m.chance(100_000):
		m.now = m.now.Add(time.Duration(m.IntN(3600)) * time.Second)
	case m.chance(2000):
		m.now = m.now.Add(time.Duration(m.IntN(60_000)) * time.Millisecond)
	case m.chance(1000):
		m.now = m.now.Add(-time.Duration(m.IntN(5000)) * time.Millisecond)
	default:
		m.now = m.now.Add(time.Duration(m.IntN(2000)) * time.Microsecond)
	}
}

func (m *mutator) chance(of int) bool { return m.IntN(of) == 0 }

// damage changes a copy of b in one to four ways.
func (m *mutator) damage(b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + m.IntN(4) {
		if len(b) == 0 {
			return b
		}
		b = damages[m.IntN(len(damages))](m, b)
	}
	return b[:min(len(b), 1<<17)]
}

// damages each change b, which is theirs and not empty.
var damages = []func(m *mutator, b []byte) []byte{
	(*mutator).flip, (*mutator).set, (*mutator).truncate, (*mutator).splice, (*mutator).length, (*mutator).repeat,
	(*mutator).digits, (*mutator).remove, (*mutator).line,
}

func (m *mutator) flip(b []byte) []byte {
	for range 1 + m.IntN(8) {
		b[m.IntN(len(b))] ^= 1 << m.IntN(8)
	}
	return b
}

// set writes bytes that mean something to parsers.
func (m *mutator) set(b []byte) []byte {
	const telling = "\x00\xff\x80\x7f\r\n \t\"<>;:,@=%/?&[]()\\'0159+-"
	for range 1 + m.IntN(4) {
		b[m.IntN(len(b))] = telling[m.IntN(len(telling))]
	}
	return b
}

func (m *mutator) truncate(b []byte) []byte { return b[:m.IntN(len(b)+1)] }

// splice goes on with the end of another input.
func (m *mutator) splice(b []byte) []byte {
	other := m.pick().bytes()
	return append(b[:m.IntN(len(b)+1)], other[m.IntN(len(other)+1):]...)
}

// length lies in a field of one, two or four bytes, most often in a header.
func (m *mutator) length(b []byte) []byte {
	at := m.IntN(min(len(b), 80))
	if m.chance(4) {
		at = m.IntN(len(b))
	}
	off := m.IntN(17) - 8
	switch {
	case m.chance(4):
		b[at] += byte(off)
	case len(b) < at+4:
	case m.chance(8):
		binary.BigEndian.PutUint32(b[at:], binary.BigEndian.Uint32(b[at:])+uint32(off))
	case m.chance(3):
		binary.BigEndian.PutUint16(b[at:], [...]uint16{0, 1, 7, 8, 0x7fff, 0x8000, 0xffff}[m.IntN(7)])
	default:
		binary.BigEndian.PutUint16(b[at:], binary.BigEndian.Uint16(b[at:])+uint16(off))
	}
	return b
}

func (m *mutator) repeat(b []byte) []byte {
	from := m.IntN(len(b))
	chunk := bytes.Clone(b[from:min(len(b), from+1+m.IntN(64))])
	times := 1 + m.IntN(8)
	if m.chance(500) {
		times = 60000 / len(chunk)
	}
	at := m.IntN(len(b) + 1)
	return join(b[:at], bytes.Repeat(chunk, times), b[at:])
}

// digits writes another number over one that is there.
func (m *mutator) digits(b []byte) []byte {
	at := m.IntN(len(b))
	for at < len(b) && (b[at] < '0' || b[at] > '9') {
		at++
	}
	end := at
	for end < len(b) && '0' <= b[end] && b[end] <= '9' {
		end++
	}
	numbers := []string{"0", "1", "-1", "65535", "65536", "2147483648", "4294967296", "18446744073709551616", "99999999999999999999", "00000000001", ""}
	return join(b[:at], []byte(numbers[m.IntN(len(numbers))]), b[end:])
}

func (m *mutator) remove(b []byte) []byte {
	from := m.IntN(len(b))
	return append(b[:from], b[min(len(b), from+1+m.IntN(64)):]...)
}

// line puts a line of another message between two of this one.
func (m *mutator) line(b []byte) []byte {
	other := m.sip[m.IntN(len(m.sip))].payload
	from := bytes.IndexByte(other[m.IntN(len(other)):], '\n') + 1
	line := other[from:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n+1]
	}
	at := m.IntN(len(b) + 1)
	at += bytes.IndexByte(b[at:], '\n') + 1
	return join(b[:at], line, b[at:])
}
