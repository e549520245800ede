package websocket

import (
	"encoding/binary"
	"errors"
)

// What Decode and Upgrade may answer.
var (
	ErrShort  = errors.New("websocket: more bytes are needed")
	ErrFormat = errors.New("websocket: not of this protocol")
)

// Opcode is what a frame is (RFC 6455 §5.2).
type Opcode uint8

// The opcodes in use; 3 to 7 and 11 to 15 are reserved.
const (
	Continuation Opcode = 0
	Text         Opcode = 1
	Binary       Opcode = 2
	Close        Opcode = 8
	Ping         Opcode = 9
	Pong         Opcode = 10
)

// RFC 6455 §5.2 and §5.5.
const (
	final       = 0x80
	rsv1        = 0x40 // compressed, RFC 7692 §6
	rsv23       = 0x30
	masked      = 0x80
	control     = 0x08
	maxControl  = 125
	length16    = 126
	length64    = 127
	maskingKey  = 4
	shortHeader = 2
)

// Header is a frame header.
type Header struct {
	Opcode     Opcode
	Final      bool
	Compressed bool
	Masked     bool
	Key        [maskingKey]byte
	Size       int    // of the header itself, 2 to 14
	Length     uint64 // of the payload, at most 1<<63 - 1
}

// Control says whether it is a close, a ping or a pong.
func (h *Header) Control() bool { return h.Opcode&control != 0 }

// Decode reads the frame header that b begins with. What can be refused by its
// first byte is refused by it.
func Decode(b []byte) (Header, error) {
	if len(b) == 0 {
		return Header{}, ErrShort
	}
	h := Header{Opcode: Opcode(b[0] & 0x0f), Final: b[0]&final != 0, Compressed: b[0]&rsv1 != 0}
	if b[0]&rsv23 != 0 || h.Opcode > Binary && h.Opcode < Close || h.Opcode > Pong {
		return h, ErrFormat
	}
	if h.Control() && (!h.Final || h.Compressed) || h.Opcode == Continuation && h.Compressed {
		return h, ErrFormat
	}
	if len(b) < shortHeader {
		return h, ErrShort
	}
	return h.rest(b)
}

// rest reads the length and the masking key.
func (h Header) rest(b []byte) (Header, error) {
	h.Masked, h.Length, h.Size = b[1]&masked != 0, uint64(b[1]&^masked), shortHeader
	if h.Control() && h.Length > maxControl {
		return h, ErrFormat
	}
	switch h.Length {
	case length16:
		h.Size += 2
	case length64:
		h.Size += 8
	}
	length := h.Size
	if h.Masked {
		h.Size += maskingKey
	}
	if len(b) < h.Size {
		return h, ErrShort
	}
	switch h.Length {
	case length16:
		h.Length = uint64(binary.BigEndian.Uint16(b[2:]))
	case length64:
		h.Length = binary.BigEndian.Uint64(b[2:])
	}
	if h.Length>>63 != 0 {
		return h, ErrFormat
	}
	if h.Masked {
		copy(h.Key[:], b[length:])
	}
	return h, nil
}

// Unmask takes the mask off the payload, in place (RFC 6455 §5.3). b must
// begin where the payload does, and must be the caller's own.
func (h *Header) Unmask(b []byte) {
	if !h.Masked {
		return
	}
	key := binary.NativeEndian.Uint32(h.Key[:])
	wide := uint64(key)<<32 | uint64(key)
	for len(b) >= 8 {
		binary.NativeEndian.PutUint64(b, binary.NativeEndian.Uint64(b)^wide)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= h.Key[i%maskingKey]
	}
}
