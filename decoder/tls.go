package decoder

import (
	"cmp"
	"net/netip"
	"slices"

	"tollwatch/decoder/sip"
	"tollwatch/decoder/stream"
	"tollwatch/decoder/stream/lru"
)

// TLS is what is known of traffic that cannot be read.
type TLS struct {
	Peers []TLSPeer // the signalling ones first, then the largest; MaxTLSPeers at most
	// Share is how much of the signalling is encrypted: records of all
	// signalling peers, by those and the messages that were read. A record is
	// about a message.
	Share float64
}

// TLSPeer is a server endpoint that speaks TLS. Records and bytes are those of
// both ways.
type TLSPeer struct {
	Peer                        netip.AddrPort
	Connections, Records, Bytes uint64
	Signalling                  bool
}

// MaxTLSPeers is how many peers are named: a mirror of an office sees hundreds
// of web servers.
const MaxTLSPeers = 20

// TLS sums up the peers, of which the assembler holds many; nil when
// there are none.
func (d *Decoder) TLS() *TLS {
	all := d.streams.TLS()
	if len(all) == 0 {
		return nil
	}
	t, records := &TLS{Peers: make([]TLSPeer, len(all))}, uint64(0)
	for i := range all {
		p := d.peer(&all[i])
		if t.Peers[i] = p; p.Signalling {
			records += p.Records
		}
	}
	if records > 0 {
		t.Share = float64(records) / float64(records+d.ledger.messages)
	}
	slices.SortStableFunc(t.Peers, func(a, b TLSPeer) int {
		switch {
		case a.Signalling && !b.Signalling:
			return -1
		case b.Signalling && !a.Signalling:
			return 1
		}
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), a.Peer.Compare(b.Peer))
	})
	t.Peers = slices.Clone(t.Peers[:min(len(t.Peers), MaxTLSPeers)])
	return t
}

func (d *Decoder) peer(p *stream.Peer) TLSPeer {
	return TLSPeer{
		Peer: p.Server, Connections: p.Connected,
		Records: p.FromPeer.Records + p.ToPeer.Records, Bytes: p.FromPeer.Bytes + p.ToPeer.Bytes,
		Signalling: p.Signalling() || !web(p.Server.Port()) && d.plain.has(p.Server.Addr()),
	}
}

// web says that the port is one where a PBX has its pages, so that its being a
// PBX says nothing about what goes there.
func web(port uint16) bool { return port == 443 || port == 8443 }

// maxPlain bounds the addresses that serve plain SIP.
const maxPlain = 1024

// plain remembers who serves plain SIP: what the same address speaks in TLS is
// taken for signalling. That somebody sent a request proves nothing, anybody
// can forge one; an address counts that accepted a call or a registration.
type plain struct {
	table *lru.Table[netip.Addr, struct{}]
}

func newPlain() plain { return plain{lru.New[netip.Addr, struct{}](maxPlain)} }

// observe takes a message that src sent.
func (p plain) observe(m *sip.Message, src netip.Addr) {
	if m.Request || m.Status/100 != 2 || m.Method != sip.Invite && m.Method != sip.Register {
		return
	}
	src = src.Unmap()
	if e := p.table.Get(src); e != nil {
		p.table.Touch(e, lru.Unproven)
		return
	}
	if p.table.Full() {
		p.table.Remove(p.table.Oldest(lru.Unproven))
	}
	p.table.Add(src, lru.Unproven)
}

func (p plain) has(a netip.Addr) bool { return p.table.Get(a.Unmap()) != nil }
