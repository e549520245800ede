package capture

import (
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"
)

// rtpFrames are 20,000 frames of the length of a G.711 packet.
func rtpFrames() []Frame {
	frames := make([]Frame, 20_000)
	for i := range frames {
		frames[i] = Frame{Data: make([]byte, 214), Time: time.Unix(int64(i), 0).UTC(), WireLength: 214, Link: 1}
	}
	return frames
}

func TestNextAllocatesNothing(t *testing.T) {
	frames := rtpFrames()
	for name, raw := range map[string][]byte{
		"pcap":   classic(t, frames, false, false),
		"pcapng": ng(binary.BigEndian, frames),
		"zstd":   zstandard(t, classic(t, frames, false, false)),
	} {
		s := openBytes(t, raw)
		var f Frame
		if err := s.Next(&f); err != nil {
			t.Fatal(err)
		}
		allocs := testing.AllocsPerRun(1000, func() {
			if err := s.Next(&f); err != nil {
				t.Fatal(err)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: got %v allocations a frame, want 0", name, allocs)
		}
	}
}

// BenchmarkFiles reads files of a million frames from the page cache, with our
// readers and with pcapgo's.
func BenchmarkFiles(b *testing.B) {
	frames := rtpFrames()
	pcap := repeated(b, classic(b, frames, false, false), pcapHeader)
	blocks := repeated(b, ng(binary.LittleEndian, frames), ngHeaderBytes)
	run := func(name string, read func() int) {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if n := read(); n != repeats*len(frames) {
					b.Fatalf("got %d frames, want %d", n, repeats*len(frames))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*repeats*len(frames)), "ns/frame")
		})
	}
	run("pcap", func() int { return countOurs(b, pcap) })
	run("pcap/pcapgo", func() int {
		return countPcapgo(b, pcap, func(r io.Reader) (zeroCopyReader, error) { return pcapgo.NewReader(r) })
	})
	run("pcapng", func() int { return countOurs(b, blocks) })
	run("pcapng/pcapgo", func() int {
		return countPcapgo(b, blocks, func(r io.Reader) (zeroCopyReader, error) {
			return pcapgo.NewNgReader(r, pcapgo.DefaultNgReaderOptions)
		})
	})
}

const repeats = 50

// repeated writes a file with the records of raw again and again.
func repeated(b *testing.B, raw []byte, header int) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "capture")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	f.Write(raw[:header])
	for range repeats {
		f.Write(raw[header:])
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

func countOurs(b *testing.B, name string) int {
	s, err := OpenFiles([]string{name}, nil)
	if err != nil {
		b.Fatal(err)
	}
	n, err := countFrames(s)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

type zeroCopyReader interface {
	ZeroCopyReadPacketData() ([]byte, gopacket.CaptureInfo, error)
}

func countPcapgo(b *testing.B, name string, newReader func(io.Reader) (zeroCopyReader, error)) int {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	r, err := newReader(f)
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; ; n++ {
		if _, _, err := r.ZeroCopyReadPacketData(); err != nil {
			return n
		}
	}
}
