package wire

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

func ends(version int) (a, b Port) {
	from, to := netip.MustParseAddr("192.168.10.101"), netip.MustParseAddr("203.0.113.5")
	if version == 6 {
		from, to = netip.MustParseAddr("2001:db8:10::65"), netip.MustParseAddr("2001:db8:113::5")
	}
	return Port{&Host{MAC: MAC(101), Addr: from}, 5060}, Port{&Host{MAC: MAC(1), Addr: to, Hops: 6}, 5061}
}

// TestChecksums: gopacket, asked to sum the same layers anew, writes the same
// bytes, for payloads of even, odd and no length.
func TestChecksums(t *testing.T) {
	for _, version := range []int{4, 6} {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 172, 1399, 1400} {
			payload := bytes.Repeat([]byte{0xff, 0x01, 0x80}, n)[:n]
			src, dst := ends(version)
			var b Builder
			for range 3 { // the identification of IPv4 changes
				again(t, version, n, b.UDP(src, dst, Voice, payload))
				again(t, version, n, b.TCP(src, dst, Segment{Seq: 0xfffffff0, Ack: 7, Flags: PSH | ACK}, payload))
			}
		}
	}
}

// again serialises the layers of a frame with sums of gopacket's.
func again(t *testing.T, version, n int, frame []byte) {
	t.Helper()
	p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.DecodeOptions{NoCopy: true})
	var parts []gopacket.SerializableLayer
	for _, l := range p.Layers()[:3] {
		switch l := l.(type) {
		case *layers.TCP:
			if err := l.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
				t.Fatal(err)
			}
		case *layers.UDP:
			if err := l.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
				t.Fatal(err)
			}
		}
		parts = append(parts, l.(gopacket.SerializableLayer))
	}
	parts = append(parts, gopacket.Payload(p.TransportLayer().LayerPayload()))
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{ComputeChecksums: true, FixLengths: true}, parts...); err != nil {
		t.Fatalf("IPv%d, %d bytes: %v", version, n, err)
	}
	// gopacket pads to the 60 bytes that the wire wants.
	if want := buf.Bytes()[:len(frame)]; !bytes.Equal(frame, want) {
		t.Errorf("IPv%d, %d bytes:\ngot  %x\nwant %x", version, n, frame, want)
	}
}

func TestFramesAllocateNothing(t *testing.T) {
	src, dst := ends(4)
	var b Builder
	payload := make([]byte, 172)
	b.UDP(src, dst, Voice, payload)
	if n := testing.AllocsPerRun(100, func() { b.UDP(src, dst, Voice, payload) }); n != 0 {
		t.Errorf("got %v allocations a frame, want 0", n)
	}
}
