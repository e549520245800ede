package frame

import (
	"bytes"
	"net/netip"
	"path/filepath"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// oracle is the innermost transport packet that gopacket finds in a frame, if
// it finds one and what gopacket does not check was in order: versions, the
// data offset of TCP.
func oracle(first gopacket.Decoder, data []byte) (p Packet, ok bool) {
	packet := gopacket.NewPacket(data, first, gopacket.DecodeOptions{NoCopy: true})
	var src, dst netip.Addr
	for _, l := range packet.Layers() {
		switch l := l.(type) {
		case *layers.IPv4:
			if l.Version != 4 || l.FragOffset != 0 || l.Flags&layers.IPv4MoreFragments != 0 || l.Length == 0 {
				return p, false
			}
			src, _ = netip.AddrFromSlice(l.SrcIP.To4())
			dst, _ = netip.AddrFromSlice(l.DstIP.To4())
			ok = false
		case *layers.VXLAN, *layers.Geneve:
			ok = false
		case *layers.IPv6:
			src, _ = netip.AddrFromSlice(l.SrcIP)
			dst, _ = netip.AddrFromSlice(l.DstIP)
			ok = false
		case *layers.IPv6Fragment, *layers.ICMPv4, *layers.ICMPv6:
			return p, false
		case *layers.UDP:
			p = Packet{Protocol: UDP, Payload: l.Payload}
			p.Src, p.Dst, ok = netip.AddrPortFrom(src, uint16(l.SrcPort)), netip.AddrPortFrom(dst, uint16(l.DstPort)), true
		case *layers.TCP:
			if l.DataOffset < 5 {
				return p, false
			}
			p = Packet{Protocol: TCP, Payload: l.Payload, Seq: l.Seq}
			p.Src, p.Dst, ok = netip.AddrPortFrom(src, uint16(l.SrcPort)), netip.AddrPortFrom(dst, uint16(l.DstPort)), true
		}
	}
	return p, ok && !packet.Metadata().Truncated
}

// agree compares one frame. It reports false when gopacket has no opinion.
func agree(t *testing.T, name string, link LinkType, first gopacket.Decoder, data []byte) bool {
	t.Helper()
	want, ok := oracle(first, data)
	if !ok {
		return false
	}
	var got Packet
	d := New()
	outcome := d.Decode(link, data, len(data), now, &got)
	if outcome == Transport && len(got.Payload) < len(want.Payload) && d.Counters().Tunnelled > 0 {
		return false // gopacket stopped at the outer of two, or knows the wrapping not at all
	}
	if outcome == IgnoredHEP {
		return false // gopacket does not know HEP
	}
	if outcome != Transport || got.Protocol != want.Protocol || got.Src != want.Src || got.Dst != want.Dst ||
		got.Seq != want.Seq || !bytes.Equal(got.Payload, want.Payload) {
		t.Errorf("%s: got %s %s to %s, %d bytes; gopacket says %s to %s, %d bytes; frame %x",
			name, outcome, got.Src, got.Dst, len(got.Payload), want.Src, want.Dst, len(want.Payload), data)
	}
	return true
}

var gopacketLinks = map[LinkType]gopacket.Decoder{
	LinkEthernet: layers.LinkTypeEthernet, LinkNull: layers.LinkTypeNull, LinkLoop: layers.LinkTypeLoop,
	LinkSLL: layers.LinkTypeLinuxSLL, LinkPPP: layers.LinkTypePPP,
}

// TestGopacketOnWrappings: where gopacket reads a wrapping, it reads the same.
func TestGopacketOnWrappings(t *testing.T) {
	compared := 0
	for _, l := range links {
		for _, tun := range tunnels {
			for _, in := range inners {
				first, ok := gopacketLinks[l.link]
				if ok && agree(t, in.name+" in "+tun.name+" in "+l.name, l.link, first, l.wrap(tun.wrap(in.ip))) {
					compared++
				}
			}
		}
	}
	if compared < 300 {
		t.Errorf("compared %d frames: gopacket should have read more", compared)
	}
}

// perCapture bounds the frames compared of a capture: gopacket takes its time.
const perCapture = 300

func TestGopacketOnCorpus(t *testing.T) {
	dir := corpus(t)
	paths, _ := filepath.Glob(filepath.Join(dir, "captures", "*"))
	compared, total := 0, 0
	for _, path := range paths {
		all := frames(t, path)
		for _, c := range all[:min(len(all), perCapture)] {
			total++
			first, ok := gopacketLinks[c.link]
			if ok && c.info.Length == len(c.data) && agree(t, filepath.Base(path), c.link, first, c.data) {
				compared++
			}
		}
	}
	t.Logf("compared %d of %d frames", compared, total)
	if compared < total*8/10 {
		t.Errorf("compared %d of %d frames: gopacket should have read more", compared, total)
	}
}
