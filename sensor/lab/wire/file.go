package wire

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/klauspost/compress/zstd"
)

// snaplen says that frames are whole.
const snaplen = 262144

// Capture writes frames as a pcap of Ethernet.
type Capture struct {
	w *pcapgo.Writer
	b *bufio.Writer

	Frames, Bytes uint64
}

// NewCapture writes the file's header at once.
func NewCapture(w io.Writer, nanoseconds bool) (*Capture, error) {
	b := bufio.NewWriterSize(w, 1<<16)
	c := &Capture{w: pcapgo.NewWriter(b), b: b}
	if nanoseconds {
		c.w = pcapgo.NewWriterNanos(b)
	}
	if err := c.w.WriteFileHeader(snaplen, layers.LinkTypeEthernet); err != nil {
		return nil, fmt.Errorf("write capture: %w", err)
	}
	return c, nil
}

// Write keeps nothing of frame.
func (c *Capture) Write(at time.Time, frame []byte) error {
	c.Frames++
	c.Bytes += uint64(len(frame))
	info := gopacket.CaptureInfo{Timestamp: at, CaptureLength: len(frame), Length: len(frame)}
	if err := c.w.WritePacket(info, frame); err != nil {
		return fmt.Errorf("write capture: %w", err)
	}
	return nil
}

// Flush must be called after the last frame.
func (c *Capture) Flush() error { return c.b.Flush() }

// Create opens a file that is compressed as its name says, .gz or .zst; "-" is
// stdout, as it is. The same bytes give the same file on every machine.
func Create(name string, stdout io.Writer) (io.WriteCloser, error) {
	if name == "-" {
		return keepOpen{stdout}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	w, err := compress(name, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return w, nil
}

func compress(name string, f *os.File) (io.WriteCloser, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		return &stacked{gzip.NewWriter(f), f}, nil
	case strings.HasSuffix(name, ".zst"):
		// One goroutine: several would cut the frames as the clock falls.
		z, err := zstd.NewWriter(f, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBetterCompression))
		if err != nil {
			return nil, err
		}
		return &stacked{z, f}, nil
	}
	return f, nil
}

// stacked closes a compressor, then its file.
type stacked struct {
	io.WriteCloser
	file *os.File
}

func (s *stacked) Close() error {
	err := s.WriteCloser.Close()
	if e := s.file.Close(); err == nil {
		err = e
	}
	return err
}

type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }
