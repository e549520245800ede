package sensortest

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/decoder/frame"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/record"
)

// small is the size of every table in the tests of floods.
const small = 64

func smallTables() decoder.Config {
	cfg := decoder.DefaultConfig()
	cfg.Stream.MaxFlows = small
	cfg.Dialog.Legs, cfg.Dialog.Tombstones, cfg.Dialog.Transactions = small, small, small
	cfg.Dialog.Accounts, cfg.Dialog.Failures, cfg.Dialog.Sources = small, small, small
	cfg.Media.MaxEndpoints, cfg.Media.MaxStreams, cfg.Media.MaxCandidates = small, small, small
	return cfg
}

// flood is what an attacker sends so much of that a table is full.
type flood struct {
	name  string
	table string // that says in the counters what it gave up or refused
	n     int    // how often, more than the table holds
	frame func(h *hosts, i int) []byte
}

// attacker has a million addresses.
func attacker(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{100, byte(64 + i>>16), byte(i >> 8), byte(i)})
}

const anyRequest = "%s sip:0013455550%d@192.168.10.2 SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nFrom: <sip:%d@example.org>;tag=%d\r\n" +
	"To: <sip:%d@example.org>\r\nCall-ID: %s\r\nCSeq: 1 %s\r\nContact: <sip:x@%s>\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n"

const anyAnswer = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nFrom: <sip:%d@example.org>;tag=%d\r\n" +
	"To: <sip:%d@example.org>;tag=r\r\nCall-ID: flood-%d\r\nCSeq: 1 %s\r\nContact: <sip:x@%s>;expires=3600\r\nContent-Length: 0\r\n\r\n"

// request is what an attacker sends to the PBX.
func (h *hosts) request(method string, from netip.Addr, i int, id string) []byte {
	return ipUnit(h.udp(netip.AddrPortFrom(from, sipPort), netip.AddrPortFrom(sites[0].callee, sipPort),
		fmt.Appendf(nil, anyRequest, method, i, from, i, i, i, i, id, method, from))).ethernet()
}

// answer is what the PBX says to it.
func (h *hosts) answer(method string, to netip.Addr, i int) []byte {
	return ipUnit(h.udp(netip.AddrPortFrom(sites[0].callee, sipPort), netip.AddrPortFrom(to, sipPort),
		fmt.Appendf(nil, anyAnswer, to, i, i, i, i, i, method, to))).ethernet()
}

var floods = []flood{
	{"From-tags", "legs", 500, func(h *hosts, i int) []byte { return h.request("INVITE", attacker(1), i, "always-the-same") }},
	{"Call-IDs", "legs", 500, func(h *hosts, i int) []byte { return h.request("INVITE", attacker(1), i, fmt.Sprint("flood-", i)) }},
	{"requests without an answer", "transactions", 500, func(h *hosts, i int) []byte {
		return h.request("SUBSCRIBE", attacker(1), i, fmt.Sprint("flood-", i))
	}},
	{"OPTIONS from everywhere", "sources", 1000, func(h *hosts, i int) []byte {
		if i%2 == 0 {
			return h.request("OPTIONS", attacker(i/2), i/2, fmt.Sprint("flood-", i/2))
		}
		return h.answer("OPTIONS", attacker(i/2), i/2)
	}},
	{"registrations", "accounts", 1000, func(h *hosts, i int) []byte {
		if i%2 == 0 {
			return h.request("REGISTER", attacker(1), i/2, fmt.Sprint("flood-", i/2))
		}
		return h.answer("REGISTER", attacker(1), i/2)
	}},
	{"fragments of IP", "fragments", 3000, func(h *hosts, i int) []byte {
		return ethernetII(typeIPv4, ipv4(numberUDP, attacker(i), sites[0].callee, uint16(i), 0x2000, make([]byte, 64)))
	}},
	{"TCP connections", "tcp_flows", 500, func(h *hosts, i int) []byte {
		return ipUnit(h.tcp(netip.AddrPortFrom(attacker(i), 40000), netip.AddrPortFrom(sites[0].callee, sipPort), uint32(i), flagSYN, nil)).ethernet()
	}},
	{"flows that may be RTP", "candidates", 500, func(h *hosts, i int) []byte {
		return ipUnit(h.udp(netip.AddrPortFrom(attacker(i), 20000), netip.AddrPortFrom(attacker(0), 20002), rtp(uint32(i), 1))).ethernet()
	}},
	{"servers that speak TLS", "tls_peers", 3000, func(h *hosts, i int) []byte {
		record := join([]byte{23, 3, 3}, u16(32), make([]byte, 32)) // application data, RFC 8446 §5.1
		return ipUnit(h.tcp(netip.AddrPortFrom(attacker(0), 40000), netip.AddrPortFrom(attacker(i), 5061), 1, flagACK, record)).ethernet()
	}},
	{"SSRCs to the callee's telephone, a packet each", "candidates", 500, func(h *hosts, i int) []byte {
		return h.toCallee(rtp(uint32(i), 1))
	}},
	{"SSRCs to the callee's telephone, some packets each", "streams_refused", 3000, func(h *hosts, i int) []byte {
		return h.toCallee(rtp(uint32(i/6), i%6))
	}},
}

// toCallee claims to be the caller's telephone.
func (h *hosts) toCallee(rtp []byte) []byte {
	return ipUnit(h.udp(netip.AddrPortFrom(sites[0].caller, callerMedia), netip.AddrPortFrom(sites[0].callee, calleeMedia), rtp)).ethernet()
}

func rtp(ssrc uint32, sequence int) []byte {
	return join([]byte{0x80, 8}, u16(sequence), u32(uint32(160*sequence)), u32(ssrc), make([]byte, 160))
}

// TestFloods: while one call is in progress, a flood fills a table. The call
// ends as it would have, and the counters say what was given up.
func TestFloods(t *testing.T) {
	want := callOf(inProgress(t, nil, false), "a-clean-call@example.org")
	for _, f := range floods {
		for _, tcp := range []bool{false, true} {
			found := inProgress(t, &f, tcp)
			got := callOf(found, "a-clean-call@example.org")
			if got == nil || got.Duration == nil || *got.Duration != *want.Duration || got.State != want.State || got.Status != want.Status {
				t.Errorf("%s, over TCP %t: got %+v, want %+v", f.name, tcp, got, want)
				continue
			}
			for _, ssrc := range []string{"0x11223344", "0x55667788"} {
				if !slices.ContainsFunc(found.Streams, func(s *record.Stream) bool {
					return s.SSRC == ssrc && s.Packets == 50 && s.Lost == 0 && s.CallGroup == got.CallGroup
				}) {
					t.Errorf("%s, over TCP %t: stream %s of the call is not whole", f.name, tcp, ssrc)
				}
			}
		}
	}
}

// inProgress replays the clean call with a flood in its middle, in small
// tables.
func inProgress(t *testing.T, f *flood, tcp bool) *Found {
	t.Helper()
	var tape *tape
	if tcp {
		tape = overTCP(sites[0], "TCP", whole, opened)
	} else {
		tape = plain(cleanCall(sites[0], "UDP"))
	}
	source, err := capture.OpenFiles([]string{"-"}, bytes.NewReader(tape.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	found := &Found{}
	d := decoder.New(smallTables())
	p := sensor.NewPipeline(d, newEngine(t), found)
	h := &hosts{id: 30000}
	sent := 0
	for frame := (capture.Frame{}); source.Next(&frame) == nil; {
		if err := p.Observe(&frame); err != nil {
			t.Fatal(err)
		}
		at := frame.Time.Sub(began) - 1600*time.Millisecond
		for f != nil && sent < f.n && at > 0 && sent < int(at/time.Millisecond)*f.n/800 {
			b := f.frame(h, sent)
			sent++
			flooded := capture.Frame{Data: b, WireLength: len(b), Link: linkLayers[0].link, Time: frame.Time}
			if err := p.Observe(&flooded); err != nil {
				t.Fatal(err)
			}
			withinCaps(t, d, func() string { return f.name })
		}
	}
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	if f != nil {
		if n := d.Evictions()[f.table]; sent != f.n || n == 0 {
			t.Errorf("%s: %d of %d sent, the counter of %s says %d", f.name, sent, f.n, f.table, n)
		}
	}
	return found
}

// TestFloodsForgetTheOldestFirst: of half-open legs those go that have been
// there longest, and each of them is reported.
func TestFloodsForgetTheOldestFirst(t *testing.T) {
	const n = 500
	found := &Found{}
	d := decoder.New(smallTables())
	p := sensor.NewPipeline(d, newEngine(t), found)
	h := &hosts{}
	for i := range n {
		b := h.request("INVITE", attacker(1), i, fmt.Sprintf("flood-%03d", i))
		f := capture.Frame{Data: b, WireLength: len(b), Link: frame.LinkEthernet, Time: began.Add(time.Duration(i) * 20 * time.Millisecond)}
		if err := p.Observe(&f); err != nil {
			t.Fatal(err)
		}
	}
	live := uint64(n) - d.Evictions()["legs"]
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	if live > small || len(found.Calls) != n {
		t.Errorf("got %d live legs and %d calls, want at most %d and all %d", live, len(found.Calls), small, n)
	}
	for i, c := range found.Calls[:n-small] {
		if want := fmt.Sprintf("flood-%03d", i); c.CallID != want {
			t.Fatalf("call %d that was put out: got %s, want %s: the oldest goes first", i, c.CallID, want)
		}
	}
}
