package tap

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
)

// office is a day of a site with phones, a PBX and an operator, seen whole.
const office = "../../../docs/example/office-court-a.pcap.zst"

var (
	pbx    = netip.MustParseAddr("192.168.10.5")
	pbxMAC = Hardware{0, 0, 0x5e, 0, 0x53, 5}
)

// watch shows a mirror port eth1 the frames of the office, each as show changes
// it: none, one or more.
func watch(t *testing.T, host Host, view string, show func(f capture.Frame) []capture.Frame) commission.Sheet {
	t.Helper()
	o := New(host, view, []Port{{Index: 0, Name: "eth1", Mirror: true}})
	eachFrame(t, func(f capture.Frame) {
		for _, shown := range show(f) {
			o.Observe(&shown)
		}
	})
	o.advance(o.last.Add(time.Minute))
	return o.Sheet(0)
}

func eachFrame(t *testing.T, do func(f capture.Frame)) { t.Helper(); eachFrameOf(t, office, do) }

func eachFrameOf(t *testing.T, file string, do func(f capture.Frame)) {
	t.Helper()
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	for {
		var f capture.Frame
		err := source.Next(&f)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		do(f)
	}
}

func whole(f capture.Frame) []capture.Frame { return []capture.Frame{f} }

// expect compares lines with how they begin.
func expect(t *testing.T, s commission.Sheet, want ...string) {
	t.Helper()
	lines := map[string]string{}
	for _, c := range s {
		lines[c.Name] = c.Result.String() + " " + c.Name + ": " + c.Found
	}
	for _, w := range want {
		name := strings.TrimSuffix(strings.Fields(w)[1], ":")
		if !strings.HasPrefix(lines[name], w) {
			t.Errorf("got %q, want %q…", lines[name], w)
		}
	}
}

func TestFullMirror(t *testing.T) {
	expect(t, watch(t, Host{}, "auto", whole),
		"pass frames: 45421 frames",
		"pass strangers: 45421 of 45421 frames",
		"pass directions: of ",
		"pass sip: ",
		"pass calls: 254 legs of calls, 196 answered",
		"pass rtp: 104 streams; of ",
		"pass duplicates: 0 % of",
		"pass vlan: no tags",
		"pass tls: no encrypted",
		"pass lost: 0 frames",
		"pass view: seems to be ",
	)
}

// TestOneDirection: the switch mirrors what the PBX sends, or what is sent to
// it, and not the other way. The installer is told by every line that can know.
func TestOneDirection(t *testing.T) {
	for name, mirrored := range map[string]func(src, dst netip.Addr) bool{
		"from the PBX": func(src, _ netip.Addr) bool { return src == pbx },
		"to the PBX":   func(_, dst netip.Addr) bool { return dst == pbx },
	} {
		s := watch(t, Host{}, "auto", func(f capture.Frame) []capture.Frame {
			src, dst := addresses(&f)
			if !mirrored(src, dst) {
				return nil
			}
			return whole(f)
		})
		expect(t, s, "pass strangers: ", "fail directions: one direction only, of all ", "fail sip: 0 requests answered, ", "fail rtp: ")
		for _, c := range s {
			if c.Name == "sip" && (!strings.Contains(c.Found, "one direction only: ") || !strings.Contains(c.Advice, "rx and tx")) {
				t.Errorf("%s: got %+v, want that it is one direction, and what to do", name, c)
			}
		}
	}
}

// TestTwoCards: a passive tap gives each direction on a card of its own.
func TestTwoCards(t *testing.T) {
	o := New(Host{}, "auto", []Port{{Index: 1, Name: "eth1", Mirror: true}, {Index: 2, Name: "eth2", Mirror: true}})
	eachFrame(t, func(f capture.Frame) {
		f.Interface = 1
		if src, _ := addresses(&f); src == pbx {
			f.Interface = 2
		}
		o.Observe(&f)
	})
	s := o.Sheet(0)
	if s[0].Subject != "eth1" || s[2].Subject != "eth2" || s.Count(commission.Fail) != 0 {
		t.Errorf("got %+v, want lines of both ports, and none that fails", s)
	}
}

// TestHidden: signalling that is encrypted is told as such, and its share.
func TestHidden(t *testing.T) {
	p, err := scenario.Load("court-a")
	if err != nil {
		t.Fatal(err)
	}
	p.Wire.Transport, p.Wire.Media = "tls", "attack"
	p.Length, p.Attacks[0].Length = 2*time.Minute, 2*time.Minute
	file := filepath.Join(t.TempDir(), "tls.pcap")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := packets.Generate(t.Context(), p, 1, out, io.Discard); err != nil {
		t.Fatal(err)
	}
	o := New(Host{}, "auto", []Port{{Name: "eth1", Mirror: true}})
	eachFrameOf(t, file, func(f capture.Frame) { o.Observe(&f) })
	expect(t, o.Sheet(0), "pass directions: ", "fail sip: 0 requests answered, 0 unanswered; 0 answers whose request was not heard; what there is, is encrypted",
		"warn tls: 100 % of", "pass rtp: ")
}

// TestNoMirror: what a port of a switch gets that mirrors nothing to it: this
// machine's own frames, and calls to everybody.
func TestNoMirror(t *testing.T) {
	var own Host
	s := watch(t, own, "auto", func(f capture.Frame) []capture.Frame {
		f.Data = bytes.Clone(f.Data)
		copy(f.Data, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
		return whole(f)
	})
	expect(t, s, "pass frames: 45421", "fail strangers: none of 45421 frames", "fail directions: of 0 pairs", "fail sip: 0 requests")
	own = Host{map[Hardware]bool{pbxMAC: true}, map[netip.Addr]bool{pbx: true}}
	s = watch(t, own, "auto", whole) // the sensor stands on the PBX
	expect(t, s, "fail strangers: none of 45421 frames", "pass directions: of ", "pass sip: ", "pass rtp: 104 streams")
}

// TestDoubled: a mirror of both directions of every port shows each frame twice.
func TestDoubled(t *testing.T) {
	s := watch(t, Host{}, "auto", func(f capture.Frame) []capture.Frame { return []capture.Frame{f, f} })
	expect(t, s, "warn duplicates: 50 %", "pass sip: ", "pass calls: 254 legs of calls, 196 answered", "pass rtp: 104 streams")
}

// TestTagged: a mirror of a trunk between switches has tags.
func TestTagged(t *testing.T) {
	s := watch(t, Host{}, "auto", func(f capture.Frame) []capture.Frame {
		f.VLAN = 3<<13 | 7 // a priority, as voice has, and VLAN 7
		b := append(bytes.Clone(f.Data[:12]), 0x81, 0)
		f.Data = append(binary.BigEndian.AppendUint16(b, f.VLAN), f.Data[12:]...)
		f.WireLength += 4
		return whole(f)
	})
	expect(t, s, "pass vlan: tagged: 7", "pass strangers: 45421", "pass rtp: 104 streams")
}

// TestSignallingAlone: audio passes elsewhere, straight between the phones.
func TestSignallingAlone(t *testing.T) {
	s := watch(t, Host{}, "trunk", func(f capture.Frame) []capture.Frame {
		if !bytes.Contains(f.Data, []byte("SIP/2.0")) {
			return nil
		}
		return whole(f)
	})
	expect(t, s, "pass sip: ", "fail rtp: none, though 196 legs were answered")
}

func TestNothing(t *testing.T) {
	s := watch(t, Host{}, "lan", func(capture.Frame) []capture.Frame { return nil })
	expect(t, s, "fail frames: 0 frames", "fail strangers: none", "fail directions: of 0", "fail sip: 0 requests", "warn calls: 0", "fail rtp: 0 streams", "pass view: nothing")
}

func TestLoss(t *testing.T) {
	o := New(Host{}, "auto", []Port{{Name: "eth1"}})
	expect(t, o.Sheet(3), "fail lost: 3 frames by this program")
	o.ports[0].card = 2
	expect(t, o.Sheet(0), "fail lost: 0 frames by this program, 2 by the card")
	o.ports[0].removed = true
	expect(t, o.Sheet(0), "fail frames: 0 frames, 0 bytes; the interface was removed")
}

func TestClock(t *testing.T) {
	now := time.Date(firstYear, 5, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		now   time.Time
		moved time.Duration
		synch bool
		err   error
		want  string
	}{
		{now, 0, true, nil, "pass clock: 2026-05-01T00:00:00Z, synchronised"},
		{now, 0, false, nil, "warn clock: 2026-05-01T00:00:00Z, not synchronised"},
		{now, 0, false, errors.New("no"), "warn clock: 2026-05-01T00:00:00Z; whether it"},
		{now, -time.Second, true, nil, "fail clock: 2026-05-01T00:00:00Z; it was moved by -1s"},
		{time.Unix(0, 0), 0, true, nil, "fail clock: 1970-01-01T00:00:00Z: this cannot be"},
	} {
		expect(t, commission.Sheet{judgeClock(c.now, c.moved, c.synch, c.err)}, c.want)
	}
}

// TestTablesAreBounded: everybody talks to everybody, from forged addresses.
func TestTablesAreBounded(t *testing.T) {
	p := newPairs()
	for n := range uint32(2 * maxPairs) {
		p.observe(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), netip.MustParseAddr("192.0.2.1"))
	}
	if len(p.seen) != maxPairs {
		t.Errorf("got %d pairs, want %d", len(p.seen), maxPairs)
	}
	one := port{}
	for tag := range uint16(4096) {
		one.observe(&capture.Frame{VLAN: tag}, false)
	}
	if len(one.tags) != maxTags {
		t.Errorf("got %d tags, want %d", len(one.tags), maxTags)
	}
}

// addresses are those of IPv4 in an untagged frame, as all of the office are.
func addresses(f *capture.Frame) (src, dst netip.Addr) {
	return netip.AddrFrom4([4]byte(f.Data[26:30])), netip.AddrFrom4([4]byte(f.Data[30:34]))
}
