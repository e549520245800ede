package sensor

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/frame"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/hep"
)

// busy is a tap that has so many frames ready, and then waits until it is woken.
type busy struct {
	frames int
	wakes  chan struct{}
}

func (b *busy) Next(f *capture.Frame) error {
	if b.frames > 0 {
		b.frames--
		*f = capture.Frame{Link: frame.LinkEthernet}
		return nil
	}
	<-b.wakes
	return capture.ErrIdle
}

func (b *busy) Wake() {
	select {
	case b.wakes <- struct{}{}:
	default: // woken already
	}
}

func (b *busy) Close() error                                 { return nil }
func (b *busy) Stats() capture.Stats                         { return capture.Stats{} }
func (b *busy) Kernel() *capture.Kernel                      { return nil }
func (b *busy) Backend() (capture.Backend, capture.Refusals) { return capture.AFPacket, nil }

// report sends n packets of HEP to a listener, and waits until they are there.
func report(t *testing.T, l *hep.Listener, n uint64) {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	want := l.Counters().Accepted + n
	if _, err := c.Write(bytes.Repeat([]byte("HEP3\x00\x06"), int(n))); err != nil {
		t.Fatal(err)
	}
	for try := 0; l.Counters().Accepted < want; try++ {
		if try == 1e6 {
			t.Fatalf("got %+v, want %d accepted", l.Counters(), want)
		}
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		c.Read(make([]byte, 1)) // nothing comes: lets a moment pass
	}
}

// TestOriginsTakeTurns: agents that never pause do not silence a tap that never
// pauses, nor the other way round.
func TestOriginsTakeTurns(t *testing.T) {
	tap := &busy{frames: 3000, wakes: make(chan struct{}, 1)}
	agents, err := hep.Listen(hep.Config{Listen: "127.0.0.1:0", Wake: tap.Wake})
	if err != nil {
		t.Fatal(err)
	}
	o := &origins{taps: tap, agents: agents}
	defer o.Close()
	report(t, agents, 3000)
	got := map[frame.LinkType]int{}
	var f capture.Frame
	for n := range 6000 {
		if err := o.Next(&f); err != nil {
			t.Fatal(err)
		}
		got[f.Link]++
		if apart := got[frame.LinkHEP] - got[frame.LinkEthernet]; apart > aTurn || apart < -aTurn {
			t.Fatalf("after %d frames got %d of agents and %d of taps", n, got[frame.LinkHEP], got[frame.LinkEthernet])
		}
	}
}

// TestAgentsEndTheWaitOfATap: a silent tap waits until an agent has something to
// say, and not when one has.
func TestAgentsEndTheWaitOfATap(t *testing.T) {
	tap := &busy{wakes: make(chan struct{}, 1)}
	agents, err := hep.Listen(hep.Config{Listen: "127.0.0.1:0", Wake: tap.Wake})
	if err != nil {
		t.Fatal(err)
	}
	o := &origins{taps: tap, agents: agents}
	defer o.Close()
	const packets = 3*aTurn + 7
	report(t, agents, packets)
	var f capture.Frame
	for n := 0; n < packets; {
		switch err := o.Next(&f); {
		case err == nil:
			n++
		case !errors.Is(err, capture.ErrIdle):
			t.Fatal(err)
		}
	}
}

// TestWhatIsSaidOfInterfaces when they go down, are removed and come back.
func TestWhatIsSaidOfInterfaces(t *testing.T) {
	stats := func(down, away string) capture.Stats {
		return capture.Stats{Down: strings.Fields(down), Away: strings.Fields(away)}
	}
	for _, c := range []struct {
		before, now capture.Stats
		want        string
	}{
		{stats("", ""), stats("", ""), ""},
		{stats("", ""), stats("eth1", ""), "nothing is heard on it"},
		{stats("eth1", ""), stats("", ""), "interface is no longer down"},
		{stats("", ""), stats("eth1", "eth1"), ""}, // Next has told
		{stats("eth1", "eth1"), stats("eth1", "eth1"), ""},
		{stats("eth1", "eth1"), stats("", ""), "interface is there again"},
		{stats("eth1", "eth1"), stats("eth1", ""), "interface is there again"}, // and down
		{stats("", "veth7"), stats("", ""), "interface is there again"},
	} {
		var said bytes.Buffer
		s := &Sensor{log: slog.New(slog.NewTextHandler(&said, nil))}
		s.watchInterfaces(c.before, c.now)
		if lines := strings.Count(said.String(), "\n"); lines > 1 || (lines == 1) != (c.want != "") || !strings.Contains(said.String(), c.want) {
			t.Errorf("%v, then %v: got %q, want %q", c.before, c.now, said.String(), c.want)
		}
	}
}
