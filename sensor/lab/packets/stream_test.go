package packets

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tollwatch/decoder/sip"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/truth"
)

// heard is what a listener counts of one SSRC, from sequence numbers alone.
type heard struct {
	first, highest uint16
	seen           map[uint16]bool
	late, twice    int
	keys           map[uint32]bool // timestamps of pressed keys that ended
}

func (h *heard) observe(b []byte) {
	seq := binary.BigEndian.Uint16(b[2:])
	switch {
	case h.seen == nil:
		h.first, h.highest, h.seen, h.keys = seq, seq, map[uint16]bool{}, map[uint32]bool{}
	case h.seen[seq]:
		h.twice++
	case int16(seq-h.highest) < 0:
		h.late++
	default:
		h.highest = seq
	}
	h.seen[seq] = true
	if b[1]&0x7f == 101 && b[13]&0x80 != 0 {
		h.keys[binary.BigEndian.Uint32(b[4:])] = true
	}
}

// TestStreamsAreAsCounted: a listener that knows sequence numbers only counts
// the losses, copies, delays and keys that the truth tells.
func TestStreamsAreAsCounted(t *testing.T) {
	m := generate(t, "office-day", 9, "start", "2026-03-03T10:00:00+01:00", "length", "20m", "honest.digits", "1",
		"loss", "0.03", "duplicate", "0.02", "reorder", "0.02")
	streams := map[uint32]*heard{}
	m.each(t, func(_ time.Time, p gopacket.Packet) {
		udp, ok := p.TransportLayer().(*layers.UDP)
		if !ok || len(udp.Payload) < 16 || udp.Payload[0] != 0x80 {
			return
		}
		ssrc := binary.BigEndian.Uint32(udp.Payload[8:])
		if streams[ssrc] == nil {
			streams[ssrc] = &heard{}
		}
		streams[ssrc].observe(udp.Payload)
	})
	sum := truth.Stream{}
	for _, c := range m.truth.Calls {
		for _, s := range c.Streams {
			h := streams[ssrc(t, s)]
			if h == nil {
				t.Fatalf("stream %s is not in the capture", s.SSRC)
			}
			got := truth.Stream{CallID: s.CallID, Src: s.Src, Dst: s.Dst, SSRC: s.SSRC, Packets: int(h.highest-h.first) + 1,
				Lost: int(h.highest-h.first) + 1 - len(h.seen), Duplicates: h.twice, Reordered: h.late, DTMFEvents: len(h.keys)}
			// A lost packet may be the only one that told the end of a key.
			if got.DTMFEvents < s.DTMFEvents && s.Lost > 0 {
				got.DTMFEvents = s.DTMFEvents
			}
			if got != s {
				t.Errorf("heard %+v, the truth says %+v", got, s)
			}
			sum.Lost, sum.Duplicates, sum.Reordered, sum.DTMFEvents = sum.Lost+s.Lost, sum.Duplicates+s.Duplicates, sum.Reordered+s.Reordered, sum.DTMFEvents+s.DTMFEvents
		}
	}
	if sum.Lost == 0 || sum.Duplicates == 0 || sum.Reordered == 0 || sum.DTMFEvents == 0 {
		t.Errorf("got %+v, want some of each", sum)
	}
}

func ssrc(t *testing.T, s truth.Stream) (n uint32) {
	t.Helper()
	if _, err := fmt.Sscanf(s.SSRC, "0x%x", &n); err != nil {
		t.Fatalf("SSRC %q: %v", s.SSRC, err)
	}
	return n
}

// TestTwoStolenExtensions: a stranger dials with the password of the extension
// that each call names.
func TestTwoStolenExtensions(t *testing.T) {
	const file = `base = "court-a"
media = "none"
length = "30s"
[[attack]]
label = "one"
extension = "203"
from = "internet"
[[attack]]
label = "two"
extension = "207"
from = "internet"
`
	p, err := scenario.Parse("two.toml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	var pcap bytes.Buffer
	if _, err := Generate(t.Context(), p, 1, &pcap, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	users := map[string]int{}
	made{pcap: pcap.Bytes()}.each(t, func(_ time.Time, p gopacket.Packet) {
		var msg sip.Message
		if !sip.Parse(p.TransportLayer().LayerPayload(), &msg) || !msg.Request || msg.Authorization.Empty() || msg.Method != sip.Invite {
			return
		}
		user, _ := sip.DigestParam(msg.Text(msg.Authorization), "username")
		users[string(user)]++
		if from := string(msg.Text(msg.From.URI)); !strings.Contains(from, ":"+string(user)+"@") {
			t.Errorf("%s dials with the password of %s", from, user)
		}
	})
	if users["203"] == 0 || users["207"] == 0 {
		t.Errorf("got calls by user %v, want some of 203 and of 207", users)
	}
}

// TestTooManyCallsAtOnce is an error that says what to change.
func TestTooManyCallsAtOnce(t *testing.T) {
	p, _ := scenario.Lookup("court-a")
	p.Wire.Media, p.Attacks[0].CallsPerMinute, p.Attacks[0].TalkLeast, p.Attacks[0].TalkMost = "none", 6000, time.Hour, time.Hour
	_, err := Generate(t.Context(), p, 1, &bytes.Buffer{}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "more than 2000 calls at once") {
		t.Errorf("got %v, want an error that names the limit", err)
	}
}
