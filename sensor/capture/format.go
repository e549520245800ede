package capture

import (
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// records is one opened file, past its header.
type records interface {
	next(f *Frame) error // io.EOF, or a *fault
}

// Magics of compressed files, as read in little-endian order.
const (
	gzipMagic = 0x8b1f     // RFC 1952 §2.3.1
	zstdMagic = 0xfd2fb528 // RFC 8878 §3.1.1
)

// maxZstdWindow is what a zstd file may make us hold; its levels up to 20
// stay below. --long and --ultra beyond it are refused with a hint.
const maxZstdWindow = 32 << 20

// Recognises says that a file of which head is the beginning would be read: as
// a capture, or as a compressed file, of which it does not say what is in it.
// Four bytes are enough, and no capture has fewer.
func Recognises(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	magic := binary.LittleEndian.Uint32(head)
	return isClassic(magic) || magic == blockSection || isPacked(magic)
}

func isClassic(magic uint32) bool {
	return magic == pcapMicros || magic == pcapNanos || magic == pcapMicrosSwapped || magic == pcapNanosSwapped
}

func isPacked(magic uint32) bool { return magic&0xffff == gzipMagic || magic == zstdMagic }

// openRecords finds out what r is by its first bytes. The returned function
// releases the decompressor. A file without a byte is io.EOF: an empty capture.
// Once closed is set, reading ends with an error.
func openRecords(r io.Reader, closed *atomic.Bool) (records, func(), error) {
	w := newWindow(interruptible{r, closed}, "reading stopped")
	release := func() {}
	b, err := w.front(4, "the file header")
	if err != nil {
		return nil, release, err
	}
	magic := binary.LittleEndian.Uint32(b)
	plain, release, err := decompress(w, magic, closed)
	if err != nil {
		return nil, release, err
	}
	if b, err = plain.front(4, "the file header"); err != nil {
		return nil, release, err
	}
	set, err := newRecords(plain, binary.LittleEndian.Uint32(b), plain != w)
	return set, release, err
}

func newRecords(w *window, magic uint32, unpacked bool) (records, error) {
	switch {
	case isClassic(magic):
		return newPcap(w, magic)
	case magic == blockSection:
		return newNG(w), nil
	case unpacked && isPacked(magic):
		return nil, w.fault("compressed more than once", "unpack it once, and give what comes out")
	}
	return nil, w.fault("this is no capture", "pcap and pcapng are read, also compressed with gzip or zstd")
}

// decompress puts a window on the plain bytes. The decompressors stream: what
// they hold does not grow with the file.
func decompress(w *window, magic uint32, closed *atomic.Bool) (*window, func(), error) {
	switch {
	case magic&0xffff == gzipMagic:
		z, err := gzip.NewReader(w)
		if err != nil {
			return nil, func() {}, compressed(w, err)
		}
		return newWindow(interruptible{z, closed}, damaged), func() { z.Close() }, nil
	case magic == zstdMagic:
		z, err := zstd.NewReader(w, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, func() {}, compressed(w, err)
		}
		return newWindow(interruptible{z, closed}, damaged), z.Close, nil
	}
	return w, func() {}, nil
}

// interruptible ends when its source is closed. A few bytes, read long ago, may
// unpack to more than anybody waits for, and may hold no frame at which to end.
type interruptible struct {
	r      io.Reader
	closed *atomic.Bool
}

var errClosed = errors.New("the source was closed")

func (i interruptible) Read(b []byte) (int, error) {
	if i.closed.Load() {
		return 0, errClosed
	}
	return i.r.Read(b)
}

const damaged = "the compressed data is cut or damaged"

func compressed(w *window, err error) error {
	f := w.fault(damaged, "")
	f.err = err
	return f
}
