package rtp

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// block is a report block on ssrc: 25 % lost lately, 3 fewer lost than none.
func block(ssrc uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, ssrc)
	b = append(b, 64, 0xff, 0xff, 0xfd)
	b = binary.BigEndian.AppendUint32(b, 0x10007)
	b = binary.BigEndian.AppendUint32(b, 80)
	return append(b, 0xa, 0xb, 0xc, 0xd, 0, 1, 0x80, 0) // of the report 0x0a0b0c0d, 1.5 s ago
}

// compound is a sender report with one block, a receiver report with two, and
// a BYE of two: 52, 56 and 12 bytes.
func compound() []byte {
	b := append([]byte{0x81, SenderReport, 0, 12, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8}, make([]byte, 12)...)
	b = append(b, block(1)...)
	b = append(b, 0x82, ReceiverReport, 0, 13, 0, 0, 0, 9)
	b = append(append(b, block(2)...), block(3)...)
	return append(b, 0x82, Goodbye, 0, 2, 0, 0, 0, 4, 0, 0, 0, 5)
}

func TestDecodeControl(t *testing.T) {
	report := func(ssrc uint32) Report {
		return Report{SSRC: ssrc, FractionLost: 64, Lost: -3, Highest: 0x10007, Jitter: 80, LastSR: 0x0a0b0c0d, Delay: 0x18000}
	}
	want := Compound{
		Sender: 9, ShortNTP: 0x03040506, Packets: 3, N: 3, NGone: 2,
		Reports: [MaxSources]Report{report(1), report(2), report(3)}, Gone: [MaxSources]uint32{4, 5},
	}
	var got Compound
	if !DecodeControl(compound(), &got) {
		t.Fatal("got no RTCP, want a compound")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDecodeControlCut(t *testing.T) {
	whole := compound()
	// From which byte on each report and each SSRC of the BYE is there.
	reports, gone := [...]int{52, 84, 108}, [...]int{116, 120}
	for n := range whole {
		var got Compound
		ok := DecodeControl(whole[:n], &got)
		if ok != (n >= 4) {
			t.Errorf("%d bytes: got %v", n, ok)
		}
		wantN, wantGone := 0, 0
		for _, at := range reports {
			wantN += count(n >= at)
		}
		for _, at := range gone {
			wantGone += count(n >= at)
		}
		if wantCut := n != 0 && n != 52 && n != 108; got.N != wantN || got.NGone != wantGone || got.Cut != wantCut {
			t.Errorf("%d bytes: got %d reports, %d gone, cut %v, want %d, %d, %v", n, got.N, got.NGone, got.Cut, wantN, wantGone, wantCut)
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestDecodeControlIsBounded(t *testing.T) {
	bye := append([]byte{0x9f, Goodbye, 0, 31}, make([]byte, 31*4)...)
	var full []byte
	for range 3 {
		full = append(full, bye...)
	}
	full = append(append(append(full, compound()...), compound()...), append(compound(), compound()...)...)
	var got Compound
	for range 12 {
		full = append(full, extended(voiceMetrics())...)
	}
	if !DecodeControl(full, &got) || got.NVoice != MaxSources || got.NGone != MaxSources || got.N != MaxSources || got.Cut {
		t.Errorf("got %d gone, %d reports, cut %v, want %d, %d, false", got.NGone, got.N, got.Cut, MaxSources, MaxSources)
	}
}

func FuzzDecode(f *testing.F) {
	for _, in := range [][]byte{packet(0, 1), packet(0x3f, 1, 2, 3), packet(0x30, 0xbe, 0xde, 0, 1, 0, 0, 0, 0, 3), compound()} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) { checkDecode(t, in) })
}

func checkDecode(t *testing.T, in []byte) {
	t.Helper()
	var h Header
	if KindOf(in) == 0 {
		t.Errorf("a kind of 0: % x", in)
	}
	if Decode(in, &h) && (h.PayloadOffset < fixedHeader || h.PayloadLength < 0 || h.PayloadOffset+h.PayloadLength > len(in)) {
		t.Errorf("payload at %d, %d bytes, of %d: % x", h.PayloadOffset, h.PayloadLength, len(in), in)
	}
}

func FuzzDecodeControl(f *testing.F) {
	f.Add(compound())
	f.Add(compound()[:70])
	f.Add([]byte{0x9f, Goodbye, 0, 31, 0, 0})
	f.Add(append(compound(), append(description(), extended(voiceMetrics())...)...))
	f.Fuzz(func(t *testing.T, in []byte) { checkControl(t, in) })
}

func checkControl(t *testing.T, in []byte) {
	t.Helper()
	var c Compound
	ok := DecodeControl(in, &c)
	if ok != (c.Packets > 0) || c.N < 0 || c.N > MaxSources || c.NGone < 0 || c.NGone > MaxSources || c.NVoice < 0 || c.NVoice > MaxSources {
		t.Errorf("got %v with %d packets, %d reports, %d gone: % x", ok, c.Packets, c.N, c.NGone, in)
	}
	if c.Encrypted && (c.N+c.NGone+c.NVoice+c.CNAME > 0 || c.ShortNTP != 0) {
		t.Errorf("read what is encrypted: %+v: % x", c, in)
	}
	if 4*c.Packets > len(in) || 24*c.N+4*c.NGone+36*c.NVoice+c.CNAME > len(in) {
		t.Errorf("%d packets, %d reports and %d gone out of %d bytes: % x", c.Packets, c.N, c.NGone, len(in), in)
	}
}

// TestCorpus reads the fuzz seeds and crash inputs of other RTP stacks.
func TestCorpus(t *testing.T) {
	n := 0
	err := filepath.WalkDir(filepath.Join(corpus(t), "messages"), func(path string, d os.DirEntry, err error) error {
		name := strings.ToLower(filepath.Base(path))
		if err != nil || d.IsDir() || !strings.Contains(name, "rtp") && !strings.Contains(name, "rtcp") {
			return err
		}
		in, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		checkDecode(t, in)
		checkControl(t, in)
		return nil
	})
	if err != nil || n < 20 {
		t.Errorf("read %d seeds, want 20 or more: %v", n, err)
	}
	t.Logf("%d seeds", n)
}

// corpus is the folder of real captures beside the checkout.
func corpus(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "corpus")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no shared/corpus beside the checkout: in CI the corpus must be there")
	}
	t.Skip("no shared/corpus beside the checkout: the corpus of real captures is not part of the repository")
	return ""
}
