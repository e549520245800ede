package capture

import (
	"errors"
	"time"

	"tollwatch/decoder/frame"
)

// Frame is one captured frame. Data lives until the next call of Next: whoever
// keeps it copies it.
type Frame struct {
	Data       []byte
	Time       time.Time // UTC, in the resolution of the origin
	WireLength int       // bytes on the wire, at least len(Data)
	Link       frame.LinkType
	Interface  int    // live: the kernel's index; pcapng: the number within its section; pcap: 0
	VLAN       uint16 // live: the tag control information that the kernel had stripped; Data has the tag again. 0: none
}

// ErrIdle is returned by a live Next when no frame came for about IdleAfter.
// It is no fault: the caller advances its clock and calls Next again.
var ErrIdle = errors.New("no frame for a while")

// IdleAfter is how long a live Next waits before it returns ErrIdle.
const IdleAfter = 100 * time.Millisecond

// Source is one origin of frames, read by one goroutine.
type Source interface {
	// Next fills f. It returns io.EOF at the end, ErrIdle when a live origin
	// is silent, a *FileError when a file is faulty (the call after it goes
	// on with the next file), and an *InterfaceError when an interface is
	// gone (the call after it goes on with the others, if there are any).
	Next(f *Frame) error
	// Close ends the source; it may be called from another goroutine, and
	// more than once. A live Next that waits returns io.EOF at once. A live
	// source whose last frame is still lent gives its memory back in the
	// Next that then returns io.EOF.
	Close() error
	// Stats is called by the goroutine that calls Next.
	Stats() Stats
}

// Stats counts what a source did since it was opened.
type Stats struct {
	Frames       uint64   // delivered by Next
	Bytes        uint64   // captured bytes of these frames
	KernelDrops  uint64   // live: lost because the ring was full
	KernelFrozen uint64   // live: times the ring was full
	LosingBlocks uint64   // live: blocks of the ring that the kernel marked as preceded by loss
	Down         []string // live: interfaces that hear nothing now: off, without carrier, or away; nobody changes it later
	Away         []string // live: interfaces that were removed, and are waited for; nobody changes it later
	FileRead     uint64   // files: bytes read from disk, compressed ones as they lie there
	FileSize     uint64   // files: bytes of all files together, standard input not among them
}
