package sctp

import "encoding/binary"

// RFC 9260 §3.2, §3.3.1; RFC 8260 §2.1.
const (
	typeData  = 0
	typeIData = 64

	flagEnd       = 0x01
	flagBegin     = 0x02
	flagUnordered = 0x04

	chunkHeader = 4
	dataHeader  = 16
	iDataHeader = 20
	padding     = 4
)

// fragment is the piece of a user's message in a DATA or I-DATA chunk, or all
// of it.
type fragment struct {
	begin, end bool
	message    messageID
	position   uint32 // TSN or FSN: fragments of a message count upwards
	data       []byte // of the packet
	cut        bool   // the snaplen cut it
}

// messageID tells the messages of one direction apart. Unordered messages of
// DATA chunks have no number: those of a stream share one.
type messageID struct {
	stream    uint16
	number    uint32 // SSN or MID
	unordered bool
	iData     bool
}

// next takes the chunk that b begins with. It returns its type and flags, its
// value with the header, and what follows; not ok when the length is a lie.
func next(b []byte, cut bool) (chunk, rest []byte, missing, ok bool) {
	length := int(binary.BigEndian.Uint16(b[2:]))
	switch {
	case length < chunkHeader:
		return nil, nil, false, false
	case length > len(b):
		return b, nil, true, cut
	}
	padded := min((length+padding-1)&^(padding-1), len(b))
	return b[:length], b[padded:], false, true
}

// parse reads a chunk that carries data.
func (f *fragment) parse(chunk []byte) bool {
	kind, flags, header := chunk[0], chunk[1], dataHeader
	if kind == typeIData {
		header = iDataHeader
	}
	if len(chunk) <= header { // RFC 9260 §3.3.1: no empty data
		return false
	}
	f.begin, f.end = flags&flagBegin != 0, flags&flagEnd != 0
	f.message = messageID{stream: binary.BigEndian.Uint16(chunk[8:]), unordered: flags&flagUnordered != 0}
	f.position, f.data = binary.BigEndian.Uint32(chunk[4:]), chunk[header:]
	switch {
	case kind == typeIData:
		f.message.iData, f.message.number, f.position = true, binary.BigEndian.Uint32(chunk[12:]), 0
		if !f.begin { // else the PPID stands there, and the FSN is 0
			f.position = binary.BigEndian.Uint32(chunk[16:])
		}
	case !f.message.unordered:
		f.message.number = uint32(binary.BigEndian.Uint16(chunk[10:]))
	}
	return true
}
