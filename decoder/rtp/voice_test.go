package rtp

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// voiceMetrics is a block of VoIP metrics, octet by octet as RFC 3611 §4.7 draws
// it.
func voiceMetrics() []byte {
	return []byte{
		7, 0, 0, 8, // type, reserved, length
		0, 0, 0, 1, // SSRC of source
		26, 13, 128, 5, // loss rate, discard rate, burst density, gap density
		0, 120, 0x10, 0, // burst duration, gap duration
		0, 150, 0, 60, // round trip delay, end system delay
		0xec, 0xc0, 127, 16, // signal level, noise level, RERL, Gmin
		82, 127, 41, 40, // R factor, external R factor, MOS-LQ, MOS-CQ
		0xe0, 0, 0, 40, // RX config, reserved, JB nominal
		0, 80, 0, 200, // JB maximum, JB absolute maximum
	}
}

// extended is an extended report of a sender 9 with these blocks.
func extended(blocks ...[]byte) []byte {
	b := []byte{0x80, ExtendedReport, 0, 0, 0, 0, 0, 9}
	for _, x := range blocks {
		b = append(b, x...)
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1))
	return b
}

// description is an SDES of one chunk: a note, then the canonical name "bob@host".
func description() []byte {
	b := []byte{0x81, Description, 0, 5, 0, 0, 0, 9, 7, 2, 'h', 'i', 1, 8}
	return append(append(b, "bob@host"...), 0, 0)
}

func TestExtendedReport(t *testing.T) {
	times := []byte{4, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8} // receiver reference time
	lossRuns := []byte{1, 0, 0, 3, 0, 0, 0, 1, 0, 1, 0, 9, 0x80, 1, 0, 0}
	want := Voice{SSRC: 1, Loss: 26, Discard: 13, BurstDensity: 128, GapDensity: 5, BurstLength: 120, GapLength: 4096,
		RoundTrip: 150, EndSystemDelay: 60, R: 82, MOSLQ: 41, MOSCQ: 40}
	short := append([]byte{7, 0, 0, 2}, make([]byte, 8)...)
	for _, c := range []struct {
		name string
		in   []byte
		want int
	}{
		{"alone", extended(voiceMetrics()), 1},
		{"behind other blocks", extended(times, lossRuns, voiceMetrics(), times), 1},
		{"two", extended(voiceMetrics(), times, voiceMetrics()), 2},
		{"no block", extended(), 0},
		{"other blocks only", extended(times, lossRuns), 0},
		{"a block of an impossible length is stepped over", extended(short, voiceMetrics()), 1},
		{"a block beyond the end", extended(append([]byte{1, 0, 0xff, 0xff}, make([]byte, 8)...), voiceMetrics()), 0},
		{"cut", extended(times, voiceMetrics())[:50], 0},
		{"behind reports and a description", append(compound()[:52], append(description(), extended(voiceMetrics())...)...), 1},
	} {
		var got Compound
		if !DecodeControl(c.in, &got) || got.NVoice != c.want {
			t.Errorf("%s: got %d blocks, want %d: % x", c.name, got.NVoice, c.want, c.in)
			continue
		}
		for _, v := range got.Voice[:got.NVoice] {
			if d := cmp.Diff(want, v); d != "" {
				t.Errorf("%s: %s", c.name, d)
			}
		}
	}
}

func TestDescription(t *testing.T) {
	whole := append(compound()[:52], description()...)
	for n := 52; n <= len(whole); n++ {
		want := 0
		if n >= 52+22 {
			want = 8
		}
		var got Compound
		if !DecodeControl(whole[:n], &got) || got.CNAME != want || got.N != 1 {
			t.Errorf("%d bytes: got a name of %d, %d reports, want %d and 1", n, got.CNAME, got.N, want)
		}
	}
}

// TestApplication: what other packets hold is stepped over by their length.
func TestApplication(t *testing.T) {
	app := append([]byte{0x80, Application, 0, 3, 0, 0, 0, 9}, "qtsi\xff\xff\xff\xff"...)
	feedback := []byte{0x81, 205, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1} // RFC 4585
	var got Compound
	if !DecodeControl(append(append(app, feedback...), compound()...), &got) || got.N != 3 || got.NGone != 2 || got.Packets != 5 || got.Sender != 9 || got.Cut {
		t.Errorf("got %+v, want the compound behind it", got)
	}
}

// TestEncrypted: of SRTCP nothing but the first header is read, whatever its
// hidden bytes seem to say.
func TestEncrypted(t *testing.T) {
	seal := func(clear []byte, trailer ...byte) []byte {
		b := append([]byte(nil), clear...)
		for i := 8; i < len(b); i++ {
			b[i] ^= 0x5a
		}
		return append(b, trailer...)
	}
	aes := append([]byte{0x80, 0, 0, 7}, make([]byte, 10)...)
	aead := append(make([]byte, 16), 0x80, 0, 0, 7)
	clear := append([]byte{0, 0, 0, 7}, make([]byte, 10)...) // E bit not set: authenticated, not encrypted
	for _, c := range []struct {
		name    string
		in      []byte
		want    bool
		reports int
	}{
		{"a report alone", seal(compound()[52:108], aes...), true, 0},
		{"a compound", seal(compound(), aes...), true, 0},
		{"AEAD", seal(compound(), aead...), true, 0},
		{"in clear, with a tag", append(compound(), clear...), false, 3},
		{"in clear", compound(), false, 3},
		{"in clear, cut", compound()[:100], false, 2},
	} {
		var got Compound
		if !DecodeControl(c.in, &got) || got.Encrypted != c.want || got.N != c.reports || got.Sender != 9 {
			t.Errorf("%s: got %+v, want encrypted %v, %d reports of 9", c.name, got, c.want, c.reports)
		}
		if !DecodeEncrypted(c.in, &got) || !got.Encrypted || got.N+got.NGone+got.NVoice > 0 || got.Sender != 9 {
			t.Errorf("%s, announced as SRTCP: got %+v", c.name, got)
		}
	}
	var got Compound
	if DecodeEncrypted(compound()[:7], &got) || DecodeEncrypted(packet(0, 1, 2), &got) {
		t.Error("got SRTCP out of half a header or RTP")
	}
}
