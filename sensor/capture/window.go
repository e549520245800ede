package capture

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"

	"github.com/klauspost/compress/zstd"
)

const (
	// windowSize is the read buffer: what a file may make us hold. Frames
	// are slices of it.
	windowSize = 1 << 20
	// maxFrame is the longest record believed, the limit that tcpdump and
	// Wireshark use for ordinary link types. Longer means a damaged header.
	maxFrame = 256 << 10
)

// fault is a reason why reading ends, before it has a file name.
type fault struct {
	offset       int64
	reason, hint string
	err          error
}

func (f *fault) Error() string { return f.reason }

const hintCut = "the frames before it were read; copy the file again if it should be longer"

// window is a view on a stream of records: peek at the front, then skip it.
// It also knows the byte order of the records.
type window struct {
	*bufio.Reader
	offset int64  // of the front
	swap   bool   // the records are big-endian
	broken string // the reason to give when reading fails
}

func newWindow(r io.Reader, broken string) *window {
	return &window{Reader: bufio.NewReaderSize(r, windowSize), broken: broken}
}

// front returns the next n bytes without taking them; n is at most windowSize.
// They live until the next front. At a clean end it returns io.EOF, within
// what a fault called "cut in the middle of what".
func (w *window) front(n int, what string) ([]byte, error) {
	b, err := w.Peek(n)
	if err == nil {
		return b, nil
	}
	return nil, w.shortage(len(b), what, err)
}

// shortage says why fewer bytes came than were asked for.
func (w *window) shortage(got int, what string, err error) error {
	if err == io.EOF && got == 0 {
		return io.EOF
	}
	if err == io.EOF {
		return w.fault("cut in the middle of "+what, hintCut)
	}
	f := w.fault(w.broken, hintCut)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) {
		f.hint = "compress it again without --long and --ultra"
	}
	f.err = err
	return f
}

func (w *window) fault(reason, hint string) *fault {
	return &fault{offset: w.offset, reason: reason, hint: hint}
}

// take moves the front by n bytes that front has shown.
func (w *window) take(n int) {
	w.Discard(n)
	w.offset += int64(n)
}

// skip moves the front by n bytes that nobody looks at.
func (w *window) skip(n int64, what string) error {
	for n > 0 {
		step := int(min(n, windowSize))
		got, err := w.Discard(step)
		w.offset += int64(got)
		n -= int64(got)
		if err == io.EOF {
			return w.fault("cut in the middle of "+what, hintCut)
		}
		if err != nil {
			return w.shortage(1, what, err)
		}
	}
	return nil
}

func (w *window) uint16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if w.swap {
		return bits.ReverseBytes16(v)
	}
	return v
}

func (w *window) uint32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if w.swap {
		return bits.ReverseBytes32(v)
	}
	return v
}

func (w *window) uint64(b []byte) uint64 {
	v := binary.LittleEndian.Uint64(b)
	if w.swap {
		return bits.ReverseBytes64(v)
	}
	return v
}
