package bpf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

// hooked are the programs of tcx, and the ring buffer through which frames come.
type hooked struct {
	Ethernet *ebpf.Program `ebpf:"tap_tcx_ethernet"`
	Raw      *ebpf.Program `ebpf:"tap_tcx_raw"`
	Frames   *ebpf.Map     `ebpf:"frames"`
	Missed   *ebpf.Map     `ebpf:"lost"`
}

// hooks read that ring buffer.
type hooks struct {
	hooked
	reader *ringbuf.Reader
	record ringbuf.Record
	parts  map[uint32][]byte // by processor: a frame of which chunks are missing still
}

func (p *Programs) loadHooks(spec *ebpf.CollectionSpec, bytes int) error {
	h := &hooks{parts: map[uint32][]byte{}}
	spec.Maps["frames"].MaxEntries = 1 << bits.Len(uint(max(bytes, 1<<16)-1))
	all := struct {
		*tables
		*hooked
	}{&p.tables, &h.hooked}
	if err := spec.LoadAndAssign(&all, nil); err != nil {
		return fmt.Errorf("load the kernel programs: %w", err)
	}
	reader, err := ringbuf.NewReader(h.Frames)
	if err != nil {
		return fmt.Errorf("read the ring buffer of the kernel programs: %w", err)
	}
	reader.SetDeadline(time.Unix(1, 0)) // it never waits: the programs wake nobody
	h.reader, p.hooks = reader, h
	return nil
}

func (h *hooks) close() error {
	return errors.Join(h.reader.Close(), h.Ethernet.Close(), h.Raw.Close(), h.Frames.Close(), h.Missed.Close())
}

// Hook attaches to an interface before all programs that are there already: on the
// way in, and out too unless it is the loopback, where each packet does both. Whoever
// closes what it returns detaches.
func (p *Programs) Hook(index int, ethernet, loopback bool) ([]io.Closer, error) {
	program := p.hooks.Raw
	if ethernet {
		program = p.hooks.Ethernet
	}
	ways := []ebpf.AttachType{ebpf.AttachTCXIngress, ebpf.AttachTCXEgress}
	if loopback {
		ways = ways[:1]
	}
	var out []io.Closer
	for _, way := range ways {
		l, err := link.AttachTCX(link.TCXOptions{Interface: index, Program: program, Attach: way, Anchor: link.Head()})
		if err != nil {
			for _, c := range out {
				err = errors.Join(err, c.Close())
			}
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// Room is how many bytes before Data a Frame leaves for a tag.
const Room = 4

// Frame is one that a hook passed on.
type Frame struct {
	At           uint64 // ns of CLOCK_MONOTONIC
	Buffer       []byte // Room bytes, and then the frame; it lives until the next read
	Wire         int    // its length
	Interface    int
	Tagged       bool // the kernel has taken a tag out
	VLAN         uint16
	VLANProtocol uint16
}

// Where the fields of struct record are, in lib/abi.h.
const (
	recordAt       = 0
	recordWire     = 8
	recordLength   = 12
	recordOffset   = 16
	recordIfindex  = 24
	recordVLAN     = 28
	recordProtocol = 30
	recordTagged   = 32
	recordCPU      = 36
	recordBytes    = 40
)

// ReadFrame takes the next frame of the ring buffer; false when there is none.
func (p *Programs) ReadFrame(f *Frame) bool {
	h := p.hooks
	for h.reader.AvailableBytes() > 0 {
		if err := h.reader.ReadInto(&h.record); err != nil {
			return false
		}
		if b := h.record.RawSample; len(b) > recordBytes && h.join(b, f) {
			f.fill(b)
			return true
		}
	}
	return false
}

// join puts chunks together; true when f.Buffer has the whole.
func (h *hooks) join(b []byte, f *Frame) bool {
	order := binary.NativeEndian
	length, offset, cpu := int(order.Uint32(b[recordLength:])), int(order.Uint32(b[recordOffset:])), order.Uint32(b[recordCPU:])
	data := b[recordBytes:]
	if offset == 0 && len(data) >= length {
		f.Buffer = b[recordBytes-Room : recordBytes+length]
		return true
	}
	part := h.parts[cpu]
	if offset == 0 {
		part = append(part[:0], make([]byte, Room)...)
	}
	if len(part) != Room+offset {
		h.parts[cpu] = part[:0]
		return false // a chunk before it had no room: the program has counted the frame
	}
	h.parts[cpu] = append(part, data...)
	f.Buffer = h.parts[cpu]
	return len(f.Buffer) >= Room+length
}

func (f *Frame) fill(b []byte) {
	order := binary.NativeEndian
	f.At, f.Wire, f.Interface = order.Uint64(b[recordAt:]), int(order.Uint32(b[recordWire:])), int(order.Uint32(b[recordIfindex:]))
	f.Tagged = order.Uint32(b[recordTagged:]) != 0
	f.VLAN, f.VLANProtocol = order.Uint16(b[recordVLAN:]), order.Uint16(b[recordProtocol:])
}

// Lost is how many frames the ring buffer had no room for.
func (p *Programs) Lost() (n uint64, err error) {
	var each []uint64
	if err := p.hooks.Missed.Lookup(uint32(0), &each); err != nil {
		return 0, fmt.Errorf("read how many frames the ring buffer had no room for: %w", err)
	}
	for _, v := range each {
		n += v
	}
	return n, nil
}
