package sensortest

import (
	"fmt"
	"net/netip"
	"testing"

	"tollwatch/decoder/frame"
)

// linkLayer puts a unit into a frame of a capture.
type linkLayer struct {
	name string
	link frame.LinkType
	of   what
	wrap func(u unit) []byte
}

var linkLayers = []linkLayer{
	{"Ethernet", frame.LinkEthernet, anything, unit.ethernet},
	{"raw IP", frame.LinkRaw, ipOnly, func(u unit) []byte { return u.b }},
	// LINKTYPE_LINUX_SLL: type, ARPHRD, length of the address, the address, EtherType.
	{"SLL", frame.LinkSLL, anything, func(u unit) []byte {
		return join(u16(0), u16(1), u16(6), []byte{2, 0, 0, 0, 0, 1, 0, 0}, u16(u.etherType), u.b)
	}},
	// LINKTYPE_LINUX_SLL2: EtherType, reserved, interface, ARPHRD, type, length of the address, the address.
	{"SLL2", frame.LinkSLL2, anything, func(u unit) []byte {
		return join(u16(u.etherType), u16(0), u32(3), u16(1), []byte{0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, u.b)
	}},
	// LINKTYPE_NULL: the address family in the order of the machine: 2, or Darwin's 30.
	{"null", frame.LinkNull, ipOnly, func(u unit) []byte {
		return join([]byte{byte(2 + 28*flag(u.etherType == typeIPv6, 1)), 0, 0, 0}, u.b)
	}},
	// LINKTYPE_PPP, in HDLC framing (RFC 1662 §3.1).
	{"PPP", frame.LinkPPP, ipOrLabel, func(u unit) []byte { return join([]byte{0xff, 3}, u.ppp()) }},
}

// ends are those of the tunnels.
type ends struct {
	name      string
	near, far netip.Addr
}

var routers = []ends{
	{"IPv4", netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("198.51.100.2")},
	{"IPv6", netip.MustParseAddr("2001:db8:51::1"), netip.MustParseAddr("2001:db8:51::2")},
}

// wrapped records a call with each of its packets in the encapsulations, the
// first of them innermost. It is nil when one of them cannot carry the other.
func wrapped(call []datum, link linkLayer, routers ends, layers ...encapsulation) *tape {
	h := &hosts{}
	t := newTape(link.link)
	tunnels := make([]tunnel, len(layers))
	for i := range tunnels {
		tunnels[i] = tunnel{hosts: h, near: routers.near, far: routers.far}
	}
	for _, d := range call {
		units := []unit{ipUnit(h.udp(d.src, d.dst, d.payload))}
		for i, e := range layers {
			var out []unit
			for _, u := range units {
				if !e.of.carries(u) {
					return nil
				}
				out = append(out, e.wrap(&tunnels[i], u)...)
			}
			units = out
		}
		for _, u := range units {
			if !link.of.carries(u) {
				return nil
			}
			t.add(d.at, link.wrap(u))
		}
	}
	return t
}

// plain is the call as an Ethernet frame each.
func plain(call []datum) *tape { return wrapped(call, linkLayers[0], routers[0]) }

// TestTheCleanCall is what all other tests compare with.
func TestTheCleanCall(t *testing.T) {
	for _, s := range sites {
		h := plain(cleanCall(s, "UDP")).play(t)
		if s := h.summary; s.Calls != 1 || s.Answered != 1 || s.Streams != 2 || s.SIP.Requests["INVITE"] != 1 || s.Frames != s.Decoded {
			t.Errorf("%s: got %+v, want one answered call with two streams", s.Type, s)
		}
		for _, line := range h.lines {
			t.Log(line)
		}
	}
}

// TestEveryWrapping: the same call, with the same streams and the same verdict,
// comes out of every encapsulation in every link layer, over both versions of
// IP.
func TestEveryWrapping(t *testing.T) {
	for _, s := range sites {
		call := cleanCall(s, "UDP")
		want := plain(call).play(t)
		for _, link := range linkLayers {
			sameCall(t, wrapped(call, link, routers[0]), want, s.name+" in "+link.name)
			for _, r := range routers {
				for _, e := range encapsulations {
					sameCall(t, wrapped(call, link, r, e), want, fmt.Sprintf("%s in %s over %s in %s", s.name, e.name, r.name, link.name))
				}
			}
		}
	}
}

// TestEveryWrappingInEveryOther: and out of every two encapsulations in each
// other. Each pair is tried over both versions of IP; the version of the call
// and the link layer take turns.
func TestEveryWrappingInEveryOther(t *testing.T) {
	var calls [2][]datum
	var want [2]*heard
	for i, s := range sites {
		calls[i] = cleanCall(s, "UDP")
		want[i] = plain(calls[i]).play(t)
	}
	turn := 0
	for _, outer := range encapsulations {
		for _, inner := range encapsulations {
			for _, r := range routers {
				turn++
				i := turn / 2 % 2
				for n := range linkLayers {
					link := linkLayers[(turn/4+n)%len(linkLayers)]
					tape := wrapped(calls[i], link, r, inner, outer)
					if tape == nil {
						continue
					}
					sameCall(t, tape, want[i], fmt.Sprintf("%s in %s in %s over %s in %s", sites[i].name, inner.name, outer.name, r.name, link.name))
					break
				}
			}
		}
	}
}

// sameCall replays a tape and wants what the plain call gave. A tape that
// cannot be is nil.
func sameCall(t *testing.T, tape *tape, want *heard, what string, replace ...string) {
	t.Helper()
	if tape == nil {
		return
	}
	if d := tape.play(t).differs(want, replace...); d != "" {
		t.Errorf("%s:\n%s", what, d)
	}
}
