package livetest

import (
	"encoding/binary"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestRefusesToStart: what a sensor cannot start without is told in one line that
// says what to do.
func TestRefusesToStart(t *testing.T) {
	t.Parallel()
	Programs(t, "setpriv")
	mirror := NewNetwork(t, Whole).Sensor()
	program, file := Tollwatch(t), mirror.Configure("afpacket", "")
	for _, c := range []struct {
		name string
		cmd  *exec.Cmd
		want string
	}{
		{"no rights", mirror.Command("setpriv", "--bounding-set=-all", "--inh-caps=-all", program, "run", "--config", file),
			"capture on eth0: no way to capture (afpacket: needs CAP_NET_RAW): run as root, or "},
		{"no such interface", mirror.Command(program, "run", "--config", Configure(t, []string{"eth7"}, "afpacket", "")),
			"capture on eth7: no such interface: there are "},
		{"interface down", func() *exec.Cmd {
			mirror.IP("link", "set", "eth0", "down")
			return mirror.Command(program, "run", "--config", file)
		}(),
			"capture on eth0: the interface is down: ip link set eth0 up"},
	} {
		if c.name != "interface down" {
			mirror.IP("link", "set", "eth0", "up")
		} else {
			mirror.IP("link", "set", "eth0", "down")
		}
		out, err := c.cmd.CombinedOutput()
		if err == nil || !strings.HasPrefix(string(out), "tollwatch: "+c.want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%s: got %v, %s; want one line %s…", c.name, err, out, c.want)
		}
	}
}

// TestInterfaceComesAndGoes: a port is switched off, switched on, removed and made
// again, under a sensor that has laid its rights aside. It says so each time, is
// not ready meanwhile, and hears again.
func TestInterfaceComesAndGoes(t *testing.T) {
	t.Parallel()
	for _, mode := range Modes(t) {
		if mode == "pcap" {
			continue // it does not take an interface up again, and says so when it loses one
		}
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			n := NewNetwork(t, Whole)
			pbx, mirror := n.Host("pbx"), n.Sensor()
			s := mirror.Run(mirror.Configure(mode, ""))
			const down, gone = "down, without carrier or removed: eth0", `level=ERROR msg="interface lost"`

			mirror.IP("link", "set", "eth0", "down")
			s.Await(`level=WARN msg="interface is down or without carrier: nothing is heard on it" interface=eth0`)
			if got, count := s.Ready(), s.Metric("tollwatch_interfaces_down"); !strings.Contains(got, down) || count != 1 {
				t.Errorf("while the port is off: got ready %q and %v interfaces down, want %s and 1", got, count, down)
			}
			mirror.IP("link", "set", "eth0", "up")
			s.Await(`msg="interface is no longer down" interface=eth0`)
			mirror.IP("link", "del", "eth0")
			s.Await(gone)
			Await(t, "the sensor not to be ready", func() bool { return strings.Contains(s.Ready(), down) })
			n.join("sensor", mirror)
			s.Await(`msg="interface is there again" interface=eth0`)
			Await(t, "the sensor to be ready", func() bool { return s.Ready() == "ok\n" })

			before := s.Metric("tollwatch_frames_total")
			send := pbx.Sender("eth0")
			for _, b := range flow(50) {
				send(b)
			}
			Await(t, "the frames after it came back", func() bool { return s.Metric("tollwatch_frames_total") == before+50 })
			if p := mirror.Promiscuity(); p != "1" {
				t.Errorf("got promiscuity %s on the port that came back, want 1", p)
			}
		})
	}
}

// long is a frame as long as an interface can have, of a UDP or TCP packet that
// claims a length.
func long(protocol byte, claimed int, payload string) []byte {
	const whole = 65_535
	b := append([]byte{2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 2, 8, 0}, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(claimed))
	b = append(b, 0, 1, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 3, 192, 0, 2, 2, 0x13, 0xc4, 0x13, 0xc4)
	if protocol == 17 {
		b = binary.BigEndian.AppendUint16(b, uint16(max(claimed-20, 0)))
		b = append(b, 0, 0)
	} else {
		b = append(b, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x10, 0xff, 0xff, 0, 0, 0, 0)
	}
	b = append(b, payload...)
	filler := "X-Long: " + strings.Repeat("a", 1000) + "\r\n"
	for len(b) < 14+whole {
		b = append(b, filler[:min(len(filler), 14+whole-len(b))]...)
	}
	return b
}

// TestSuperPackets: frames of 64 kB, as offloading cards give them, honest ones and
// ones that lie, and then more of them than the ring holds while the sensor stands
// still. Each is counted: read, malformed, or lost, and the loss is logged.
func TestSuperPackets(t *testing.T) {
	t.Parallel()
	for _, mode := range Modes(t) {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			superPackets(t, mode)
		})
	}
}

const invite = "INVITE sip:200@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bK1\r\nFrom: <sip:1@x>;tag=1\r\nTo: <sip:2@x>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"

func superPackets(t *testing.T, mode string) {
	n := NewNetwork(t, Whole)
	pbx, mirror := n.Host("pbx"), n.Sensor()
	n.MTU(65_535)
	s := mirror.Run(mirror.Configure(mode, ""))
	send := pbx.Sender("eth0")
	shapes := [][]byte{
		long(17, 65_535, invite), long(6, 65_535, invite), // as they say
		long(17, 0, invite), long(6, 0, invite), // no length: offloaded beyond what IP can tell
		long(17, 21, invite), long(6, 40, "SIP/2.0 200 OK\r\n"), // far shorter than they are
		long(17, 65_535, "\x80\x08\x00\x01"), long(17, 65_535, "HEP3\xff\xff"), long(132, 65_535, "\x00\x03\xff\xff"),
	}
	for _, b := range shapes {
		send(b)
	}
	Await(t, "every shape to be counted", func() bool { return s.Metric("tollwatch_frames_total") == float64(len(shapes)) })
	if got := s.Metric(`tollwatch_sip_messages_total{kind="request"}`); got == 0 {
		t.Error("the honest request of 64 kB was not read")
	}
	fates := map[string]float64{}
	sum := 0.0
	for _, fate := range []string{"decoded", "ignored", "malformed", "dropped"} {
		fates[fate] = s.Sum("tollwatch_frames_" + fate + "_total")
		sum += fates[fate]
	}
	if sum != float64(len(shapes)) || fates["malformed"] == 0 {
		t.Errorf("got %v of %d frames, want that they add up, and that some are malformed", fates, len(shapes))
	}

	s.Signal(syscall.SIGSTOP)
	const many = 500 // 32 MB
	for range many {
		send(shapes[0])
	}
	s.Signal(syscall.SIGCONT)
	frames := func() float64 { return s.Metric("tollwatch_frames_total") }
	lost := func() float64 { return s.Metric(`tollwatch_frames_lost_total{reason="ring_full"}`) }
	Await(t, "every frame to be counted or lost", func() bool { return frames()+lost() == float64(len(shapes)+many) })
	if lost() == 0 {
		t.Error("no frame was lost: the ring was not full")
	}
	s.Await(`level=WARN msg="frames lost: `)
	if status := s.Stop(); status != 0 {
		t.Errorf("the sensor ended with %d", status)
	}
}
