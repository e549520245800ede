package tls

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/stream/lru"
)

var (
	start  = time.Unix(1_700_000_000, 0)
	phone  = netip.MustParseAddrPort("192.0.2.1:50060")
	proxy  = netip.MustParseAddrPort("192.0.2.9:5061")
	office = netip.MustParseAddrPort("198.51.100.7:443")
)

func rec(kind byte, fragment string) string {
	return string(binary.BigEndian.AppendUint16([]byte{kind, 3, 3}, uint16(len(fragment)))) + fragment
}

func app(n int) string { return rec(applicationData, strings.Repeat("\xbb", n)) }

func vec(width int, s string) string {
	n := binary.BigEndian.AppendUint16(nil, uint16(len(s)))
	return string(n[2-width:]) + s
}

func extension(kind byte, body string) string { return "\x00" + string(kind) + vec(2, body) }

func sni(name string) string { return extension(serverName, vec(2, "\x00"+vec(2, name))) }

func protocols(names ...string) string {
	list := ""
	for _, n := range names {
		list += vec(1, n)
	}
	return extension(alpn, vec(2, list))
}

// greet makes a ClientHello, or with kind serverHello as much of that as is
// looked at.
func greet(kind byte, extensions string) string {
	body := "\x03\x03" + strings.Repeat("\xaa", 32) + vec(1, "session") + vec(2, "\x13\x01\x13\x02") + vec(1, "\x00") + vec(2, extensions)
	return rec(handshake, string(kind)+"\x00"+vec(2, body))
}

// side is one direction of a connection.
type side struct {
	t        *Table
	src, dst netip.AddrPort
	seq      uint32
}

func (s *side) send(b string) {
	s.t.Observe(s.src, s.dst, s.seq, []byte(b), start)
	s.seq += uint32(len(b))
}

// connect gives both sides of a connection between client and server.
func connect(t *Table, client, server netip.AddrPort) (to, from *side) {
	return &side{t, client, server, 0xfffffff0}, &side{t, server, client, 77}
}

func only(t *testing.T, table *Table) Peer {
	t.Helper()
	peers := table.Snapshot()
	if len(peers) != 1 {
		t.Fatalf("got %d peers %+v, want one", len(peers), peers)
	}
	return peers[0]
}

// TestConnection: what is known of a telephone's connection.
func TestConnection(t *testing.T) {
	table := New()
	to, from := connect(table, phone, proxy)
	to.send(greet(clientHello, sni("sip.example.org")+protocols("h2", sipProtocol)))
	from.send(greet(serverHello, "") + rec(changeCipherSpec, "\x01") + app(500))
	to.send(rec(changeCipherSpec, "\x01") + app(53))
	to.send(app(700) + app(800))
	from.send(app(0) + app(maxFragment))
	to.send(rec(21, "\x01\x00"))
	want := Peer{
		Server: proxy, SIP: true, Name: "sip.example.org", Answered: true, First: start, Last: start, Connected: 1,
		ToPeer: Traffic{3, 53 + 700 + 800}, FromPeer: Traffic{3, 500 + maxFragment},
	}
	if got := only(t, table); got != want || !got.Signalling() {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestSplitAnywhere: records of a signalling connection are counted the same,
// however the segments lie, repeated ones among them.
func TestSplitAnywhere(t *testing.T) {
	hello, rest := greet(clientHello, protocols(sipProtocol)), app(40)+app(0)+rec(21, "\x01\x00")+app(3)+app(100)+app(1)
	check := func(cuts ...int) {
		t.Helper()
		table := New()
		to, _ := connect(table, phone, office)
		to.send(hello)
		before, last := 0, 0
		for _, n := range append(cuts, len(rest)) {
			to.send(rest[last:n])
			again := *to
			again.seq -= uint32(n - before)
			again.send(rest[before:last])
			again.send(rest[last:n])
			before, last = last, n
		}
		if got, want := only(t, table).ToPeer, (Traffic{5, 144}); got != want {
			t.Fatalf("cut at %d: got %+v, want %+v", cuts, got, want)
		}
	}
	check()
	for n := 1; n < len(rest); n++ {
		check(n)
		for more := n + 1; more < len(rest); more++ {
			check(n, more)
		}
	}
	var all []int
	for n := 1; n < len(rest); n++ {
		all = append(all, n)
	}
	check(all...)
}

// TestLoss: behind a lost segment the count goes on at the next one that
// begins with a record, and bytes that are none are never counted.
func TestLoss(t *testing.T) {
	stream := ""
	for range 20 {
		stream += app(1000)
	}
	const size = 335 // three segments a record
	for lost := range len(stream) / size {
		table := New()
		to, _ := connect(table, phone, proxy)
		to.send(greet(clientHello, ""))
		for i := 0; i < len(stream); i += size {
			b := stream[i:min(i+size, len(stream))]
			if i/size == lost {
				to.seq += uint32(len(b))
				continue
			}
			to.send(b)
		}
		if got := only(t, table).ToPeer; got.Records < 18 || got.Records > 20 || got.Bytes != 1000*got.Records {
			t.Errorf("lost %d: got %+v, want 18 to 20 records of 1000 bytes", lost, got)
		}
	}
}

// TestLost: where the next header should stand is none; a segment that begins
// with a record is believed instead, and so is one far behind, of which nobody
// knows the connection.
func TestLost(t *testing.T) {
	table := New()
	to, _ := connect(table, phone, proxy)
	to.send(app(100)[:55])
	to.send(app(200))
	if got := only(t, table).ToPeer; got != (Traffic{2, 300}) {
		t.Errorf("got %+v, want the record at the beginning of the second segment", got)
	}
	to.seq -= 2 * maxBehind
	to.send(app(10))
	to.send("\xbb\xbb" + app(20)) // what stands there is no header
	to.send(app(30))
	if got := only(t, table).ToPeer; got != (Traffic{4, 340}) {
		t.Errorf("got %+v, want two records more", got)
	}
}

// TestDirection: which end is the server, where no hello says it.
func TestDirection(t *testing.T) {
	high := netip.MustParseAddrPort("192.0.2.1:5061")
	for _, c := range []struct {
		name             string
		src, dst, server netip.AddrPort
	}{
		{"to the port of SIP over TLS", netip.MustParseAddrPort("192.0.2.3:4000"), proxy, proxy},
		{"from it", proxy, netip.MustParseAddrPort("192.0.2.3:4000"), proxy},
		{"to the lower port", phone, office, office},
		{"from the lower port", office, phone, office},
		{"both are that of SIP over TLS", high, proxy, high},
	} {
		table := New()
		table.Observe(c.src, c.dst, 1, []byte(app(100)), start)
		table.Observe(c.dst, c.src, 1, []byte(app(100)), start)
		got := only(t, table)
		if got.Server != c.server || got.ToPeer != (Traffic{1, 100}) || got.FromPeer != (Traffic{1, 100}) {
			t.Errorf("%s: got %+v, want %s", c.name, got, c.server)
		}
	}
	table := New() // a hello makes it known, whatever the ports
	to, from := connect(table, office, phone)
	to.send(greet(clientHello, ""))
	from.send(app(10))
	from.send(greet(serverHello, ""))
	to.send(app(10))
	if got := only(t, table); got.Server != phone || got.ToPeer.Records != 1 || got.FromPeer.Records != 1 {
		t.Errorf("got %+v, want the server %s", got, phone)
	}
}

// TestConnectionsAreCountedOnce: repeated hellos and a retry begin none, new
// connections between the same ports do, and those joined later count.
func TestConnectionsAreCountedOnce(t *testing.T) {
	table := New()
	to, _ := connect(table, phone, proxy)
	hello := greet(clientHello, "")
	to.send(hello)
	to.seq -= uint32(len(hello))
	to.send(hello)
	to.send(hello) // after a HelloRetryRequest
	if got := only(t, table).Connected; got != 1 {
		t.Errorf("one connection: got %d", got)
	}
	to.seq += 5_000_000
	to.send(hello + app(10))
	if got := only(t, table); got.Connected != 2 || got.ToPeer.Records != 1 {
		t.Errorf("another between the same ports: got %+v", got)
	}
	joined, answers := connect(table, netip.MustParseAddrPort("192.0.2.2:40000"), proxy)
	joined.send("no record")
	joined.send(app(10))
	answers.send(app(10))
	if got := only(t, table).Connected; got != 3 {
		t.Errorf("one that was joined: got %d, want 3", got)
	}
	joined.seq += 5_000_000
	joined.send(hello)
	if got := only(t, table).Connected; got != 4 {
		t.Errorf("one in its place: got %d, want 4", got)
	}
}

// TestHTTPS: records are counted where segments begin with one, nothing else
// is remembered of the connection, and no name is kept.
func TestHTTPS(t *testing.T) {
	table := New()
	to, from := connect(table, phone, office)
	to.send(greet(clientHello, sni("example.org")+protocols("h2", "http/1.1")))
	from.send(greet(serverHello, "") + app(100))
	from.send(strings.Repeat("\xbb", 1000))
	from.send(app(1400) + app(20))
	want := Peer{Server: office, Answered: true, First: start, Last: start, Connected: 1, FromPeer: Traffic{3, 1520}}
	if got := only(t, table); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if c := table.Counters(); c.Connections != 0 {
		t.Errorf("got counters %+v, want no connection followed", c)
	}
}

// TestHello: names and protocols of hellos that are whole, cut anywhere, or
// lie.
func TestHello(t *testing.T) {
	whole := greet(clientHello, extension(10, "\x00\x02\x00\x1d")+sni("sip.example.org")+protocols("h2", sipProtocol))
	for n := range len(whole) {
		o := parseHello([]byte(whole[:n]))
		if name := string(o.name); name != "" && name != "sip.example.org" || o.sip && n < len(whole) {
			t.Fatalf("%d of %d bytes: got %q, %v", n, len(whole), name, o.sip)
		}
	}
	for extensions, want := range map[string]struct {
		name string
		sip  bool
	}{
		sni("a.b") + protocols(sipProtocol):             {"a.b", true},
		protocols("sip/22", "sip/", "SIP/2") + sni("a"): {"a", false},
		protocols(sipProtocol, ""):                      {"", true},
		sni("a\nb"):                                     {"", false},
		sni("a b"):                                      {"", false},
		sni(strings.Repeat("a", 256)):                   {"", false},
		extension(serverName, "\x00\x04\x00\x00\x09a"):  {"", false}, // longer than its list
		extension(serverName, vec(2, "\x01\x00\x01a")):  {"", false}, // no host name
		extension(serverName, ""):                       {"", false},
		extension(alpn, ""):                             {"", false},
		extension(alpn, "\x00\x07\xffsip/2"):            {"", false},
	} {
		if o := parseHello([]byte(greet(clientHello, extensions))); string(o.name) != want.name || o.sip != want.sip {
			t.Errorf("%q: got %q, %v, want %+v", extensions, o.name, o.sip, want)
		}
	}
}

// TestNotTLS: other protocols leave nothing behind.
func TestNotTLS(t *testing.T) {
	table := New()
	for _, b := range []string{"", "\x16\x03", "GET / HTTP/1.1\r\n", "\x17\x03\x05\x00\x01x", "\x17\x02\x03\x00\x01x", "\x13\x03\x03\x00\x01x", "\x19\x03\x03\x00\x01x",
		"\x17\x03\x03\x41\x01x", "\x16\x03\x03\x00\x00"} {
		table.Observe(phone, proxy, 1, []byte(b), start)
	}
	if got := table.Snapshot(); len(got) != 0 {
		t.Errorf("got %+v, want no peer", got)
	}
}

// host is the n-th of many servers.
func host(n int, port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), port)
}

// TestFloods: neither HTTPS nor clients whom nobody answers push out a
// signalling peer that is in use; one long idle gives way to new ones.
func TestFloods(t *testing.T) {
	table, at := New(), start
	hello, answer := []byte(greet(clientHello, protocols(sipProtocol))), []byte(greet(serverHello, ""))
	plain := []byte(greet(clientHello, ""))
	open := func(n int, port uint16, b []byte, answered bool) {
		table.Observe(phone, host(n, port), 1, b, at)
		if answered {
			table.Observe(host(n, port), phone, 1, answer, at)
		}
	}
	for n := range 100 {
		open(n, 5061, plain, true)
		open(n, 8443, hello, true)
	}
	for n := range 3 * MaxPeers {
		open(n, 443, plain, true)
		open(n, 5062, hello, false)
		open(1_000_000+n, 5061, plain, false)
	}
	count := func(port uint16) (n int) {
		for _, p := range table.Snapshot() {
			if p.Server.Port() == port {
				n++
			}
		}
		return n
	}
	c := table.Counters()
	if count(8443) != 100 || table.peers.Len() != MaxPeers || c.PeersEvicted != 200+9*MaxPeers-MaxPeers || c.PeersRefused != 0 || c.Connections > MaxConnections {
		t.Errorf("got counters %+v, %d peers with sip/2, want 100 and all evicted others", c, count(8443))
	}
	for n := range MaxPeers {
		open(n, 8443, hello, true)
	}
	before := table.Counters()
	open(0, 443, plain, true)
	if c := table.Counters(); c.PeersRefused == 0 || c.PeersEvicted != before.PeersEvicted || count(443) != 0 {
		t.Errorf("a table of signalling peers: got counters %+v, want the other refused", c)
	}
	at = at.Add(idleTime)
	open(5_000_000, 5061, plain, true)
	if c := table.Counters(); c.PeersEvicted != before.PeersEvicted+1 || c.Peers != MaxPeers {
		t.Errorf("a table of idle peers: got counters %+v, want one evicted", c)
	}
}

// TestConnectionFlood: hellos that nobody answers push out no connection that
// went both ways.
func TestConnectionFlood(t *testing.T) {
	table := New()
	hello, answer := []byte(greet(clientHello, "")), []byte(greet(serverHello, ""))
	for n := range 100 {
		table.Observe(host(n, 40000), proxy, 1, hello, start)
		table.Observe(proxy, host(n, 40000), 1, answer, start)
	}
	for n := range 2 * MaxConnections {
		table.Observe(host(n, 50000), proxy, 1, hello, start)
	}
	c := table.Counters()
	if c.Connections != MaxConnections || c.ConnectionsEvicted != MaxConnections+100 || c.ConnectionsRefused != 0 {
		t.Errorf("got counters %+v, want a full table", c)
	}
	for n := range 100 {
		if e := table.connections.Get(pairOf(endpointOf(host(n, 40000)), endpointOf(proxy))); e == nil || e.Rank() != lru.Proven {
			t.Fatalf("connection %d was forgotten", n)
		}
	}
}

// FuzzObserve: whatever is sent, a record is counted for five bytes at least,
// and the tables keep to their caps.
func FuzzObserve(f *testing.F) {
	f.Add([]byte(greet(clientHello, sni("a.b")+protocols(sipProtocol))+app(20)+app(30)), []byte{255, 3, 60, 1, 7})
	f.Add([]byte(app(20)+app(30)+app(0)), []byte{4, 4, 4, 4})
	f.Fuzz(func(t *testing.T, stream, cuts []byte) {
		table, sent := New(), 0
		to, from := connect(table, phone, proxy)
		for i, n := range cuts {
			b := stream[:min(int(n), len(stream))]
			stream = stream[len(b):]
			sent += len(b)
			if i%5 == 4 {
				from.send(string(b))
				continue
			}
			to.seq += uint32(i%7) / 6 * 3
			to.send(string(b))
		}
		records := uint64(0)
		for _, p := range table.Snapshot() {
			records += p.ToPeer.Records + p.FromPeer.Records
		}
		if records*recordHeader > uint64(sent) {
			t.Fatalf("%d records in %d bytes", records, sent)
		}
	})
}

func TestSegmentsAllocateNothing(t *testing.T) {
	for name, server := range map[string]netip.AddrPort{"signalling": proxy, "https": office} {
		table := New()
		to, from := connect(table, phone, server)
		hello := greet(clientHello, sni("a.b"))
		record := []byte(app(1000))
		give := func() {
			to.t.Observe(to.src, to.dst, to.seq, record, start)
			to.t.Observe(from.src, from.dst, from.seq, record, start)
			to.seq += uint32(len(record))
			from.seq += uint32(len(record))
		}
		to.send(hello)
		give()
		if n := testing.AllocsPerRun(100, give); n != 0 {
			t.Errorf("%s: got %v allocations, want none", name, n)
		}
	}
}

// BenchmarkObserve is the cost of a segment beside plain SIP: of HTTPS, at the
// beginning of a record and within, and of signalling.
func BenchmarkObserve(b *testing.B) {
	random := make([]byte, 1400)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	random[0] = 0
	for _, c := range []struct {
		name   string
		server netip.AddrPort
		sip    bool
		b      []byte
	}{
		{"within a record", office, false, random},
		{"within a record, beside signalling", office, true, random},
		{"a record of https", office, true, []byte(app(1395))},
		{"a record of signalling", proxy, true, []byte(app(1395))},
	} {
		b.Run(c.name, func(b *testing.B) {
			table := New()
			if c.sip {
				for n := range 1000 {
					table.Observe(host(n, 40000), proxy, 1, []byte(greet(clientHello, "")), start)
				}
			}
			seq := uint32(1)
			b.ReportAllocs()
			for b.Loop() {
				table.Observe(c.server, phone, seq, c.b, start)
				seq += uint32(len(c.b))
			}
		})
	}
}
