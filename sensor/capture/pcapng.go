package capture

import (
	"encoding/binary"
	"time"

	"tollwatch/decoder/frame"
)

// Block types of draft-ietf-opsawg-pcapng §4; the section header's reads the
// same in both byte orders.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockOldPacket = 2
	blockSimple    = 3
	blockEnhanced  = 6

	byteOrderMagic        = 0x1a2b3c4d
	byteOrderMagicSwapped = 0x4d3c2b1a

	optionEnd        = 0
	optionResolution = 9  // if_tsresol, §4.2
	optionOffset     = 14 // if_tsoffset, §4.2
)

const (
	// maxPacketBlock is the longest block with a packet: the frame and as
	// much again for options. It fits in the window.
	maxPacketBlock = 2 * maxFrame
	// maxDescribed is how much of a section or interface block is searched
	// for options; the rest is skipped.
	maxDescribed = 64 << 10
	// maxInterfaces bounds the table of one section.
	maxInterfaces = 1 << 16
)

const hintDamaged = "the file is damaged from here on"

// ngReader reads the blocks of one pcapng file.
type ngReader struct {
	w          *window
	interfaces []ngInterface // of the current section
	last       time.Time     // simple packets have no time: they get that of the frame before
}

func newNG(w *window) *ngReader {
	return &ngReader{w: w, last: time.Unix(0, 0).UTC()}
}

func (r *ngReader) next(f *Frame) error {
	for {
		h, err := r.w.front(8, "a block header")
		if err != nil {
			return err
		}
		kind := r.w.uint32(h)
		if kind == blockSection {
			if err := r.section(); err != nil {
				return err
			}
			continue
		}
		total := int64(r.w.uint32(h[4:]))
		size := (total + 3) &^ 3 // some writers leave the padding out of the length
		if size < 12 {
			return r.w.fault("a block length that cannot be true", hintDamaged)
		}
		switch kind {
		case blockEnhanced, blockSimple, blockOldPacket:
			return r.packet(f, kind, size)
		case blockInterface:
			err = r.describe(size)
		default:
			err = r.w.skip(size, "a block")
		}
		if err != nil {
			return err
		}
	}
}

// section starts a section: a byte order, and no interfaces yet.
func (r *ngReader) section() error {
	b, err := r.w.front(16, "a section header")
	if err != nil {
		return err
	}
	switch binary.LittleEndian.Uint32(b[8:]) {
	case byteOrderMagic:
		r.w.swap = false
	case byteOrderMagicSwapped:
		r.w.swap = true
	default:
		return r.w.fault("a section header without its byte order", hintDamaged)
	}
	size := (int64(r.w.uint32(b[4:])) + 3) &^ 3
	if size < 28 {
		return r.w.fault("a section header that is too short", hintDamaged)
	}
	if major := r.w.uint16(b[12:]); major != 1 {
		return r.w.fault("a pcapng version that is not 1", "convert it with editcap")
	}
	r.interfaces = r.interfaces[:0]
	return r.w.skip(size, "a section header")
}

// describe adds an interface to the section.
func (r *ngReader) describe(size int64) error {
	if size < 20 {
		return r.w.fault("an interface block that is too short", hintDamaged)
	}
	if len(r.interfaces) == maxInterfaces {
		return r.w.fault("more than 65536 interfaces", hintDamaged)
	}
	b, err := r.w.front(int(min(size, maxDescribed)), "an interface block")
	if err != nil {
		return err
	}
	i, ok := parseInterface(r.w, b[8:len(b)-4])
	if !ok {
		return r.w.fault("an interface whose time stamps have an impossible resolution", hintDamaged)
	}
	r.interfaces = append(r.interfaces, i)
	return r.w.skip(size, "an interface block")
}

// packet delivers the frame of a block that is size bytes long.
func (r *ngReader) packet(f *Frame, kind uint32, size int64) error {
	w := r.w
	if size > maxPacketBlock {
		return w.fault("a packet block length that cannot be true", hintDamaged)
	}
	b, err := w.front(int(size), "a packet block")
	if err != nil {
		return err
	}
	// Both ends of a block tell its length (§3.1), as it was written.
	if w.uint32(b[size-4:]) != w.uint32(b[4:]) {
		return w.fault("a packet block whose two lengths differ", hintDamaged)
	}
	body := b[8 : size-4]
	if kind == blockSimple {
		err = r.simple(f, body)
	} else {
		err = r.stamped(f, kind, body)
	}
	if err != nil {
		return err
	}
	r.last = f.Time
	f.VLAN = 0
	w.take(int(size))
	return nil
}

// stamped reads an enhanced packet (§4.3) or its obsolete forerunner, which
// keeps a drop count in the upper half of the interface's number.
func (r *ngReader) stamped(f *Frame, kind uint32, body []byte) error {
	w := r.w
	if len(body) < 20 {
		return w.fault("a packet block that is too short", hintDamaged)
	}
	number := int64(w.uint32(body))
	if kind == blockOldPacket {
		number = int64(w.uint16(body))
	}
	if number >= int64(len(r.interfaces)) {
		return w.fault("a packet of an interface that was not described", hintDamaged)
	}
	i := &r.interfaces[number]
	size, wire := int64(w.uint32(body[12:])), int64(w.uint32(body[16:]))
	if size > maxFrame || size > int64(len(body)-20) {
		return w.fault("a packet length that cannot be true", hintDamaged)
	}
	stamp, ok := i.time(uint64(w.uint32(body[4:]))<<32 | uint64(w.uint32(body[8:])))
	if !ok {
		return w.fault("a time stamp outside the years 1970 to 2262", hintDamaged)
	}
	f.Data, f.Time = body[20:20+size], stamp
	f.WireLength = int(min(max(size, wire), 1<<31-1))
	f.Link, f.Interface = i.link, int(number)
	return nil
}

// simple reads a simple packet (§4.4): the first interface, no time.
func (r *ngReader) simple(f *Frame, body []byte) error {
	w := r.w
	if len(r.interfaces) == 0 {
		return w.fault("a packet of an interface that was not described", hintDamaged)
	}
	if len(body) < 4 {
		return w.fault("a packet block that is too short", hintDamaged)
	}
	i := &r.interfaces[0]
	wire := int64(w.uint32(body))
	size := min(wire, int64(len(body)-4))
	if i.snaplen > 0 {
		size = min(size, int64(i.snaplen))
	}
	if size > maxFrame {
		return w.fault("a packet length that cannot be true", hintDamaged)
	}
	f.Data, f.Time = body[4:4+size], r.last
	f.WireLength = int(min(wire, 1<<31-1))
	f.Link, f.Interface = i.link, 0
	return nil
}

// ngInterface is what a packet needs to know of its interface.
type ngInterface struct {
	link    frame.LinkType
	snaplen uint32
	clock   ngClock
}

func (i *ngInterface) time(stamp uint64) (time.Time, bool) { return i.clock.time(stamp) }

// parseInterface reads the body of an interface block (§4.2). Options that
// are cut or have a wrong length end the search: they are not worth the file.
func parseInterface(w *window, b []byte) (ngInterface, bool) {
	i := ngInterface{link: frame.LinkType(w.uint16(b)), snaplen: w.uint32(b[4:]), clock: defaultClock}
	for b = b[8:]; len(b) >= 4; {
		code, n := w.uint16(b), int(w.uint16(b[2:]))
		padded := (n + 3) &^ 3
		if code == optionEnd || 4+n > len(b) {
			break
		}
		value := b[4 : 4+n]
		b = b[min(4+padded, len(b)):]
		switch {
		case code == optionResolution && n >= 1:
			if !i.clock.setResolution(value[0]) {
				return i, false
			}
		case code == optionOffset && n >= 8:
			i.clock.offset = int64(w.uint64(value))
		}
	}
	return i, true
}
