package sensortest

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// hepPort is where capture agents send to (IANA: none; Homer's).
const hepPort = 9060

// agent is a capture agent that reports to a collector.
var agent = struct{ from, to netip.AddrPort }{
	netip.MustParseAddrPort("203.0.113.7:41000"), netip.MustParseAddrPort("203.0.113.8:9060"),
}

// hep is a datum as an agent of a version reports it.
func hep(version int, d datum) []byte {
	when := began.Add(d.at - time.Hour) // the agent's clock, which is not believed
	if version == 3 {
		return hep3(d, when)
	}
	// Version, length of the header without its time, family, protocol, ports,
	// addresses; in version 2 the time in the order of the agent's machine, the
	// agent's number, and two bytes of padding.
	length, family := 16, byte(2)
	if d.src.Addr().Is6() {
		length, family = 40, 10
	}
	b := join([]byte{byte(version), byte(length), family, numberUDP}, u16(int(d.src.Port())), u16(int(d.dst.Port())),
		d.src.Addr().AsSlice(), d.dst.Addr().AsSlice())
	if version == 2 {
		b = binary.LittleEndian.AppendUint32(b, uint32(when.Unix()))
		b = binary.LittleEndian.AppendUint32(b, uint32(when.Nanosecond()/1000))
		b = join(b, []byte{7, 0, 0, 0})
	}
	return join(b, d.payload)
}

// hep3 has everything in chunks: vendor, type, length with its own six bytes.
func hep3(d datum, when time.Time) []byte {
	chunk := func(kind int, b []byte) []byte { return join(u16(0), u16(kind), u16(6+len(b)), b) }
	family, addresses := byte(2), 3
	if d.src.Addr().Is6() {
		family, addresses = 10, 5
	}
	kind := byte(1) // SIP
	if d.media {
		kind = 4 // RTP
	}
	body := join(chunk(1, []byte{family}), chunk(2, []byte{numberUDP}), chunk(addresses, d.src.Addr().AsSlice()),
		chunk(addresses+1, d.dst.Addr().AsSlice()), chunk(7, u16(int(d.src.Port()))), chunk(8, u16(int(d.dst.Port()))),
		chunk(9, u32(uint32(when.Unix()))), chunk(10, u32(uint32(when.Nanosecond()/1000))), chunk(11, []byte{kind}),
		chunk(12, u32(2001)), chunk(14, []byte("secret")), chunk(15, d.payload))
	return join([]byte("HEP3"), u16(6+len(body)), body)
}

// reported is a call of which an agent reports each datum.
func reported(call []datum, version int) []datum {
	out := make([]datum, len(call))
	for i, d := range call {
		out[i] = datum{at: d.at, src: agent.from, dst: agent.to, payload: hep(version, d)}
	}
	return out
}

// TestHEP: a call that capture agents report is the same call, whatever wraps
// the reports.
func TestHEP(t *testing.T) {
	for _, s := range sites {
		call := cleanCall(s, "UDP")
		want := plain(call).play(t)
		for version := 1; version <= 3; version++ {
			reports := reported(call, version)
			for _, link := range linkLayers {
				sameReport(t, wrapped(reports, link, routers[0]), want, fmt.Sprintf("HEP %d, %s in %s", version, s.name, link.name))
			}
			for i, e := range encapsulations {
				sameReport(t, wrapped(reports, linkLayers[0], routers[i%2], e), want, fmt.Sprintf("HEP %d, %s in %s", version, s.name, e.name))
			}
			bare := newTape(frame.LinkHEP)
			for _, d := range reports {
				bare.add(d.at, d.payload)
			}
			sameReport(t, bare, want, fmt.Sprintf("HEP %d, %s without a packet around", version, s.name))
		}
	}
}

// TestHEPOverTCP: agents also report over TCP, each packet behind the other.
func TestHEPOverTCP(t *testing.T) {
	for _, s := range sites {
		call := cleanCall(s, "UDP")
		want := plain(call).play(t)
		for name, cut := range map[string]cutter{"whole": whole, "in pieces": every(37), "a byte a segment": every(1), "reordered": ordered(every(300), 1, 0, 3, 2)} {
			tape := newTape(frame.LinkEthernet)
			c := newConnection(tape, &hosts{}, s, hepPort)
			c.open(0)
			for _, d := range reported(call, 3) {
				c.say(d.at, true, len(d.payload), cut(d.payload))
			}
			sameReport(t, tape, want, "HEP over TCP, "+s.name+", "+name)
		}
	}
}

// sameReport is sameCall for a call that is known from reports.
func sameReport(t *testing.T, tape *tape, want *heard, what string) {
	t.Helper()
	if tape == nil {
		return
	}
	got := tape.play(t)
	if !strings.Contains(strings.Join(got.lines, "\n"), `"source":"hep"`) {
		t.Errorf("%s: no call says that agents reported it", what)
	}
	delete(got.summary.Ignored, "tcp") // what opens and ends a connection
	if d := got.differs(want, `"source":"hep"`, `"source":"wire"`); d != "" {
		t.Errorf("%s:\n%s", what, d)
	}
}
