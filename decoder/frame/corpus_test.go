package frame

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"
)

// corpus returns the folder of real captures, which stands beside the
// repository where developers have it.
func corpus(t testing.TB) string {
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

type captured struct {
	data []byte
	info gopacket.CaptureInfo
	link LinkType
}

// frames reads a capture with gopacket's reader, as far as it goes.
func frames(t *testing.T, path string) []captured {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var read func() ([]byte, gopacket.CaptureInfo, error)
	var link func() LinkType
	if r, err := pcapgo.NewReader(bytes.NewReader(raw)); err == nil {
		read, link = r.ReadPacketData, func() LinkType { return LinkType(r.LinkType()) }
		// gopacket keeps link types in a byte; SLL2 does not fit.
		if bytes.Equal(raw[20:24], []byte{20, 1, 0, 0}) {
			link = func() LinkType { return LinkSLL2 }
		}
	} else if r, err := pcapgo.NewNgReader(bytes.NewReader(raw), pcapgo.DefaultNgReaderOptions); err == nil {
		read, link = r.ReadPacketData, func() LinkType { return LinkType(r.LinkType()) }
	} else {
		t.Fatalf("%s: neither pcap nor pcapng", path)
	}
	var out []captured
	for {
		data, info, err := read()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Logf("%s: after %d frames: %v", filepath.Base(path), len(out), err)
			}
			return out
		}
		out = append(out, captured{data, info, link()})
	}
}

// transports counts the frames by the innermost transport protocol in their
// chain of layers. What an ICMP error quotes is none, and a tunnel's own UDP
// header is none when the frame inside has no other.
func transports(protocols map[string]int) (counts map[Protocol]int, total int) {
	names := map[string]Protocol{"udp": UDP, "tcp": TCP, "sctp": SCTP}
	counts = map[Protocol]int{}
	for chain, n := range protocols {
		total += n
		var last Protocol
	layers:
		for layer := range strings.SplitSeq(chain, ":") {
			switch layer {
			case "icmp", "icmpv6":
				last = 0
				break layers
			case "vxlan", "geneve":
				last = 0
			}
			if p := names[layer]; p != 0 {
				last = p
			}
		}
		if last != 0 {
			counts[last] += n
		}
	}
	return counts, total
}

// TestCorpus holds the counts of transport packets against tshark's. Four
// classes of difference are known. A frame that was captured twice, before and
// behind a router or a tag, counts once here. What a capture agent reports of
// logs and statistics is no packet. Where an IP or TCP length lies, tshark
// reads on, while the host that the packet is for drops it, and so does the
// decoder: such frames must be counted as malformed or dropped. And a truth
// whose list of chains ends before the frames do gives only a lower bound.
func TestCorpus(t *testing.T) {
	dir := corpus(t)
	paths, err := filepath.Glob(filepath.Join(dir, "captures", "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("captures in %s: %d, %v", dir, len(paths), err)
	}
	for _, path := range paths {
		slug := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".pcapng"), ".pcap")
		t.Run(slug, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, "truth", slug+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var truth struct {
				Packets   int
				Protocols map[string]int
			}
			if err := json.Unmarshal(raw, &truth); err != nil {
				t.Fatal(err)
			}
			got, outcomes := decodeAll(t, frames(t, path))
			total, refused := 0, 0
			for o, n := range outcomes {
				total += n
				if o.Class() == Malformed || o.Class() == Dropped || o == IgnoredDuplicate || o == IgnoredHEP {
					refused += n
				}
			}
			if total != truth.Packets {
				t.Errorf("got %d outcomes, want one for each of %d frames", total, truth.Packets)
			}
			want, listed := transports(truth.Protocols)
			missing := 0
			for _, p := range []Protocol{UDP, TCP, SCTP} {
				missing += max(0, want[p]-got[p])
				if got[p] > want[p] && listed == truth.Packets {
					t.Errorf("protocol %d: got %d packets, want %d", p, got[p], want[p])
				}
			}
			if missing > refused {
				t.Errorf("got packets %v, want %v, of which %d may be missing; outcomes %v", got, want, refused, outcomes)
			}
		})
	}
}

func decodeAll(t *testing.T, frames []captured) (map[Protocol]int, map[Outcome]int) {
	t.Helper()
	d, packets, outcomes := New(), map[Protocol]int{}, map[Outcome]int{}
	var p Packet
	for i, c := range frames {
		o := d.Decode(c.link, c.data, c.info.Length, c.info.Timestamp, &p)
		if o.Class() == 0 || o.String() == "" {
			t.Fatalf("frame %d: outcome %d has no class or name", i+1, o)
		}
		outcomes[o]++
		if o == Transport {
			packets[p.Protocol]++
			checkPayload(t, d, c.data, &p)
		}
		checkCaps(t, d)
	}
	return packets, outcomes
}
