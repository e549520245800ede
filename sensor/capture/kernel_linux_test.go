package capture

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"

	"tollwatch/bpf"
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
	for _, mode := range []string{"ebpf"} {
		t.Run(mode, func(t *testing.T) {
			inNamespace(t, func(t *testing.T) { test(t, mode) })
		})
	}
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
