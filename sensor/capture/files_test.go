package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/klauspost/compress/zstd"

	"tollwatch/decoder/frame"
)

// story is the frames that most tests write and read back: several lengths,
// one of them cut by a snaplen.
func story(resolution time.Duration) []Frame {
	start := time.Date(2026, 11, 7, 3, 0, 0, 123456789, time.UTC).Truncate(resolution)
	var out []Frame
	for i, size := range []int{60, 1, 0, 214, 1514, 77} {
		data := make([]byte, size)
		rand.New(rand.NewSource(int64(i))).Read(data)
		wire := size
		if i == 4 {
			wire = 9000
		}
		out = append(out, Frame{Data: data, Time: start.Add(time.Duration(i) * 20 * time.Millisecond), WireLength: wire,
			Link: frame.LinkEthernet})
	}
	return out
}

func info(f Frame) gopacket.CaptureInfo {
	return gopacket.CaptureInfo{Timestamp: f.Time, CaptureLength: len(f.Data), Length: f.WireLength, InterfaceIndex: f.Interface}
}

// classic writes a pcap: pcapgo writes little-endian ones, so the other order
// is turned by hand.
func classic(t testing.TB, frames []Frame, nanos, bigEndian bool) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pcapgo.NewWriter(&b)
	if nanos {
		w = pcapgo.NewWriterNanos(&b)
	}
	if err := w.WriteFileHeader(9000, layers.LinkTypeEthernet); err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.WritePacket(info(f), f.Data); err != nil {
			t.Fatal(err)
		}
	}
	if !bigEndian {
		return b.Bytes()
	}
	return swapped(b.Bytes())
}

func swapped(raw []byte) []byte {
	out := bytes.Clone(raw)
	turn := func(at, size int) {
		for i := range size / 2 {
			out[at+i], out[at+size-1-i] = out[at+size-1-i], out[at+i]
		}
	}
	turn(0, 4)
	turn(4, 2)
	turn(6, 2)
	turn(16, 4)
	turn(20, 4)
	for at := pcapHeader; at < len(raw); {
		size := int(binary.LittleEndian.Uint32(raw[at+8:]))
		for i := range 4 {
			turn(at+4*i, 4)
		}
		at += pcapRecord + size
	}
	return out
}

func gzipped(t testing.TB, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(raw)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, raw []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(raw, nil)
}

// check reads raw and compares with the frames that went in.
func check(t *testing.T, raw []byte, want []Frame) {
	t.Helper()
	got, err := readAll(openBytes(t, raw))
	if err != nil {
		t.Fatal(err)
	}
	sameFrames(t, got, want)
}

func sameFrames(t *testing.T, got, want []Frame) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d frames, want %d", len(got), len(want))
	}
	for i := range want {
		g, w := got[i], want[i]
		if !bytes.Equal(g.Data, w.Data) || !g.Time.Equal(w.Time) || g.Time.Location() != time.UTC ||
			g.WireLength != w.WireLength || g.Link != w.Link || g.Interface != w.Interface {
			t.Fatalf("frame %d: got %+v, want %+v", i, g, w)
		}
	}
}

func TestEveryKindOfFile(t *testing.T) {
	micro, nano := story(time.Microsecond), story(time.Nanosecond)
	plain := []struct {
		name string
		raw  []byte
		want []Frame
	}{
		{"pcap micro little", classic(t, micro, false, false), micro},
		{"pcap micro big", classic(t, micro, false, true), micro},
		{"pcap nano little", classic(t, nano, true, false), nano},
		{"pcap nano big", classic(t, nano, true, true), nano},
		{"pcapng little", ng(binary.LittleEndian, nano), nano},
		{"pcapng big", ng(binary.BigEndian, nano), nano},
		{"pcapng of pcapgo", ngOfPcapgo(t, nano), nano},
	}
	for _, c := range plain {
		t.Run(c.name, func(t *testing.T) { check(t, c.raw, c.want) })
		t.Run(c.name+" gzip", func(t *testing.T) { check(t, gzipped(t, c.raw), c.want) })
		t.Run(c.name+" zstd", func(t *testing.T) { check(t, zstandard(t, c.raw), c.want) })
	}
}

// TestRecognises: every kind of file by its first four bytes, and none that
// merely begins with one of their bytes.
func TestRecognises(t *testing.T) {
	frames := story(time.Microsecond)
	little, big := classic(t, frames, false, false), classic(t, frames, false, true)
	for name, raw := range map[string][]byte{
		"pcap micro little": little, "pcap micro big": big,
		"pcap nano little": classic(t, frames, true, false), "pcap nano big": classic(t, frames, true, true),
		"pcapng little": ng(binary.LittleEndian, frames), "pcapng big": ng(binary.BigEndian, frames),
		"gzip": gzipped(t, little), "zstd": zstandard(t, little),
	} {
		if !Recognises(raw) || !Recognises(raw[:4]) {
			t.Errorf("%s: % x is not recognised", name, raw[:4])
		}
		if Recognises(raw[:3]) {
			t.Errorf("%s: % x is recognised, want four bytes", name, raw[:3])
		}
	}
	for _, text := range []string{"", "Montant;Date", "(c) 2026", "\n\r\n\r", "\x1f\x8c\x08\x00", "\xa1\xb2\xc3\xd5", "calldate,dst"} {
		if Recognises([]byte(text)) {
			t.Errorf("%q is recognised", text)
		}
	}
}

func TestFilesInOrderAndStandardInput(t *testing.T) {
	dir := t.TempDir()
	frames := story(time.Microsecond)
	first, third := filepath.Join(dir, "1.pcap"), filepath.Join(dir, "3.pcapng.gz")
	write(t, first, classic(t, frames[:2], false, false))
	write(t, third, gzipped(t, ng(binary.BigEndian, frames[4:])))
	s, err := OpenFiles([]string{first, "-", third}, bytes.NewReader(classic(t, frames[2:4], true, true)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := readAll(s)
	if err != nil {
		t.Fatal(err)
	}
	sameFrames(t, got, frames)
	st := s.Stats()
	if st.Frames != 6 || st.FileRead != st.FileSize || st.FileSize == 0 {
		t.Errorf("got %+v, want 6 frames and all of the files read", st)
	}
}

func write(t *testing.T, name string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFaults(t *testing.T) {
	frames := story(time.Microsecond)
	whole := classic(t, frames, false, false)
	huge := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(huge[pcapHeader+8:], 0xfffffff0)
	cases := []struct {
		name, reason string
		raw          []byte
		offset       int64
		frames       int
	}{
		{"three bytes", "cut in the middle of the file header", whole[:3], 0, 0},
		{"text", "this is no capture", []byte("INVITE sip:1@example.com SIP/2.0\r\n"), 0, 0},
		{"version", "a pcap version that is not 2", append([]byte{0xd4, 0xc3, 0xb2, 0xa1, 9}, whole[5:]...), 0, 0},
		{"header only, cut", "cut in the middle of the file header", whole[:23], 0, 0},
		{"record header cut", "cut in the middle of a record header", whole[:pcapHeader+15], 24, 0},
		{"record cut", "cut in the middle of a record", whole[:len(whole)-1], int64(len(whole) - 77 - 16), 5},
		{"huge record", "a record header that cannot be true", huge, 24, 0},
		{"cut gzip", damaged, gzipped(t, whole)[:40], 24, 0},
		{"text in zstd", "this is no capture", zstandard(t, []byte("hello world")), 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := readAll(openBytes(t, c.raw))
			var f *FileError
			if !errors.As(err, &f) {
				t.Fatalf("got %v, want a FileError", err)
			}
			if f.Reason != c.reason || f.Offset != c.offset || len(got) != c.frames {
				t.Errorf("got %d frames, then %q at %d; want %d, %q at %d", len(got), f.Reason, f.Offset, c.frames, c.reason, c.offset)
			}
			if line := f.Error(); strings.Contains(line, "\n") || !strings.Contains(line, "standard input") {
				t.Errorf("got %q, want one line that names the origin", line)
			}
		})
	}
}

func TestAnEmptyCaptureIsNoFault(t *testing.T) {
	for _, raw := range [][]byte{nil, gzipped(t, nil), classic(t, nil, false, false), ng(binary.LittleEndian, nil)} {
		check(t, raw, nil)
	}
}

func TestAFaultEndsOneFileOnly(t *testing.T) {
	dir := t.TempDir()
	bad, good := filepath.Join(dir, "bad"), filepath.Join(dir, "good")
	frames := story(time.Microsecond)
	whole := classic(t, frames, false, false)
	write(t, bad, whole[:len(whole)-1])
	write(t, good, whole)
	s, err := OpenFiles([]string{bad, good}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readAll(s)
	var f *FileError
	if !errors.As(err, &f) || f.Name != bad || len(got) != 5 {
		t.Fatalf("got %d frames and %v, want 5 and a fault of %s", len(got), err, bad)
	}
	if got, err = readAll(s); err != nil {
		t.Fatal(err)
	}
	sameFrames(t, got, frames)
}

func TestNamesAreCheckedFirst(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	write(t, good, classic(t, nil, false, false))
	_, err := OpenFiles([]string{good, filepath.Join(dir, "absent")}, nil)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that the second does not exist", err)
	}
	var f *FileError
	if _, err = OpenFiles([]string{dir}, nil); !errors.As(err, &f) || f.Reason != "this is a folder" {
		t.Errorf("got %v, want that it is a folder", err)
	}
}

func TestCloseEndsFiles(t *testing.T) {
	s := openBytes(t, classic(t, story(time.Microsecond), false, false))
	var f Frame
	if err := s.Next(&f); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("got %v after Close, want the end", err)
	}
}

// TestCutAnywhere cuts small files at every byte: the frames that are whole
// come out, then a fault, or the end where the cut lies between records.
func TestCutAnywhere(t *testing.T) {
	frames := story(time.Microsecond)[:4]
	for name, raw := range map[string][]byte{
		"pcap":   classic(t, frames, false, true),
		"pcapng": ng(binary.LittleEndian, frames),
		"gzip":   gzipped(t, classic(t, frames, false, false)),
		"zstd":   zstandard(t, ng(binary.BigEndian, frames)),
	} {
		for n := range len(raw) {
			got, err := readAll(openBytes(t, raw[:n]))
			var f *FileError
			if err != nil && !errors.As(err, &f) {
				t.Fatalf("%s cut at %d: got %v, want a FileError", name, n, err)
			}
			if len(got) > len(frames) {
				t.Fatalf("%s cut at %d: got %d frames of %d", name, n, len(got), len(frames))
			}
			for i := range got {
				if !bytes.Equal(got[i].Data, frames[i].Data) {
					t.Fatalf("%s cut at %d: frame %d differs", name, n, i)
				}
			}
			if strings.HasPrefix(name, "pcap") {
				whole, clean := wholeRecords(name, frames, n)
				if len(got) != whole || (err == nil) != clean {
					t.Fatalf("%s cut at %d: got %d frames, %v; want %d, clean %v", name, n, len(got), err, whole, clean)
				}
			}
		}
	}
}

// wholeRecords says how many frames the first n bytes hold, and whether they
// end between records.
func wholeRecords(format string, frames []Frame, n int) (whole int, clean bool) {
	at, overhead, pad := pcapHeader, pcapRecord, 0
	if format == "pcapng" {
		at, overhead, pad = ngHeaderBytes, 32, 3
		if n == 28 {
			return 0, true // a section without an interface
		}
	}
	if n < at {
		return 0, n == 0 // not a byte: an empty capture
	}
	for _, f := range frames {
		next := at + overhead + (len(f.Data)+pad)&^pad
		if n < next {
			return whole, n == at
		}
		whole, at = whole+1, next
	}
	return whole, n == at
}

func TestBombStaysSmall(t *testing.T) {
	// A gigabyte of zeros: as records they are endless empty frames of 1970.
	header := classic(t, nil, false, false)
	zeros := io.LimitReader(zeroes{}, 64<<20)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(header)
	io.Copy(w, zeros)
	w.Close()
	s := openBytes(t, b.Bytes())
	var f Frame
	s.Next(&f)
	if n := testing.AllocsPerRun(1000, func() { s.Next(&f) }); n != 0 {
		t.Errorf("got %v allocations a frame, want 0", n)
	}
	rest, err := countFrames(s)
	if err != nil || rest != 64<<20/pcapRecord-1002 {
		t.Errorf("got %d more frames and %v", rest, err)
	}
}

type zeroes struct{}

func (zeroes) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func countFrames(s Source) (n int, err error) {
	var f Frame
	for {
		if err := s.Next(&f); err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

func TestZstdWindowIsBounded(t *testing.T) {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(64<<20))
	if err != nil {
		t.Fatal(err)
	}
	w.Write(classic(t, nil, false, false))
	io.Copy(w, io.LimitReader(zeroes{}, 80<<20))
	w.Close()
	_, err = countFrames(openBytes(t, b.Bytes()))
	if !errors.Is(err, zstd.ErrWindowSizeExceeded) || !strings.Contains(err.Error(), "--long") {
		t.Errorf("got %v, want the window refused and a hint", err)
	}
}

func TestFaultsPrintAsOneLine(t *testing.T) {
	e := &FileError{Name: "a.pcap", Offset: 24, Reason: "cut in the middle of a record", Hint: hintCut}
	want := "read capture a.pcap at byte 24: cut in the middle of a record: " + hintCut
	if diff := cmp.Diff(want, e.Error()); diff != "" {
		t.Error(diff)
	}
}
