package tls

import (
	"bytes"
	"net/netip"
	"time"

	"tollwatch/decoder/stream/lru"
)

const (
	// MaxPeers bounds the server endpoints: HTTPS on the mirror has thousands,
	// of which only the latest matter.
	MaxPeers = 1024

	// MaxConnections bounds those to signalling peers: a telephone holds one.
	MaxConnections = 4096

	// idleTime is how long a signalling peer that answered, or a connection to
	// one, keeps its place without a word when the table is full. Keep-alives
	// come at least every 120 s (RFC 5626 §4.4.1).
	idleTime = 10 * time.Minute
)

// Counters tell what the tables forgot. Peers and Connections are gauges, the
// rest only grows.
type Counters struct {
	PeersEvicted       uint64 // forgotten for another
	PeersRefused       uint64 // not counted, since the table was full of signalling peers that answered of late
	ConnectionsEvicted uint64 // no longer followed; counted again when they go on
	ConnectionsRefused uint64 // not followed, since the table was full of those that went both ways of late
	Peers, Connections int
}

// Table keeps the peers. It belongs to one goroutine.
type Table struct {
	peers       *lru.Table[endpoint, Peer]
	connections *lru.Table[pair, connection]
	ports       ports // of servers to which connections were followed
	counters    Counters
}

// ports is a set of them: most segments of other protocols are told by theirs,
// at a tenth of the cost of a look-up.
type ports [1 << 16 / 64]uint64

func (s *ports) add(p uint16)      { s[p/64] |= 1 << (p % 64) }
func (s *ports) has(p uint16) bool { return s[p/64]&(1<<(p%64)) != 0 }

// pair is both ends of a connection, in the order of their bytes.
type pair [2]endpoint

func pairOf(a, b endpoint) pair {
	if bytes.Compare(a[:], b[:]) > 0 {
		return pair{b, a}
	}
	return pair{a, b}
}

// New makes empty tables.
func New() *Table {
	return &Table{peers: lru.New[endpoint, Peer](MaxPeers), connections: lru.New[pair, connection](MaxConnections)}
}

// segment is a TCP segment with a payload.
type segment struct {
	src, dst netip.AddrPort
	from, to endpoint // the same, packed
	seq      uint32
	b        []byte
	now      time.Time
}

// Observe takes the payload of a TCP segment that is no plain SIP.
func (t *Table) Observe(src, dst netip.AddrPort, seq uint32, b []byte, now time.Time) {
	_, _, starts := record(b)
	if !starts && (len(b) == 0 || !t.ports.has(src.Port()) && !t.ports.has(dst.Port())) {
		return
	}
	s := segment{src: src, dst: dst, from: endpointOf(src), to: endpointOf(dst), seq: seq, b: b, now: now}
	if c := t.connections.Get(pairOf(s.from, s.to)); c != nil {
		t.follow(c, &s)
		return
	}
	if starts {
		t.meet(&s)
	}
}

// meet takes a segment that begins with a record, of a connection that is not
// followed.
func (t *Table) meet(s *segment) {
	toServer, greets := t.direction(s), hello(s.b)
	server, at := s.dst, s.to
	if !toServer {
		server, at = s.src, s.from
	}
	e := t.peer(server, at, s.now)
	if e == nil {
		return
	}
	p := &e.Value
	if toServer && greets == clientHello {
		p.hear(parseHello(s.b))
	}
	t.touch(e, !toServer)
	if p.Signalling() {
		t.join(p, at, s)
		return
	}
	if greets == clientHello {
		p.Connected++
	}
	count(s.b, 0, p.way(toServer))
}

// direction says whether s goes to the server: as its hello says, else by the
// port of SIP over TLS, by the peers that are known, and by the lower port.
func (t *Table) direction(s *segment) bool {
	switch hello(s.b) {
	case clientHello:
		return true
	case serverHello:
		return false
	}
	src, dst := s.src.Port(), s.dst.Port()
	switch {
	case src != dst && dst == sipsPort:
		return true
	case src != dst && src == sipsPort:
		return false
	case t.peers.Get(s.to) != nil:
		return true
	case t.peers.Get(s.from) != nil:
		return false
	}
	return dst < src
}

// join begins to follow a connection to p, at a segment that begins with a
// record.
func (t *Table) join(p *Peer, server endpoint, s *segment) {
	if t.connections.Full() {
		victim := t.connections.Victim(lru.Proven)
		if v := &victim.Value; victim.Rank() == lru.Proven && s.now.Sub(v.last) < idleTime {
			t.counters.ConnectionsRefused++
			return
		}
		t.counters.ConnectionsEvicted++
		t.connections.Remove(victim)
	}
	e := t.connections.Add(pairOf(s.from, s.to), lru.Unproven)
	e.Value.server = server
	t.ports.add(p.Server.Port())
	if hello(s.b) != clientHello {
		p.Connected++
	}
	t.walk(p, e, s)
}

// follow takes a segment of a connection to a signalling peer.
func (t *Table) follow(c *lru.Entry[pair, connection], s *segment) {
	server, fromServer := s.dst, s.from == c.Value.server
	if fromServer {
		server = s.src
	}
	e := t.peer(server, c.Value.server, s.now)
	if e == nil {
		return
	}
	t.touch(e, fromServer)
	t.walk(&e.Value, c, s)
}

func (t *Table) walk(p *Peer, e *lru.Entry[pair, connection], s *segment) {
	c, toServer := &e.Value, s.to == e.Value.server
	if toServer && hello(s.b) == clientHello && c.begins(s.seq) {
		*c = connection{server: c.server, hello: s.seq, opened: true}
		p.Connected++
		p.hear(parseHello(s.b))
	}
	c.last = s.now
	w := &c.ways[0]
	if !toServer {
		w = &c.ways[1]
	}
	w.walk(s.seq, s.b, p.way(toServer))
	rank := lru.Unproven
	if c.ways[0].seen && c.ways[1].seen {
		rank = lru.Proven
	}
	t.connections.Touch(e, rank)
}

// peer finds the peer, or makes it. Where the table is full, those that are no
// signalling give way first, and no signalling peer that is in use does.
func (t *Table) peer(server netip.AddrPort, at endpoint, now time.Time) *lru.Entry[endpoint, Peer] {
	if e := t.peers.Get(at); e != nil {
		e.Value.Last = now
		return e
	}
	if t.peers.Full() {
		victim := t.peers.Victim(lru.Proven)
		if v := &victim.Value; victim.Rank() == lru.Proven && now.Sub(v.Last) < idleTime {
			t.counters.PeersRefused++
			return nil
		}
		t.counters.PeersEvicted++
		t.peers.Remove(victim)
	}
	e := t.peers.Add(at, lru.Unproven)
	e.Value = Peer{Server: server, First: now, Last: now}
	return e
}

// touch notes that e was heard of, and whether it spoke itself: a peer keeps
// its place when it is signalling and has answered, which a client alone can
// not pretend.
func (t *Table) touch(e *lru.Entry[endpoint, Peer], answered bool) {
	p := &e.Value
	p.Answered = p.Answered || answered
	rank := lru.Unproven
	if p.Answered && p.Signalling() {
		rank = lru.Proven
	}
	t.peers.Touch(e, rank)
}

// Snapshot returns a copy of the peers, those that keep their place last, and
// of each kind the longest idle first.
func (t *Table) Snapshot() []Peer {
	out := make([]Peer, 0, t.peers.Len())
	for _, rank := range []lru.Rank{lru.Unproven, lru.Proven} {
		for e := t.peers.Oldest(rank); e != nil; e = e.Next() {
			out = append(out, e.Value)
		}
	}
	return out
}

// Counters returns a copy of the counters.
func (t *Table) Counters() Counters {
	c := t.counters
	c.Peers, c.Connections = t.peers.Len(), t.connections.Len()
	return c
}
