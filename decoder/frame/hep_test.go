package frame

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

// TestReports: what agents report, and what comes of it.
func TestReports(t *testing.T) {
	rtp := join([]byte{0x80, 8}, make([]byte, 170))
	rtcp := join([]byte{0x80, 200, 0, 6}, make([]byte, 24))
	whole := func(kind byte, payload []byte) []byte {
		return hep3(hepOf(17, kind, ip4a, ip4b), chunkOf(15, payload))
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write(text)
	_ = w.Close()
	addresses := join(chunkOf(3, ip4a.AsSlice()), chunkOf(4, ip4b.AsSlice()))
	for _, c := range []struct {
		name    string
		hep     []byte
		want    Outcome
		payload []byte
	}{
		{"SIP", whole(1, text), Transport, text},
		{"RTP", whole(4, rtp), Transport, rtp},
		{"RTCP as it was", whole(5, rtcp), Transport, rtcp},
		{"RTCP in JSON", whole(5, []byte(`{"ssrc":1}`)), IgnoredHEP, nil},
		{"RTP in JSON", whole(4, []byte(`{"ssrc":1}`)), IgnoredHEP, nil},
		{"a log", whole(100, []byte("it rained")), IgnoredHEP, nil},
		{"a MOS report", whole(35, []byte(`{"mos":1}`)), IgnoredHEP, nil},
		{"of no kind", hep3(addresses, chunkOf(15, text)), IgnoredHEP, nil},
		{"a keep-alive", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(13, u16(30))), IgnoredHEP, nil},
		{"nothing at all", hep3(), IgnoredHEP, nil},
		{"gzip", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(16, zipped.Bytes())), Transport, text},
		{"the payload first", hep3(chunkOf(15, text), hepOf(17, 1, ip4a, ip4b)), Transport, text},
		{"chunks of a vendor", hep3(hepOf(17, 1, ip4a, ip4b), join(u16(3), u16(15), u16(9), []byte("123")), chunkOf(15, text)), Transport, text},
		{"chunks to come", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(99, nil), chunkOf(15, text)), Transport, text},
		{"without a protocol", hep3(addresses, chunkOf(11, []byte{1}), chunkOf(15, text)), Transport, text},
		{"without addresses", hep3(chunkOf(11, []byte{1}), chunkOf(15, text)), MalformedTunnel, nil},
		{"from IPv4 to IPv6", hep3(chunkOf(3, ip4a.AsSlice()), chunkOf(6, ip6b.AsSlice()), chunkOf(11, []byte{1}), chunkOf(15, text)), MalformedTunnel, nil},
		{"an address of three bytes", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(3, []byte{1, 2, 3}), chunkOf(15, text)), MalformedTunnel, nil},
		{"a chunk shorter than its header", hep3(hepOf(17, 1, ip4a, ip4b), []byte{0, 0, 0, 15, 0, 5}, text), MalformedTunnel, nil},
		{"a chunk of length 0", hep3(hepOf(17, 1, ip4a, ip4b), make([]byte, 6)), MalformedTunnel, nil},
		{"a chunk beyond the end", hep3(hepOf(17, 1, ip4a, ip4b), []byte{0, 0, 0, 15, 0, 200}, text), MalformedTunnel, nil},
		{"a chunk one beyond the end", hep3(hepOf(17, 1, ip4a, ip4b), []byte{0, 0, 0, 15, 0, byte(6 + len(text) + 1)}, text), MalformedTunnel, nil},
		{"a chunk header cut", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(15, text), []byte{0, 0, 0, 1, 0}), MalformedTunnel, nil},
		{"a flood of chunks", hep3(hepOf(17, 1, ip4a, ip4b), bytes.Repeat(chunkOf(99, nil), 10000), chunkOf(15, text)), Transport, text},
		{"HEP in HEP", whole(1, whole(1, text)), Transport, whole(1, text)},
		{"a tunnel in HEP", whole(1, tunnels[14].wrap(inners[0].ip)), Transport, tunnels[14].wrap(inners[0].ip)},
		{"not deflated", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(16, text)), MalformedTunnel, nil},
		{"deflated nothing", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(16, nil)), MalformedTunnel, nil},
		{"deflated, and cut by the agent", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(16, deflated(text)[:20])), MalformedTunnel, nil},
		{"deflated, with another checksum", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(16, turned(deflated(text), len(deflated(text))-1))), MalformedTunnel, nil},
	} {
		d := New()
		ip := reportedTo(9060, c.hep)
		for link, data := range map[LinkType][]byte{LinkRaw: ip, LinkHEP: c.hep} {
			var p Packet
			got := d.Decode(link, data, len(data), now, &p)
			if got != c.want || got == Transport && (!p.HEP || !bytes.Equal(p.Payload, c.payload) || p.Src.Addr() != ip4a) {
				t.Errorf("%s, link type %d: got %s, HEP %t from %s: %.60q; want %s, %.60q", c.name, link, got, p.HEP, p.Src, p.Payload, c.want, c.payload)
			}
		}
	}
}

// TestPortsDoNotMakeReports: what is no HEP stays the UDP packet that it is, on
// Homer's ports and any other, and is nothing where it should be HEP.
func TestPortsDoNotMakeReports(t *testing.T) {
	v3 := hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(15, text))
	v2 := hep12(2, 16, 17, ip4a, ip4b, text)
	longer := bytes.Clone(v3)
	longer[5]++
	for _, c := range []struct {
		name    string
		port    int
		payload []byte
		want    bool
	}{
		{"HEP 3 anywhere", 5060, v3, true},
		{"HEP 3 and what follows", 5060, append(bytes.Clone(v3), 0), true},
		{"HEP 3 longer than it is", 9060, longer, false},
		{"HEP 3 shorter than its header", 9060, []byte("HEP3\x00\x05"), false},
		{"the magic alone", 9060, []byte("HEP3"), false},
		{"HEP 2 to Homer", 9060, v2, true},
		{"HEP 2 to another port", 5060, v2, false},
		{"HEP 2 of another length", 9060, hep12(2, 17, 17, ip4a, ip4b, text), false},
		{"HEP 1 with a time", 9060, hep12(1, 28, 17, ip4a, ip4b, text), false},
		{"HEP 2 of ICMP", 9060, hep12(2, 16, 1, ip4a, ip4b, text), false},
		{"HEP 2 of another family", 9060, turned(v2, 2), false},
		{"HEP 0", 9060, hep12(0, 16, 17, ip4a, ip4b, text), false},
		{"HEP 2 without its time", 9060, v2[:20], false},
		{"SIP", 9060, text, false},
		{"RTP", 9060, make([]byte, 172), false},
	} {
		var p Packet
		ip := reportedTo(c.port, c.payload)
		got := New().Decode(LinkRaw, ip, len(ip), now, &p)
		if got != Transport || p.HEP != c.want || !c.want && !bytes.Equal(p.Payload, c.payload) {
			t.Errorf("%s: got %s, HEP %t, payload %q; want HEP %t", c.name, got, p.HEP, p.Payload, c.want)
		}
		if c.port != 9060 || c.want {
			continue
		}
		if got := New().Decode(LinkHEP, c.payload, len(c.payload), now, &p); got != MalformedLink {
			t.Errorf("%s, without a packet around: got %s, want link", c.name, got)
		}
	}
}

// TestHEPBomb: a payload that becomes too much is refused before it does, and
// the next one is none the worse.
func TestHEPBomb(t *testing.T) {
	of := func(n int) []byte {
		return hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(16, deflated(bytes.Repeat([]byte{'a'}, n))))
	}
	salad := make([]byte, maxDatagram)
	for i := range salad {
		salad[i] = byte(i * i >> 7)
	}
	packed := deflated(salad)
	for _, c := range []struct {
		name string
		hep  []byte
		want Outcome
		n    int
	}{
		{"a gigabyte's beginning", of(1 << 24), MalformedTunnel, 0},
		{"64 KiB of one letter", of(1 << 16), MalformedTunnel, 0},
		{"more than the least", of(inflatedLeast + 1), MalformedTunnel, 0},
		{"the least", of(inflatedLeast), Transport, inflatedLeast},
		{"the largest datagram", hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(16, packed)), Transport, maxDatagram},
	} {
		d := New()
		var p Packet
		for range 2 {
			if got := d.Decode(LinkHEP, c.hep, len(c.hep), now, &p); got != c.want || got == Transport && len(p.Payload) != c.n {
				t.Errorf("%s in %d bytes: got %s, %d bytes; want %s, %d", c.name, len(c.hep), got, len(p.Payload), c.want, c.n)
			}
		}
		ok := inners[len(inners)-1].ip
		if got := d.Decode(LinkRaw, ok, len(ok), now, &p); got != Transport || !bytes.Equal(p.Payload, text) {
			t.Errorf("after %s: got %s, %q", c.name, got, p.Payload)
		}
	}
}

// TestHEPCountsAsNesting: a report in as many tunnels as are unwrapped is one
// too deep, of any version.
func TestHEPCountsAsNesting(t *testing.T) {
	for _, in := range inners[len(inners)-4:] {
		ip := in.ip
		for range maxNesting - 1 {
			ip = tunnels[1].wrap(ip)
		}
		for _, want := range []Outcome{Transport, MalformedTunnel} {
			var p Packet
			if got := New().Decode(LinkRaw, ip, len(ip), now, &p); got != want {
				t.Errorf("%s: got %s, want %s", in.name, got, want)
			}
			ip = tunnels[1].wrap(ip)
		}
	}
}

// TestHEPSender: a listener learns who sent a packet.
func TestHEPSender(t *testing.T) {
	whole := hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(15, text))
	if key, ok := HEPKey(whole); !ok || string(key) != "secret" {
		t.Errorf("key: got %q, %t; want secret", key, ok)
	}
	if id, ok := HEPAgent(whole); !ok || id != 2001 {
		t.Errorf("agent: got %d, %t; want 2001", id, ok)
	}
	for name, b := range map[string][]byte{
		"none": hep3(chunkOf(15, text)), "HEP 2": hep12(2, 16, 17, ip4a, ip4b, text), "nothing": nil, "SIP": text,
		"chunks that lie": hep3(make([]byte, 6), hepOf(17, 1, ip4a, ip4b)), "longer than it is": whole[:len(whole)-1],
	} {
		_, key := HEPKey(b)
		if _, agent := HEPAgent(b); key || agent {
			t.Errorf("%s: got key %t and agent %t, want neither", name, key, agent)
		}
	}
	if id, ok := HEPAgent(hep3(chunkOf(12, u16(7)))); ok {
		t.Errorf("agent of two bytes: got %d", id)
	}
}

// TestReportsCostNoMore: no allocation for a report that is not compressed.
func TestReportsCostNoMore(t *testing.T) {
	d := New()
	var p Packet
	for name, in := range map[string][]byte{"hep 1": inners[len(inners)-4].ip, "hep 3": inners[len(inners)-2].ip} {
		for link, data := range map[LinkType][]byte{LinkRaw: in, LinkHEP: in[28:]} {
			at := now
			n := testing.AllocsPerRun(100, func() {
				at = at.Add(2 * doubleWindow)
				if got := d.Decode(link, data, len(data), at, &p); got != Transport {
					t.Errorf("%s: got %s", name, got)
				}
			})
			if n != 0 {
				t.Errorf("%s, link type %d: got %v allocations, want none", name, link, n)
			}
		}
	}
}

// TestCorpusReports compares each HEP packet of the captures with its truth.
func TestCorpusReports(t *testing.T) {
	dir := corpus(t)
	paths, _ := filepath.Glob(filepath.Join(dir, "truth", "*.json"))
	compared := 0
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var truth struct {
			File string
			HEP  []struct {
				Frame, Sport, Dport int
				Src, Dst            string
				Kind                int    `json:"proto_type"`
				Agent               int    `json:"capture_id"`
				Key                 string `json:"auth_key"`
				Length              int    `json:"payload_len"`
			}
		}
		if json.Unmarshal(raw, &truth) != nil || len(truth.HEP) == 0 {
			continue
		}
		all, d := frames(t, filepath.Join(dir, "captures", truth.File)), New()
		for _, want := range truth.HEP {
			c := all[want.Frame-1]
			var p Packet
			got := d.Decode(c.link, c.data, c.info.Length, c.info.Timestamp, &p)
			src, dst := netip.MustParseAddr(want.Src), netip.MustParseAddr(want.Dst)
			switch {
			case want.Kind != 1:
				if got != IgnoredHEP {
					t.Errorf("frame %d of kind %d: got %s, want hep", want.Frame, want.Kind, got)
				}
			case got != Transport || !p.HEP || len(p.Payload) != want.Length || p.Src != netip.AddrPortFrom(src, uint16(want.Sport)) ||
				p.Dst != netip.AddrPortFrom(dst, uint16(want.Dport)):
				t.Errorf("frame %d: got %s from %s to %s, %d bytes; want %+v", want.Frame, got, p.Src, p.Dst, len(p.Payload), want)
			}
			hep := c.data[bytes.Index(c.data, []byte("HEP3")):]
			key, _ := HEPKey(hep)
			if id, _ := HEPAgent(hep); string(key) != want.Key || int(id) != want.Agent {
				t.Errorf("frame %d: got key %q of agent %d, want %q of %d", want.Frame, key, id, want.Key, want.Agent)
			}
			compared++
		}
	}
	if compared == 0 {
		t.Error("no capture has HEP")
	}
}
