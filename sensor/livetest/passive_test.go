package livetest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/capture"
)

// flow is so many frames of all kinds between two machines, the same ones each
// time: each has its number in its last bytes.
func flow(frames int) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	kinds := []string{
		"\x81\x00\x00\x07\x08\x00\x45\x00", // tagged
		"\x08\x00\x45\x00\x00\x30\x12\x34\x20\x00\x40\x11\x00\x00\x0a\x09\x00\x02\x0a\x09\x00\x03", // a fragment
		"\x08\x00\x45\x00\x00\x80\x00\x00\x40\x00\x40\x11\x00\x00\x0a\x09\x00\x02\x0a\x09\x00\x03\x13\xc4\x13\xc4\x00\x6c\x00\x00INVITE sip:1@x SIP/2.0\r\n",
		"\x08\x00\x45\x00\x00\x40\x00\x00\x40\x00\x40\x11\x00\x00\x0a\x09\x00\x02\x0a\x09\x00\x03\x17\x70\x17\x70\x00\x2c\x00\x00\x80\x08\x00\x01",
		"\x08\x00\x45\x00\x00\x40\x00\x00\x40\x00\x40\x06\x00\x00\x0a\x09\x00\x02\x0a\x09\x00\x03\x13\xc4\x13\xc4\x00\x00\x00\x01",
		"\x86\xdd\x60\x00\x00\x00\x00\x20\x11\x40",
		"\x08\x06\x00\x01\x08\x00\x06\x04\x00\x01",
		"\x88\xb5", // for experiments
	}
	out := make([][]byte, frames)
	for i := range out {
		b := append([]byte{2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 2}, kinds[i%len(kinds)]...)
		for range 50 + r.IntN(1200) {
			b = append(b, byte(r.Uint32()))
		}
		out[i] = binary.BigEndian.AppendUint32(b, uint32(i))
	}
	return out
}

// TestFlowIsUntouched: what passes through a host with a sensor on both of its
// ports arrives bit by bit, in its order, and nothing more leaves: as without one.
func TestFlowIsUntouched(t *testing.T) {
	t.Parallel()
	for _, mode := range append([]string{""}, Modes(t)...) {
		t.Run("sensor "+mode, func(t *testing.T) {
			t.Parallel()
			n := NewNetwork(t, Whole)
			from, middle, to := n.Host("from"), n.Between("from"), n.Host("to")
			if mode != "" {
				middle.Run(Configure(t, []string{"left", "right"}, mode, ""))
			}
			tap, send := to.Tap("eth0"), from.Sender("eth0")
			sent := flow(2000)
			var got [][]byte
			for batch := range slices.Chunk(sent, 100) { // the kernel has room for a thousand on their way
				for _, b := range batch {
					send(b)
				}
				got = append(got, received(t, tap, len(batch))...)
			}
			if len(got) != len(sent) {
				t.Fatalf("got %d frames, want %d", len(got), len(sent))
			}
			for i := range sent {
				if !bytes.Equal(got[i], sent[i]) {
					t.Fatalf("frame %d: got\n%x\nwant\n%x", i, got[i], sent[i])
				}
			}
			if left, right := middle.SentOn("left"), middle.SentOn("right"); left != 0 || right != len(sent) {
				t.Errorf("the host in the middle sent %d and %d frames, want 0 and %d", left, right, len(sent))
			}
		})
	}
}

// received reads so many frames, or fewer when no more come.
func received(t *testing.T, tap capture.Tap, most int) (out [][]byte) {
	t.Helper()
	var f capture.Frame
	for idle := 0; len(out) < most && idle < 20; {
		err := tap.Next(&f)
		switch {
		case errors.Is(err, capture.ErrIdle):
			idle++
		case err != nil:
			t.Fatal(err)
		default:
			out, idle = append(out, bytes.Clone(f.Data)), 0
		}
	}
	return out
}

// TestKilled: whenever the sensor is killed, nothing of it stays at the port.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, mode := range Modes(t) {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			mirror := NewNetwork(t, Whole).Sensor()
			file := mirror.Configure(mode, "")
			for _, after := range []time.Duration{5, 20, 40, 60, 80, 120, 200} {
				p := mirror.Start(Tollwatch(t), "run", "--config", file)
				select {
				case <-p.over:
					t.Fatalf("ended by itself: %s", p.Said())
				case <-time.After(after * time.Millisecond): // wherever its start is by then
				}
				killed(t, p, mirror, fmt.Sprintf("killed after %d ms", after))
			}
			s := mirror.Run(file)
			if got := mirror.Promiscuity(); got != "1" {
				t.Errorf("while it listens: got promiscuity %s, want 1", got)
			}
			programs := s.kernelPrograms()
			if (mode == "ebpf" || mode == "tcx") != (len(programs) > 0) {
				t.Errorf("while it listens: got kernel programs %v by %s", programs, mode)
			}
			killed(t, s.Process, mirror, "killed while it listens")
			if sent := mirror.Sent(); sent != 0 {
				t.Errorf("the mirror port sent %d frames", sent)
			}
		})
	}
}

// killed kills a sensor and sees that nothing of it is left: no promiscuity, no
// packet socket, and none of the kernel programs that it held.
func killed(t *testing.T, p *Process, h *Host, when string) {
	t.Helper()
	programs := p.kernelPrograms()
	p.Kill()
	Await(t, fmt.Sprintf("the kernel programs %v to be gone, %s", programs, when), func() bool { return !slices.ContainsFunc(programs, loaded) })
	if got := h.Promiscuity(); got != "0" {
		t.Errorf("%s: got promiscuity %s, want 0", when, got)
	}
	out, err := h.Command("cat", "/proc/net/packet").Output()
	if err != nil || strings.Count(string(out), "\n") != 1 {
		t.Errorf("%s: got packet sockets, want none but the heading: %v\n%s", when, err, out)
	}
}

// TestAPortThatCuts: check warns of a mirror port with a small MTU; where a machine
// has its own address, the MTU is as its network wants it.
func TestAPortThatCuts(t *testing.T) {
	t.Parallel()
	n := NewNetwork(t, Whole)
	for host, want := range map[*Host]string{
		n.Sensor():                     "warn up, carrier, MTU 1400, no address: taken for a mirror port; ip link set eth0 mtu 1500",
		n.Host("phone", "10.9.0.3/24"): "pass up, carrier, MTU 1400; ",
	} {
		host.IP("link", "set", "eth0", "mtu", "1400")
		out, _ := host.Command(Tollwatch(t), "check", "--json", "--config", host.Configure("auto", "")).Output()
		if got := sheet(t, string(out))["interface"]; !strings.HasPrefix(got, want) {
			t.Errorf("got %s\nwant %s…", got, want)
		}
	}
}

// TestAPortThatSpeaks: what docs/commissioning.md asks of an installer has a
// reason: with IPv6 the kernel speaks out of a port that only listens. check
// tells him, and the count of sent frames that other tests go by sees it.
func TestAPortThatSpeaks(t *testing.T) {
	t.Parallel()
	mirror := NewNetwork(t, Whole).Sensor()
	run(t, "ip", "netns", "exec", mirror.ns, "sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=0")
	out, _ := mirror.Command(Tollwatch(t), "check", "--json", "--config", mirror.Configure("auto", "")).Output()
	want := "warn up, carrier, MTU 1500, no address: taken for a mirror port; with IPv6, so the kernel itself speaks out of it; sysctl -w net.ipv6.conf.eth0.disable_ipv6=1"
	if got := sheet(t, string(out))["interface"]; !strings.HasPrefix(got, want) {
		t.Errorf("got %s\nwant %s…", got, want)
	}
	Await(t, "the kernel to speak", func() bool { return mirror.Sent() > 0 })
}
