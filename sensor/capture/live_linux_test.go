package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tollwatch/decoder/frame"
)

// inNamespace runs a test on a thread with a network namespace of its own;
// the thread, and with it the namespace, ends with the test.
func inNamespace(t *testing.T, test func(t *testing.T)) {
	if os.Getuid() != 0 {
		unavailable(t, "live capture needs root: CAP_NET_RAW, CAP_NET_ADMIN and CAP_SYS_ADMIN")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		unavailable(t, "live capture is tested with ip of the package iproute2")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread must not be used again
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			t.Errorf("make a network namespace: %v", err)
			return
		}
		test(t)
	}()
	<-done
}

func ip(t *testing.T, args string) string {
	t.Helper()
	out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
	if err != nil {
		t.Errorf("ip %s: %v: %s", args, err, out)
	}
	return string(out)
}

func veth(t *testing.T) {
	ip(t, "link add tap type veth peer name far")
	ip(t, "link set tap up")
	ip(t, "link set far up")
}

const marker = "tollwatch live test"

// udpFrame is frame number n between strangers, with a tag when vlan is set.
func udpFrame(n int, vlan uint16) []byte {
	b := []byte{2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8}
	if vlan != 0 {
		b = binary.BigEndian.AppendUint16(append(b, 0x81, 0), vlan)
	}
	payload := fmt.Appendf(nil, "%s %d", marker, n)
	b = append(b, 8, 0, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(28+len(payload)))
	b = append(b, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0x13, 0xc4, 0x13, 0xc4)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return append(append(b, 0, 0), payload...)
}

// sender writes raw frames to an interface.
func sender(t *testing.T, name string) (send func(b []byte), stop func()) {
	t.Helper()
	i, err := net.InterfaceByName(name)
	if err != nil {
		t.Error(err)
		return func([]byte) {}, func() {}
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Error(err)
	}
	send = func(b []byte) {
		if err := unix.Sendto(fd, b, 0, &unix.SockaddrLinklayer{Ifindex: i.Index}); err != nil {
			t.Errorf("send %d bytes: %v", len(b), err)
		}
	}
	return send, func() { unix.Close(fd) }
}

// collect reads marked frames until the source has been silent twice.
func collect(t *testing.T, s Source) []Frame {
	t.Helper()
	var out []Frame
	for idle := 0; idle < 2; {
		var f Frame
		err := s.Next(&f)
		if errors.Is(err, ErrIdle) {
			idle++
			continue
		}
		if err != nil {
			t.Errorf("next: %v", err)
			return out
		}
		if bytes.Contains(f.Data, []byte(marker)) {
			f.Data = bytes.Clone(f.Data)
			out = append(out, f)
		}
	}
	return out
}

func open(t *testing.T, names ...string) Tap {
	t.Helper()
	s, err := OpenLive(LiveConfig{Interfaces: names, RingBytes: 4 << 20})
	if err != nil {
		t.Errorf("open %v: %v", names, err)
		runtime.Goexit()
	}
	return s
}

func TestLiveDeliversEachFrameOnce(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		s := open(t, "tap")
		defer s.Close()
		if out := ip(t, "-d link show tap"); !strings.Contains(out, "promiscuity 1") {
			t.Errorf("not promiscuous: %s", out)
		}
		send, stop := sender(t, "far")
		defer stop()
		const count = 1000
		for n := range count {
			send(udpFrame(n, 0))
		}
		got := collect(t, s)
		if len(got) != count {
			t.Errorf("got %d frames, want %d", len(got), count)
		}
		for n, f := range got {
			want := udpFrame(n, 0)
			if !bytes.Equal(f.Data, want) || f.WireLength != len(want) || f.Link != frame.LinkEthernet {
				t.Errorf("frame %d: got %x (%d on the wire, link %d), want %x", n, f.Data, f.WireLength, f.Link, want)
				break
			}
		}
		if st := s.Stats(); st.KernelDrops != 0 || st.Frames < count {
			t.Errorf("got stats %+v, want %d frames and no drops", st, count)
		}
	})
}

func TestLiveKeepsTags(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		s := open(t, "tap")
		defer s.Close()
		send, stop := sender(t, "far")
		defer stop()
		want := udpFrame(0, 7)
		send(want)
		got := collect(t, s)
		if len(got) != 1 {
			t.Errorf("got %d frames, want 1", len(got))
			return
		}
		if f := got[0]; !bytes.Equal(f.Data, want) || f.VLAN != 7 || f.WireLength != len(want) {
			t.Errorf("got tag %d, %d on the wire, %x\nwant 7, %d, %x", f.VLAN, f.WireLength, f.Data, len(want), want)
		}
	})
}

func TestLiveLoopbackHasNoDoubles(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		ip(t, "link set lo up")
		s := open(t, "lo")
		defer s.Close()
		c, err := net.Dial("udp", "127.0.0.1:5060")
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		for range 50 {
			c.Write([]byte(marker)) // answered by ICMP, which quotes it, and which Write reports
		}
		requests := 0
		for _, f := range collect(t, s) {
			if f.Data[14+9] == 17 {
				requests++
			}
		}
		if requests == 0 || requests > 50 {
			t.Errorf("got %d datagrams of at most 50", requests)
		}
	})
}

func TestLiveAnyIsEveryEthernetInterface(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		ip(t, "link set lo up")
		ip(t, "link add down type veth peer name down2")
		names, err := Resolve([]string{Any, "tap"})
		if err != nil || strings.Join(names, " ") != "far tap" {
			t.Errorf("got %v, %v, want far and tap", names, err)
		}
		s := open(t, Any)
		defer s.Close()
		send, stop := sender(t, "far")
		defer stop()
		send(udpFrame(0, 0))
		got := collect(t, s)
		if len(got) != 2 || got[0].Interface == got[1].Interface {
			t.Errorf("got %d frames, want one of each end: %+v", len(got), got)
		}
	})
}

func TestLiveCountsWhatTheKernelLost(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		s := open(t, "tap")
		defer s.Close()
		send, stop := sender(t, "far")
		defer stop()
		big := append(udpFrame(0, 0), make([]byte, 1400)...)
		const count = 6000 // of 1.5 kB: twice the ring
		for range count {
			send(big)
		}
		got := collect(t, s)
		st := s.Stats()
		if st.KernelDrops == 0 || uint64(len(got))+st.KernelDrops < count {
			t.Errorf("got %d frames and stats %+v, want them to account for %d", len(got), st, count)
		}
	})
}

// TestLiveWake: somebody else wakes a Next that waits, and one that will.
func TestLiveWake(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		s := open(t, "tap")
		collect(t, s) // what the kernel itself says on a new interface
		began := time.Now()
		const turns = 100
		for range turns {
			s.Wake()
			if err := s.Next(&Frame{}); err != nil && err != ErrIdle {
				t.Errorf("got %v, want that nothing came", err)
			}
		}
		if took := time.Since(began); took > turns*IdleAfter/2 {
			t.Errorf("%d turns took %v, want that none waits for %v", turns, took, IdleAfter)
		}
		waker := []unix.PollFd{{Fd: int32(s.(chosen).ear.(*live).waker.fd), Events: unix.POLLIN}}
		if n, err := unix.Poll(waker, 0); n != 0 || err != nil {
			t.Errorf("got the waker readable (%d, %v), want that the next one waits", n, err)
		}
		s.Close()
		s.Next(&Frame{})
		s.Wake() // does no harm
	})
}

func TestLiveCloseEndsNext(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		s := open(t, "tap")
		ended := make(chan error)
		go func() {
			for {
				if err := s.Next(&Frame{}); err == io.EOF {
					ended <- err
					return
				}
			}
		}()
		s.Close()
		<-ended
		if out := ip(t, "-d link show tap"); strings.Contains(out, "promiscuity 1") {
			t.Errorf("still promiscuous after Close: %s", out)
		}
		if err := s.Close(); err != nil {
			t.Errorf("close again: %v", err)
		}
	})
}

func TestLiveErrors(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		veth(t)
		ip(t, "link set tap down")
		for _, c := range []struct{ name, want string }{
			{"eth9", "capture on eth9: no such interface: there are "},
			{"tap", "capture on tap: the interface is down: ip link set tap up"},
		} {
			_, err := OpenLive(LiveConfig{Interfaces: []string{c.name}})
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s…", c.name, err, c.want)
			}
		}
	})
}

func TestNoRightsSaysWhatToDo(t *testing.T) {
	err := refused("eth0", unix.EPERM)
	if !errors.Is(err, unix.EPERM) || !strings.Contains(err.Error(), "CAP_NET_RAW") {
		t.Errorf("got %v, want EPERM and a word on CAP_NET_RAW", err)
	}
}
