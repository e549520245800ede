package frame

import (
	"testing"

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

func TestPlainFramesAllocateNothing(t *testing.T) {
	d := New()
	var p Packet
	for name, frame := range plain() {
		if n := testing.AllocsPerRun(100, func() { d.Decode(LinkEthernet, frame, len(frame), now, &p) }); n != 0 {
			t.Errorf("%s: got %v allocations, want none", name, n)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	d := New()
	var p Packet
	for name, frame := range plain() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.Decode(LinkEthernet, frame, len(frame), now, &p)
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
