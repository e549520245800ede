package devices

import (
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/rights"
)

// inNamespace runs a test on a thread with a network namespace of its own; the
// thread, and with it the namespace, ends with the test.
func inNamespace(t *testing.T, test func(t *testing.T)) {
	need(t, os.Getuid() == 0, "network namespaces need root")
	_, err := exec.LookPath("ip")
	need(t, err == nil, "ip of the package iproute2 is not installed")
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

func ip(t *testing.T, args string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
		t.Errorf("ip %s: %v: %s", args, err, out)
	}
}

// TestList: a pair of which one end was put into promiscuous mode, a bridge that
// nobody has switched on, and the loopback.
func TestList(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		ip(t, "link set lo up")
		ip(t, "link add tap type veth peer name far")
		ip(t, "link set tap up mtu 1400 promisc on")
		ip(t, "address add 192.0.2.7/24 dev far")
		ip(t, "link add br0 type bridge")
		all, err := List()
		if err != nil {
			t.Error(err)
			return
		}
		var got []string
		for _, d := range all {
			got = append(got, d.Name)
			switch d.Name {
			case "br0":
				check(t, d, "bridge", Down, 1500, false, false, "ip link set br0 up")
			case "far":
				check(t, d, "veth", Down, 1500, false, false, "ip link set far up")
				if len(d.Addresses) != 1 || d.Addresses[0] != netip.MustParsePrefix("192.0.2.7/24") {
					t.Errorf("far: got addresses %v, want 192.0.2.7/24", d.Addresses)
				}
			case "lo":
				check(t, d, "loopback", Up, 65536, false, false, "")
			case "tap":
				check(t, d, "veth", NoCarrier, 1400, true, true, "")
			}
		}
		if names := strings.Join(got, " "); names != "br0 far lo tap" {
			t.Errorf("got %s, want br0 far lo tap", names)
		}
	})
}

func check(t *testing.T, d Device, kind string, state State, mtu int, promiscuous, taken bool, why string) {
	t.Helper()
	if d.Kind != kind || d.State != state || d.MTU != mtu || d.Promiscuous != promiscuous || d.Any != taken || d.Index <= 0 {
		t.Errorf("got %+v, want %s, %s, MTU %d, promiscuous %v, of any %v", d, kind, state, mtu, promiscuous, taken)
	}
	for _, w := range d.Ways {
		if w.Possible == (w.Why != "") || !w.Machine && (w.Possible != (why == "") || !strings.Contains(w.Why, why)) {
			t.Errorf("%s: got %+v, want why it is not possible: %q", d.Name, w, why)
		}
	}
	if len(d.Ways) != len(capture.Backends) {
		t.Errorf("%s: got %d ways, want one for each back-end", d.Name, len(d.Ways))
	}
}

// TestWhatIsPossibleWorks: each way that is called possible opens, and no other.
func TestWhatIsPossibleWorks(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		ip(t, "link add tap type veth peer name far")
		ip(t, "link set tap up")
		ip(t, "link set far up")
		all, err := List()
		if err != nil || len(all) != 3 {
			t.Errorf("got %v, %v; want lo and the pair", all, err)
			return
		}
		possible := 0
		for _, d := range all {
			for _, w := range d.Ways {
				tap, err := capture.OpenLive(capture.LiveConfig{Interfaces: []string{d.Name}, RingBytes: 1 << 20, Mode: string(w.Backend)})
				if (err == nil) != w.Possible {
					t.Errorf("%s: got %v of %s, which was called possible: %v %s", d.Name, err, w.Backend, w.Possible, w.Why)
				}
				if err == nil {
					possible++
					tap.Close()
				}
			}
		}
		if possible < 2 {
			t.Errorf("got %d ways that work, want the packet ring at least on both ends of the pair", possible)
		}
	})
}

// TestStrangeFrames: what the kernel says of an interface whose frames the sensor
// does not know, as of a serial line.
func TestStrangeFrames(t *testing.T) {
	message := make([]byte, unix.SizeofIfInfomsg)
	native.PutUint16(message[2:], unix.ARPHRD_CAN)
	native.PutUint32(message[8:], unix.IFF_UP|unix.IFF_RUNNING)
	d := device(message, nil)
	d.judge(&capture.Host{Major: 6, Bits: 64, Held: ^rights.Set(0)})
	if d.Kind != "type 280" || d.Ways[0].Possible || !strings.Contains(d.Ways[0].Why, "link type 280") {
		t.Errorf("got %+v, want that its frames are not known", d)
	}
}

// TestKindIsBounded: no length that the message names leads out of it.
func TestKindIsBounded(t *testing.T) {
	for _, b := range [][]byte{{}, {4}, {3, 0, 1, 0}, {9, 0, 1, 0, 'v'}, {5, 0, 2, 0, 'x'}, {0xff, 0xff, 1, 0, 'v'}} {
		if got := kind(b); got != "" {
			t.Errorf("% x: got %q, want nothing", b, got)
		}
	}
	if got := kind([]byte{5, 0, 2, 0, 'x', 0, 0, 0, 9, 0, 1, 0, 'v', 'e', 't', 'h', 0}); got != "veth" {
		t.Errorf("got %q, want veth", got)
	}
}

func need(t *testing.T, ok bool, reason string) {
	t.Helper()
	if ok {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
