package capture

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"

	"tollwatch/bpf"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/media"
)

// openMode is open by a back-end.
func openMode(t *testing.T, mode string, names ...string) Tap {
	t.Helper()
	h, err := Probe()
	if err != nil {
		t.Fatal(err)
	}
	if why := h.refuses(Backend(mode)); why != "" {
		unavailable(t, "capture by "+mode+": "+why)
	}
	s, err := OpenLive(LiveConfig{Interfaces: names, RingBytes: 4 << 20, Mode: mode})
	if err != nil {
		t.Fatalf("open %v by %s: %v", names, mode, err)
	}
	t.Cleanup(func() {
		s.Close()
		if k := s.Kernel(); k != nil {
			k.Close()
		}
	})
	return s
}

// rtpFrame is a packet of voice between strangers, with a tag when vlan is set.
func rtpFrame(sequence uint16, vlan uint16) []byte {
	b := udpFrame(0, vlan)
	head := len(b) - len(marker) - 2 - 28
	payload := binary.BigEndian.AppendUint16([]byte{0x80, 0}, sequence)
	payload = binary.BigEndian.AppendUint32(payload, uint32(sequence)*160)
	payload = append(append(payload, 0, 0, 0, 7), make([]byte, 160)...)
	b = append(b[:head+28], payload...)
	binary.BigEndian.PutUint16(b[head+2:], uint16(28+len(payload)))
	binary.BigEndian.PutUint16(b[head+24:], uint16(8+len(payload)))
	return b
}

// there is where rtpFrame goes to.
var there = netip.MustParseAddrPort("192.0.2.2:5060")

// inKernel does what the back-ends that count in the kernel have in common.
func inKernel(t *testing.T, test func(t *testing.T, mode string)) {
	for _, mode := range []string{"ebpf", "tcx"} {
		t.Run(mode, func(t *testing.T) {
			inNamespace(t, func(t *testing.T) { test(t, mode) })
		})
	}
}

// TestLibpcapHearsTheSame: every frame of several interfaces, with its tag.
func TestLibpcapHearsTheSame(t *testing.T) {
	if !withLibpcap() {
		t.Skip("this build has no libpcap: make test-libpcap has")
	}
	inNamespace(t, func(t *testing.T) {
		veth(t)
		s := openMode(t, "pcap", "tap", "far")
		send, stop := sender(t, "far")
		defer stop()
		const count = 200
		for n := range count {
			send(udpFrame(n, uint16(n%2*7)))
		}
		seen := map[string]int{}
		for _, f := range collect(t, s) {
			seen[string(f.Data)]++
		}
		for n := range count {
			if b := udpFrame(n, uint16(n%2*7)); seen[string(b)] != 2 {
				t.Fatalf("got frame %d %d times, want once at each end", n, seen[string(b)])
			}
		}
		if st := s.Stats(); st.KernelDrops != 0 {
			t.Errorf("got %d frames lost, want none", st.KernelDrops)
		}
	})
}

// TestKernelCountsOnAnInterface: RTP at an endpoint stays in the kernel, but for its
// first packets, with a tag in the frame's metadata or without.
func TestKernelCountsOnAnInterface(t *testing.T) {
	inKernel(t, func(t *testing.T, mode string) {
		for _, vlan := range []uint16{0, 7} {
			veth(t)
			s := openMode(t, mode, "tap")
			k := s.Kernel()
			k.Announce(&media.Notice{Addr: there})
			send, stop := sender(t, "far")
			const count = 500
			for n := range uint16(count) {
				send(rtpFrame(n, vlan))
			}
			send(udpFrame(1, vlan)) // its marker is a word and a blank: it may be SIP
			got := collect(t, s)
			stop()
			if len(got) != 1 {
				t.Errorf("tag %d: got %d frames that may be SIP, want 1", vlan, len(got))
			}
			tallies, err := k.Tallies()
			if err != nil || tallies[bpf.RefusedRTP].Frames != count-8 || tallies[bpf.PassedRTP].Frames != 8 {
				t.Errorf("tag %d: got %+v, %v, want %d packets of RTP counted and 8 passed on", vlan, tallies, err, count-8)
			}
			readings, err := k.Readings(nil)
			if err != nil || len(readings) != 1 {
				t.Fatalf("tag %d: got %d readings, %v, want 1", vlan, len(readings), err)
			}
			if r := readings[0]; r.Packets != count || r.Bytes != count*160 || r.Dst != there || r.SSRC != 7 {
				t.Errorf("tag %d: got %+v, want %d packets of 160 bytes", vlan, r, count)
			}
			if st := s.Stats(); st.KernelDrops != 0 {
				t.Errorf("got %d frames lost, want that what the kernel keeps is not lost", st.KernelDrops)
			}
			s.Close()
			ip(t, "link del tap")
		}
	})
}

// TestKernelOfAnInterfaceThatComesBack: its ring has the filter again.
func TestKernelOfAnInterfaceThatComesBack(t *testing.T) {
	inKernel(t, func(t *testing.T, mode string) {
		veth(t)
		s := openMode(t, mode, "tap")
		s.Kernel().Announce(&media.Notice{Addr: there})
		ip(t, "link del tap")
		if gone := nextInterfaceError(s); gone == nil {
			t.Fatal("got no word of the interface that is gone")
		}
		veth(t)
		for n := 0; len(s.Stats().Away) > 0; n++ {
			if n == 60 {
				t.Fatal("the interface is not taken up again")
			}
			s.Next(&Frame{})
		}
		send, stop := sender(t, "far")
		defer stop()
		for n := range uint16(20) {
			send(rtpFrame(n, 0))
		}
		collect(t, s)
		if r, err := s.Kernel().Readings(nil); err != nil || len(r) != 1 || r[0].Packets != 20 {
			t.Errorf("got %+v, %v, want 20 packets", r, err)
		}
	})
}

// TestKernelOnLoopbackHasNoDoubles: a frame there leaves and arrives.
func TestKernelOnLoopbackHasNoDoubles(t *testing.T) {
	inKernel(t, func(t *testing.T, mode string) {
		ip(t, "link set lo up")
		s := openMode(t, mode, "lo")
		k := s.Kernel()
		here := netip.MustParseAddrPort("127.0.0.1:40000")
		k.Announce(&media.Notice{Addr: here})
		for n := range uint16(50) {
			b := rtpFrame(n, 0)
			sendUDP(t, here, b[42:])
		}
		collect(t, s)
		if r, err := k.Readings(nil); err != nil || len(r) != 1 || r[0].Packets != 50 || r[0].Duplicates != 0 {
			t.Errorf("got %+v, %v, want 50 packets and no duplicate", r, err)
		}
		if tallies, _ := k.Tallies(); tallies[bpf.RefusedDouble].Frames != 0 {
			t.Errorf("got %d doubles, want none", tallies[bpf.RefusedDouble].Frames)
		}
	})
}

// sendUDP sends from a port of its own, always the same.
func sendUDP(t *testing.T, to netip.AddrPort, payload []byte) {
	t.Helper()
	from := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40002}
	c, err := net.DialUDP("udp", from, net.UDPAddrFromAddrPort(to))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Write(payload) // a refusal by ICMP is another's
}

// TestKernelFramesAreWhole: what is passed on has every byte, its tag, and its length,
// also where it is as long as segmentation offload makes it.
func TestKernelFramesAreWhole(t *testing.T) {
	inKernel(t, func(t *testing.T, mode string) {
		veth(t)
		ip(t, "link set tap mtu 60000")
		ip(t, "link set far mtu 60000")
		s := openMode(t, mode, "tap")
		send, stop := sender(t, "far")
		defer stop()
		var want [][]byte
		for _, size := range []int{0, 1, 1400, 16384 - 70, 16384, 50000} {
			for _, vlan := range []uint16{0, 7} {
				b := append(udpFrame(size, vlan), bytes.Repeat([]byte{byte(size)}, size)...)
				want = append(want, b)
				send(b)
			}
		}
		got := collect(t, s)
		if len(got) != len(want) {
			t.Fatalf("got %d frames, want %d", len(got), len(want))
		}
		for i, f := range got {
			vlan := uint16(i % 2 * 7)
			if !bytes.Equal(f.Data, want[i]) || f.WireLength != len(want[i]) || f.VLAN != vlan || f.Link != frame.LinkEthernet {
				t.Errorf("frame %d: got %d bytes (%d on the wire, tag %d), want those %d, tag %d", i, len(f.Data), f.WireLength, f.VLAN, len(want[i]), vlan)
			}
			if age := time.Since(f.Time); age < 0 || age > time.Minute {
				t.Errorf("frame %d: got the time %v, %v ago", i, f.Time, age)
			}
		}
	})
}

// TestKernelLetsPass: the tap sees what leaves the interface and what arrives, and
// who the packets are for gets them.
func TestKernelLetsPass(t *testing.T) {
	inKernel(t, func(t *testing.T, mode string) {
		veth(t)
		ip(t, "address add 192.0.2.1/24 dev tap")
		ip(t, "link set lo up")
		s := openMode(t, mode, "tap")
		// The peer echoes by hand what it hears, so that the packet comes back as another's.
		send, stop := sender(t, "far")
		defer stop()
		mac, err := net.InterfaceByName("tap")
		if err != nil {
			t.Fatal(err)
		}
		here, err := net.ListenPacket("udp", "192.0.2.1:5060")
		if err != nil {
			t.Fatal(err)
		}
		defer here.Close()
		b := udpFrame(3, 0)
		copy(b, mac.HardwareAddr)
		copy(b[26:], []byte{192, 0, 2, 9, 192, 0, 2, 1})
		be := binary.BigEndian
		be.PutUint16(b[24:], checksum(b[14:34]))
		send(b)
		here.SetReadDeadline(time.Now().Add(5 * time.Second))
		heard := make([]byte, 100)
		n, _, err := here.ReadFrom(heard)
		if err != nil || string(heard[:n]) != marker+" 3" {
			t.Errorf("got %q, %v, want that the packet arrives", heard[:n], err)
		}
		out, stopOut := sender(t, "tap")
		defer stopOut()
		out(udpFrame(4, 0))
		if got := collect(t, s); len(got) != 2 {
			t.Errorf("got %d frames, want the one that arrived and the one that left", len(got))
		}
	})
}

// checksum is that of an IPv4 header whose own is zero (RFC 1071).
func checksum(header []byte) uint16 {
	sum := uint32(0)
	for i := 0; i < len(header); i += 2 {
		sum += uint32(header[i])<<8 | uint32(header[i+1])
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
