package capture

import (
	"time"

	"tollwatch/decoder/frame"
)

// The classic format: draft-ietf-opsawg-pcap §4 (file header) and §5 (packet
// record). The magics are as read in little-endian order.
const (
	pcapMicros        = 0xa1b2c3d4
	pcapNanos         = 0xa1b23c4d
	pcapMicrosSwapped = 0xd4c3b2a1
	pcapNanosSwapped  = 0x4d3cb2a1

	pcapHeader = 24
	pcapRecord = 16
)

// pcapReader reads the records of one classic file.
type pcapReader struct {
	w    *window
	tick int64 // nanoseconds of one unit of a record's fraction
	link frame.LinkType
}

// newPcap reads the file header, whose magic the caller has seen.
func newPcap(w *window, magic uint32) (*pcapReader, error) {
	b, err := w.front(pcapHeader, "the file header")
	if err != nil {
		return nil, err
	}
	r := &pcapReader{w: w, tick: 1000}
	w.swap = magic == pcapMicrosSwapped || magic == pcapNanosSwapped
	if magic == pcapNanos || magic == pcapNanosSwapped {
		r.tick = 1
	}
	if major := w.uint16(b[4:]); major != 2 {
		return nil, w.fault("a pcap version that is not 2", "convert it with editcap")
	}
	// The upper half holds the length of frame check sequences, which no
	// decoder looks at; the snaplen before it is not believed either.
	r.link = frame.LinkType(w.uint32(b[20:]))
	w.take(pcapHeader)
	return r, nil
}

func (r *pcapReader) next(f *Frame) error {
	w := r.w
	h, err := w.front(pcapRecord, "a record header")
	if err != nil {
		return err
	}
	size, wire := int64(w.uint32(h[8:])), int64(w.uint32(h[12:]))
	if size > maxFrame {
		return w.fault("a record header that cannot be true", "the file is damaged from here on")
	}
	f.Time = time.Unix(int64(w.uint32(h)), int64(w.uint32(h[4:]))*r.tick).UTC()
	n := pcapRecord + int(size)
	b, err := w.front(n, "a record")
	if err != nil {
		return err
	}
	f.Data = b[pcapRecord:]
	f.WireLength = int(min(max(size, wire), 1<<31-1))
	f.Link, f.Interface, f.VLAN = r.link, 0, 0
	w.take(n)
	return nil
}
