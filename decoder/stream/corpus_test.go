package stream

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"

	"tollwatch/decoder/frame"
	"tollwatch/decoder/sip"
)

func corpus(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
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
		t.Fatal("no shared/corpus beside the repository: in CI it must be there")
	}
	t.Skip("no shared/corpus beside the repository: real captures are not tested")
	return ""
}

// census counts messages as the truth does.
type census struct {
	Messages  int
	Requests  map[string]int
	Responses map[string]int
}

func (c *census) add(t *testing.T, b []byte) {
	t.Helper()
	b = bytes.TrimLeft(b, "\r\n")
	first, second, _ := strings.Cut(string(b[:min(len(b), 40)]), " ")
	c.Messages++
	if strings.HasPrefix(first, "SIP/") {
		c.Responses[second[:3]]++
	} else {
		c.Requests[first]++
	}
}

// TestCorpus counts the messages of every capture that has SIP over TCP, those
// over UDP beside them, since the truth does not tell them apart.
func TestCorpus(t *testing.T) {
	dir := corpus(t)
	index, err := os.ReadFile(filepath.Join(dir, "captures.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	tested := 0
	for line := range strings.Lines(string(index)) {
		if !strings.Contains(line, "sip-tcp") {
			continue
		}
		tested++
		columns := strings.Split(line, "\t")
		t.Run(columns[0], func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, "truth", columns[0]+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var truth struct{ SIP census }
			if err := json.Unmarshal(raw, &truth); err != nil {
				t.Fatal(err)
			}
			got := count(t, filepath.Join(dir, columns[1]))
			if diff := cmp.Diff(truth.SIP, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
	if tested == 0 {
		t.Error("no capture with SIP over TCP in the index")
	}
}

func count(t *testing.T, path string) census {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := pcapgo.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	out := census{Requests: map[string]int{}, Responses: map[string]int{}}
	d, a := frame.New(), New(DefaultConfig())
	var p frame.Packet
	for {
		data, info, err := r.ReadPacketData()
		if err != nil {
			break
		}
		out.frame(t, d, a, &p, frame.LinkType(r.LinkType()), data, info)
	}
	for _, m := range a.Flush() {
		out.add(t, m.Data)
	}
	t.Logf("%d messages; %+v", out.Messages, a.Counters())
	return out
}

func (c *census) frame(t *testing.T, d *frame.Decoder, a *Assembler, p *frame.Packet, link frame.LinkType, data []byte, info gopacket.CaptureInfo) {
	t.Helper()
	if d.Decode(link, data, info.Length, info.Timestamp, p) != frame.Transport {
		return
	}
	switch {
	case p.Protocol == frame.TCP:
		messages, _ := a.Observe(p, info.Timestamp)
		for _, m := range messages {
			c.add(t, m.Data)
		}
		a.Advance(info.Timestamp.Add(-time.Second))
	case p.Protocol == frame.UDP && sip.LooksLike(p.Payload):
		c.add(t, p.Payload)
	}
}
