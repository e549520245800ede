package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// zstdBomb is begin, and then one byte over and over: a block of four bytes for
// each 128 KiB (RFC 8878 §3.1.1).
func zstdBomb(begin []byte, fill byte, size int) []byte {
	const (
		windowOf1MiB = 10 << 3 // §3.1.1.1.2
		raw, run     = 0, 1    // §3.1.1.2.2
		longest      = 128 << 10
	)
	b := binary.LittleEndian.AppendUint32(nil, zstdMagic)
	b = append(b, 0, windowOf1MiB)
	add := func(kind, size, last int) {
		header := size<<3 | kind<<1 | last
		b = append(b, byte(header), byte(header>>8), byte(header>>16))
	}
	add(raw, len(begin), 0)
	b = append(b, begin...)
	for ; size > longest; size -= longest {
		add(run, longest, 0)
		b = append(b, fill)
	}
	add(run, size, 1)
	return append(b, fill)
}

// TestBombsAreReadInBoundedMemory: ten gigabytes of zeros in 320 kB. As records
// of a pcap they are endless empty frames of 1970, which the caller may leave at
// any time; what is held on the way there does not grow.
func TestBombsAreReadInBoundedMemory(t *testing.T) {
	bomb := zstdBomb(classic(t, nil, false, false), 0, 10<<30)
	if len(bomb) > 400<<10 {
		t.Fatalf("got a bomb of %d bytes, want a small one", len(bomb))
	}
	const frames, most = 4 << 20, 12 << 20 // 64 MiB of records; two windows and the decompressor's, over and over
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := openBytes(t, bomb)
	var f Frame
	for n := range frames {
		if err := s.Next(&f); err != nil || len(f.Data) != 0 {
			t.Fatalf("frame %d: got %d bytes, %v; want an empty frame", n, len(f.Data), err)
		}
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > most {
		t.Errorf("got %d bytes allocated for %d frames, want at most %d", got, frames, most)
	}
	s.Close()
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("got %v after Close, want the end", err)
	}
}

// skippable is a frame of zstd without content (RFC 8878 §3.1.2).
var skippable = []byte{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0}

// endless repeats its part until it was read so many times, and closes the
// source then: whoever reads on reads for ever.
type endless struct {
	first, part []byte
	rest        []byte
	source      Source
	reads       int
}

func (e *endless) Read(b []byte) (int, error) {
	if e.reads--; e.reads == 0 {
		e.source.Close()
	}
	n := 0
	for b = b[:min(len(b), 64<<10)]; n < len(b); {
		if len(e.rest) == 0 {
			e.rest = e.part
		}
		if len(e.first) > 0 {
			e.rest, e.first = e.first, nil
		}
		m := copy(b[n:], e.rest)
		n, e.rest = n+m, e.rest[m:]
	}
	return n, nil
}

// TestCloseEndsAFileWithoutFrames: a Next that never finds a frame ends all the
// same when the source is closed.
func TestCloseEndsAFileWithoutFrames(t *testing.T) {
	unknown := block(binary.LittleEndian, 0x0bad, make([]byte, 4000))
	section := sectionBlock(binary.LittleEndian)
	for _, c := range []struct {
		name        string
		first, part []byte
	}{
		{"blocks that nobody knows", section, unknown},
		{"sections", section, section},
		{"blocks that nobody knows, in gzip", gzipped(t, section), gzipped(t, bytes.Repeat(unknown, 1000))},
		{"blocks that nobody knows, in zstd", zstandard(t, section), zstandard(t, bytes.Repeat(unknown, 1000))},
		{"gzip members without a byte", nil, gzipped(t, nil)},
		{"zstd frames without a byte", zstandard(t, []byte("12")), skippable},
	} {
		in := &endless{first: c.first, part: c.part, reads: 3}
		s, err := OpenFiles([]string{"-"}, in)
		if err != nil {
			t.Fatal(err)
		}
		in.source = s
		if err := s.Next(&Frame{}); err != io.EOF || in.reads > 0 || in.reads < -1 {
			t.Errorf("%s: got %v and %d reads after Close, want the end at once", c.name, err, -in.reads)
		}
	}
}

// TestCloseEndsABomb: what was read already may still unpack to terabytes. A
// pcapng of nothing but the byte 0x40 is blocks of a gigabyte that nobody knows.
func TestCloseEndsABomb(t *testing.T) {
	var closed atomic.Bool
	in := bytes.NewReader(zstdBomb(sectionBlock(binary.LittleEndian), 0x40, 20<<30))
	set, release, err := openRecords(in, &closed)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	closed.Store(true)
	var f *fault
	if err := set.next(&Frame{}); !errors.As(err, &f) || f.err != errClosed || f.offset > 2*windowSize || in.Len() > 0 {
		t.Errorf("got %v, %d bytes of the file left; want the end before all is unpacked", err, in.Len())
	}
}

func TestManyMembersAreOneFile(t *testing.T) {
	frames := story(time.Microsecond)
	raw := classic(t, frames, false, false)
	var gz, zst []byte
	for part := range slices.Chunk(raw, 97) { // with an empty member behind each
		gz = append(append(gz, gzipped(t, part)...), gzipped(t, nil)...)
		zst = append(append(zst, zstandard(t, part)...), skippable...)
	}
	check(t, gz, frames)
	check(t, zst, frames)
}

func TestCompressedTwiceIsRefused(t *testing.T) {
	raw := classic(t, story(time.Microsecond), false, false)
	for name, twice := range map[string][]byte{
		"gzip in gzip": gzipped(t, gzipped(t, raw)), "gzip in zstd": zstandard(t, gzipped(t, raw)),
		"zstd in gzip": gzipped(t, zstandard(t, raw)), "zstd in zstd": zstandard(t, zstandard(t, raw)),
	} {
		got, err := readAll(openBytes(t, twice))
		var f *FileError
		if !errors.As(err, &f) || f.Reason != "compressed more than once" || f.Hint == "" || len(got) != 0 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %d frames and %v, want it refused in one line", name, len(got), err)
		}
	}
}

// TestLengthsOfAPcap: what a record says of its length is believed as far as
// the file bears it out, whatever the snaplen of the header says.
func TestLengthsOfAPcap(t *testing.T) {
	o := binary.LittleEndian
	data := bytes.Repeat([]byte("sip!"), 50)
	raw := classic(t, []Frame{{Data: data, Time: time.Unix(7, 0), WireLength: len(data)}}, false, false)
	for _, c := range []struct {
		what                    string
		snaplen, captured, wire uint32
		want                    int // on the wire; 0: a fault
	}{
		{"captured more than the snaplen", 64, 200, 200, 200},
		{"captured more than the wire had", 65535, 200, 8, 200},
		{"no snaplen", 0, 200, 200, 200},
		{"a wire beyond all counting", 65535, 200, 1<<32 - 1, 1<<31 - 1},
		{"captured more than the file has", 65535, 201, 201, 0},
		{"captured 256 KiB that the file has not", 65535, maxFrame, maxFrame, 0},
		{"captured more than is believed", 1<<32 - 1, maxFrame + 1, maxFrame + 1, 0},
		{"captured all that 32 bits say", 1<<32 - 1, 1<<32 - 1, 1<<32 - 1, 0},
	} {
		b := bytes.Clone(raw)
		o.PutUint32(b[16:], c.snaplen)
		o.PutUint32(b[pcapHeader+8:], c.captured)
		o.PutUint32(b[pcapHeader+12:], c.wire)
		got, err := readAll(openBytes(t, b))
		var f *FileError
		switch {
		case c.want == 0 && (!errors.As(err, &f) || f.Offset != pcapHeader || len(got) != 0):
			t.Errorf("%s: got %d frames, %v; want a fault at byte %d", c.what, len(got), err, pcapHeader)
		case c.want > 0 && (err != nil || len(got) != 1 || !bytes.Equal(got[0].Data, data) || got[0].WireLength != c.want):
			t.Errorf("%s: got %d frames, %v; want the frame with %d on the wire", c.what, len(got), err, c.want)
		}
	}
}

// TestLengthsOfBlocks: each length that a block of each kind can tell, in both
// orders: nothing loops, and nothing is read that the file does not have.
func TestLengthsOfBlocks(t *testing.T) {
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		head := append(ng(o, nil), enhancedBlock(o, 0, 0, 4, []byte("1234"))...)
		for _, b := range [][]byte{
			sectionBlock(o), interfaceBlock(o, frame.LinkEthernet, 0), enhancedBlock(o, 0, 0, 4, []byte("5678")),
			block(o, blockSimple, o.AppendUint32(nil, 4)), block(o, blockOldPacket, make([]byte, 24)), block(o, 0, nil), block(o, 0x0bad, make([]byte, 8)),
		} {
			own := uint32(len(b))
			for _, length := range []uint32{0, 1, 4, 8, 11, 12, 13, 16, 20, 24, 27, 28, 32, own - 4, own + 4, 1 << 16, 2 * maxFrame, 1 << 30, 1<<31 - 1, 1 << 31, 1<<32 - 4, 1<<32 - 1} {
				lie := bytes.Clone(b)
				o.PutUint32(lie[4:], length)
				raw := append(bytes.Clone(head), lie...)
				s := openBytes(t, raw)
				n := 0
				for ; n < len(raw); n++ { // a frame a byte is more than any file holds
					if err := s.Next(&Frame{}); err != nil {
						break
					}
				}
				if n < 1 || n > 2 {
					t.Errorf("block %x with the length %d: got %d frames, want the one before it and at most its own", b[:4], length, n)
				}
			}
		}
	}
}

// TestOptionsThatLie are those of an interface: one that is cut, overruns its
// block or has a length that it cannot have ends the search, never the file.
func TestOptionsThatLie(t *testing.T) {
	second := time.Unix(7, 0).UTC()
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		nanos := option(o, optionResolution, []byte{9})
		lie := func(code, length uint16, value ...byte) []byte {
			return append(o.AppendUint16(o.AppendUint16(nil, code), length), value...)
		}
		for _, c := range []struct {
			what    string
			options [][]byte
			stamp   uint64
		}{
			{"none", nil, 7e6},
			{"behind the end", [][]byte{option(o, optionEnd, nil), nanos}, 7e6},
			{"one that overruns the block", [][]byte{lie(2, 0xffff, 'e', 't', 'h', '0'), nanos}, 7e6},
			{"one byte too long", [][]byte{nanos, lie(2, 5, 'e', 't', 'h', '0')}, 7e9},
			{"a resolution without a value", [][]byte{lie(optionResolution, 0)}, 7e6},
			{"a resolution that is long", [][]byte{lie(optionResolution, 4, 9, 0, 0, 0)}, 7e9},
			{"an offset that is short", [][]byte{lie(optionOffset, 4, 1, 1, 1, 1)}, 7e6},
			{"a resolution that overruns the block", [][]byte{lie(optionResolution, 5, 9, 0, 0, 0)}, 7e6},
			{"a header that is cut", [][]byte{nanos, {0, 9}}, 7e9},
			{"two resolutions", [][]byte{option(o, optionResolution, []byte{3}), nanos}, 7e9},
		} {
			raw := append(sectionBlock(o), interfaceBlock(o, frame.LinkEthernet, 0, c.options...)...)
			raw = append(raw, enhancedBlock(o, 0, c.stamp, 4, []byte("1234"), lie(1, 0xffff))...)
			t.Run(c.what, func(t *testing.T) {
				check(t, raw, []Frame{{Data: []byte("1234"), Time: second, WireLength: 4, Link: frame.LinkEthernet}})
			})
		}
	}
}

// TestSnaplenOfAnInterface is not believed where a packet tells its own length.
func TestSnaplenOfAnInterface(t *testing.T) {
	o := binary.BigEndian
	raw := append(sectionBlock(o), interfaceBlock(o, frame.LinkRaw, 2)...)
	raw = append(raw, enhancedBlock(o, 0, 7e6, 1400, []byte("longer than two"))...)
	raw = append(raw, enhancedBlock(o, 0, 7e6, 1, []byte("longer than the wire"))...)
	check(t, raw, []Frame{
		{Data: []byte("longer than two"), Time: time.Unix(7, 0), WireLength: 1400, Link: frame.LinkRaw},
		{Data: []byte("longer than the wire"), Time: time.Unix(7, 0), WireLength: 20, Link: frame.LinkRaw},
	})
}
