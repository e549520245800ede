package packets

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/klauspost/compress/zstd"

	"tollwatch/decoder/sip"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/truth"
)

// made is a generated capture and its truth.
type made struct {
	pcap   []byte
	truth  facts
	raw    []byte
	totals truth.Totals
}

type facts struct {
	Calls   []truth.Call
	Attacks []truth.Attack
	Totals  truth.Totals
}

func generate(t *testing.T, name string, seed uint64, set ...string) made {
	t.Helper()
	p, err := scenario.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(set); i += 2 {
		if err := p.Set(set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	var pcap, document bytes.Buffer
	totals, err := Generate(t.Context(), p, seed, &pcap, &document)
	if err != nil {
		t.Fatal(err)
	}
	m := made{pcap: pcap.Bytes(), raw: document.Bytes(), totals: totals}
	if err := json.Unmarshal(m.raw, &m.truth); err != nil {
		t.Fatalf("the truth is no JSON: %v", err)
	}
	return m
}

// each gives the frames of a capture.
func (m made) each(t *testing.T, f func(at time.Time, p gopacket.Packet)) {
	t.Helper()
	r, err := pcapgo.NewReader(bytes.NewReader(m.pcap))
	if err != nil {
		t.Fatal(err)
	}
	for {
		b, info, err := r.ReadPacketData()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		f(info.Timestamp, gopacket.NewPacket(b, layers.LayerTypeEthernet, gopacket.NoCopy))
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	a, b, other := generate(t, "court-a", 7), generate(t, "court-a", 7), generate(t, "court-a", 8)
	if !bytes.Equal(a.pcap, b.pcap) || !bytes.Equal(a.raw, b.raw) {
		t.Error("court-a with seed 7 differs from itself")
	}
	if bytes.Equal(a.pcap, other.pcap) {
		t.Error("court-a with seeds 7 and 8 are the same")
	}
}

// TestTheExampleIsWhatItSays holds the committed example against the code.
func TestTheExampleIsWhatItSays(t *testing.T) {
	const most = 2 << 20
	dir := filepath.Join("..", "..", "..", "docs", "example")
	packed, err := os.ReadFile(filepath.Join(dir, "office-court-a.pcap.zst"))
	if err != nil {
		t.Fatal(err)
	}
	if len(packed) > most {
		t.Errorf("the example has %d bytes, want at most %d", len(packed), most)
	}
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	pcap, err := z.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile(filepath.Join(dir, "office-court-a.truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	now := generate(t, "example", 1)
	if !bytes.Equal(now.pcap, pcap) || !bytes.Equal(now.raw, document) {
		t.Error("the example differs from what its scenario and seed make now: make generate")
	}
}

// TestFramesAreSound: every frame decodes without an error, time never runs
// back, and every SIP message is one without an anomaly.
func TestFramesAreSound(t *testing.T) {
	for _, set := range [][]string{nil, {"ip", "6"}, {"transport", "tcp"}, {"makes", "drawn"}, {"view", "trunk-only"}, {"trunk_format", "national"}, {"attack.from", "internet"}} {
		m := generate(t, "court-a", 3, append([]string{"length", "1m", "attack.length", "1m", "media", "none"}, set...)...)
		var last time.Time
		messages, frames := 0, uint64(0)
		m.each(t, func(at time.Time, p gopacket.Packet) {
			frames++
			if at.Before(last) {
				t.Fatalf("%v: frame %d at %v comes after %v", set, frames, at, last)
			}
			last = at
			if e := p.ErrorLayer(); e != nil && p.TransportLayer() == nil {
				t.Fatalf("%v: frame %d: %v", set, frames, e.Error())
			}
			payload := p.TransportLayer().LayerPayload()
			var msg sip.Message
			if !sip.LooksLike(payload) || !sip.Parse(payload, &msg) {
				return
			}
			messages++
			if _, tcp := p.TransportLayer().(*layers.TCP); msg.Anomalies != 0 && !tcp {
				t.Fatalf("%v: frame %d has anomalies %v:\n%s", set, frames, msg.Anomalies, payload)
			}
		})
		if frames != m.totals.Frames || messages == 0 {
			t.Errorf("%v: got %d frames and %d messages, the truth says %d frames", set, frames, messages, m.totals.Frames)
		}
	}
}

// TestTruthEqualsPackets reads the capture again and counts.
func TestTruthEqualsPackets(t *testing.T) {
	m := generate(t, "court-a", 5, "length", "2m", "attack.length", "2m", "loss", "0.02", "duplicate", "0.01", "reorder", "0.01")
	invites, rtp := map[string]int{}, map[uint32]int{}
	m.each(t, func(_ time.Time, p gopacket.Packet) {
		udp, ok := p.TransportLayer().(*layers.UDP)
		if !ok {
			t.Fatal("a frame without UDP")
		}
		var msg sip.Message
		switch b := udp.Payload; {
		case sip.LooksLike(b) && sip.Parse(b, &msg):
			if msg.Request && msg.Method == sip.Invite {
				invites[string(msg.Text(msg.CallID))]++
			}
		case len(b) == 172 && b[0]>>6 == 2:
			rtp[binary.BigEndian.Uint32(b[8:])]++
		}
	})
	legs, streams, lost := 0, 0, 0
	for _, c := range m.truth.Calls {
		for _, l := range c.Legs {
			legs++
			if invites[l.CallID] != l.Invites {
				t.Errorf("leg %s: got %d INVITEs, the truth says %d", l.CallID, invites[l.CallID], l.Invites)
			}
		}
		for _, s := range c.Streams {
			streams++
			lost += s.Lost
			var ssrc uint32
			for _, d := range s.SSRC[2:] {
				ssrc = ssrc<<4 | uint32(bytes.IndexByte([]byte("0123456789abcdef"), byte(d)))
			}
			if got, want := rtp[ssrc], s.Packets-s.Lost+s.Duplicates; got != want {
				t.Errorf("stream %s: got %d packets, the truth says %d", s.SSRC, got, want)
			}
		}
	}
	if len(invites) != legs || streams == 0 || lost == 0 {
		t.Errorf("got %d Call-IDs, the truth has %d legs, %d streams, %d lost", len(invites), legs, streams, lost)
	}
}

// TestTheCourtsCase: 25 calls a minute of 4 to 12 seconds are 3.3 at a time.
func TestTheCourtsCase(t *testing.T) {
	m := generate(t, "court-a", 11, "media", "none")
	a := m.truth.Attacks[0]
	if a.Calls < 200 || a.Calls > 300 {
		t.Errorf("court-a: got %d calls in ten minutes, want about 250", a.Calls)
	}
	if erlang := a.Seconds / 600; erlang < 2.8 || erlang > 3.9 {
		t.Errorf("court-a: got %.2f calls at a time, want about 3.3", erlang)
	}
	b := generate(t, "court-b", 11, "media", "none").truth.Attacks[0]
	if b.Calls < 25 || b.Calls > 42 {
		t.Errorf("court-b: got %d calls in ten minutes, want about 33", b.Calls)
	}
}

// TestAnOfficesDays: the mean of several days lies where the parameters say.
func TestAnOfficesDays(t *testing.T) {
	const days = 12
	outbound, answered, total := 0, 0, 0
	for seed := range uint64(days) {
		for _, c := range generate(t, "office-day", seed+100, "media", "none").truth.Calls {
			total++
			if c.Direction == "outbound" {
				outbound++
			}
			if c.State == "answered" {
				answered++
			}
		}
	}
	if mean := float64(outbound) / days; mean < 45 || mean > 75 {
		t.Errorf("got %.1f calls out a day, want about 60", mean)
	}
	if share := float64(answered) / float64(total); share < .6 || share > .85 {
		t.Errorf("got %.2f of calls answered, want about 0.7 and the mailbox's", share)
	}
}

// TestMemoryFollowsCallsAtOnce: a long scenario holds no more than a short one.
func TestMemoryFollowsCallsAtOnce(t *testing.T) {
	p, err := scenario.Load("office-day")
	if err != nil {
		t.Fatal(err)
	}
	p.Length, p.Wire.Media = 14*24*time.Hour, "none"
	g, err := newGenerator(p, 1, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	g.queue.run(func() bool { return g.tap.err != nil })
	if g.totals.Calls < 500 || g.queue.most > 200 {
		t.Errorf("two weeks with %d calls held %d pending events, want hundreds of calls and at most 200", g.totals.Calls, g.queue.most)
	}
}

func BenchmarkGenerate(b *testing.B) {
	p, err := scenario.Load("court-a")
	if err != nil {
		b.Fatal(err)
	}
	p.Length, p.Attacks[0].Length = time.Minute, time.Minute
	frames := uint64(0)
	for b.Loop() {
		totals, err := Generate(b.Context(), p, 1, io.Discard, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		frames += totals.Frames
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(frames), "ns/frame")
}
