package frame

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// plain are frames as a site has them by the million: none may allocate.
func plain() map[string][]byte {
	rtp := make([]byte, 172)
	return map[string][]byte{
		"udp":    ethernetII(0x800, ip4(17, ip4a, ip4b, udpTo(10000, 20000, rtp))),
		"udp6":   ethernetII(0x86dd, ip6(17, ip6a, ip6b, udpTo(10000, 20000, rtp))),
		"vlan":   ethernetII(0x8100, tag(7, 0x800, ip4(17, ip4a, ip4b, udpTo(10000, 20000, rtp)))),
		"tcp":    ethernetII(0x800, ip4(6, ip4a, ip4b, tcpTo(443, 50000, 1, ACK, rtp))),
		"vxlan":  ethernetII(0x800, tunnels[14].wrap(ip4(17, ip4a, ip4b, udpTo(10000, 20000, rtp)))),
		"erspan": ethernetII(0x800, tunnels[10].wrap(ip4(17, ip4a, ip4b, udpTo(10000, 20000, rtp)))),
		"arp":    ethernetII(0x806, make([]byte, 46)),
		"broken": ethernetII(0x800, make([]byte, 46)),
	}
}

// rtpSequence is where the sequence number of the voice in a plain frame
// stands, from its end.
const rtpSequence = 172 - 2

// next makes the frame the next one of its stream.
func next(frame []byte) {
	if n := len(frame) - rtpSequence; n > 0 {
		binary.BigEndian.PutUint16(frame[n:], uint16(be16(frame[n:])+1))
	}
}

func TestPlainFramesAllocateNothing(t *testing.T) {
	d := New()
	var p Packet
	for name, frame := range plain() {
		var got Outcome
		decode := func() { got = d.Decode(LinkEthernet, frame, len(frame), now, &p) }
		if n := testing.AllocsPerRun(100, func() { next(frame); decode() }); n != 0 {
			t.Errorf("%s: got %v allocations, want none", name, n)
		}
		first := got
		if n := testing.AllocsPerRun(100, decode); n != 0 || first == Transport && got != IgnoredDuplicate {
			t.Errorf("%s, again and again: got %v allocations and %s, want none and duplicate", name, n, got)
		}
	}
}

// BenchmarkDecode reads each frame some time after it was written, as from the
// ring of a capture.
func BenchmarkDecode(b *testing.B) {
	d := New()
	var p Packet
	for name, frame := range plain() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var ring [64][]byte
			for i := range ring {
				ring[i] = bytes.Clone(frame)
			}
			at := now
			for i := 0; b.Loop(); i++ {
				next(frame)
				copy(ring[i%64], frame)
				at = at.Add(20 * time.Microsecond) // 50,000 packets a second
				data := ring[(i+1)%64]
				d.Decode(LinkEthernet, data, len(data), at, &p)
			}
		})
	}
}

// BenchmarkGopacket is the same with gopacket's DecodingLayerParser, its
// fastest way: to compare in one run.
func BenchmarkGopacket(b *testing.B) {
	var (
		eth     layers.Ethernet
		dot1q   layers.Dot1Q
		four    layers.IPv4
		six     layers.IPv6
		udp     layers.UDP
		tcp     layers.TCP
		payload gopacket.Payload
	)
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet, &eth, &dot1q, &four, &six, &udp, &tcp, &payload)
	parser.IgnoreUnsupported = true
	decoded := make([]gopacket.LayerType, 0, 8)
	frames := plain()
	for _, name := range []string{"udp", "udp6", "vlan", "tcp"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := parser.DecodeLayers(frames[name], &decoded); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
