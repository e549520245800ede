package livetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestAttack: a stranger runs SIPVicious against a PBX, and a hacked telephone
// calls with SIPp what costs. A sensor on the mirror port says so while they are
// at it, counts every frame that the machines sent, and sends none.
func TestAttack(t *testing.T) {
	t.Parallel()
	Programs(t, "sipp", "svmap", "svwar")
	for _, mode := range Modes(t) {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			attack(t, mode)
		})
	}
}

func attack(t *testing.T, mode string) {
	n := NewNetwork(t, Whole)
	pbx := n.Host("pbx", "10.9.0.2/24", "203.0.113.2/24")
	phone := n.Host("phone", "10.9.0.3/24")
	stranger := n.Host("stranger", "203.0.113.66/24")
	mirror := n.Sensor()
	s := mirror.Run(mirror.Configure(mode, `pbx = ["10.9.0.2", "203.0.113.2"]`))
	before := pbx.Sent() + phone.Sent() + stranger.Sent()
	pbx.Registrar("203.0.113.2")
	pbx.Answer("10.9.0.2")

	const target = "203.0.113.2"
	stranger.Start("svmap", target, target, target, target, target, target, target, target)
	s.Await("scheme=scan")
	scan := stranger.Start("svwar", "-e100-600", target)
	s.Await("scheme=enumeration")
	if !scan.Running() {
		t.Error("the enumeration was told when it was over")
	}
	const calls = 6
	theft := phone.Call("10.9.0.3", "10.9.0.2", "0013455550123", calls)
	s.Await("level=critical scheme=toll_fraud extension=204")
	if !theft.Running() {
		t.Error("the theft was told when it was over")
	}
	theft.Wait(20 * time.Second)
	scan.Kill()

	sent := func() int { return pbx.Sent() + phone.Sent() + stranger.Sent() - before }
	least := sent()
	Await(t, fmt.Sprintf("%d frames to be counted", least), func() bool { return s.Metric("tollwatch_frames_total") >= float64(least) })
	if status := s.Stop(); status != 0 {
		t.Errorf("the sensor ended with %d", status)
	}
	// Machines may still look each other up until the last moment.
	if got, most := ended(t, s), sent(); got.lost != 0 || got.frames < least || got.frames > most {
		t.Errorf("the sensor counted %d frames and lost %d, the machines sent %d to %d", got.frames, got.lost, least, most)
	}
	if got := answered(t, s, "0013455550123"); got != calls {
		t.Errorf("the store has %d answered calls, want %d", got, calls)
	}
	if got := mirror.Sent(); got != 0 {
		t.Errorf("the mirror port sent %d frames", got)
	}
}

// counted is what a sensor says at its end.
type counted struct{ frames, lost int }

func ended(t *testing.T, s *Sensor) (c counted) {
	t.Helper()
	_, last, _ := strings.Cut(s.Said(), `msg="capture ended"`)
	if _, err := fmt.Sscanf(last, " frames=%d lost=%d", &c.frames, &c.lost); err != nil {
		t.Errorf("the sensor did not say what it counted: %v in %q", err, last)
	}
	return c
}

// answered counts the answered calls of the store to a number as it was dialled.
func answered(t *testing.T, s *Sensor, dialled string) (n int) {
	t.Helper()
	for line := range strings.Lines(s.Ask("calls", "--json", "--limit", "0")) {
		var c struct{ State, Dialled string }
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		if c.State == "answered" && c.Dialled == dialled {
			n++
		}
	}
	return n
}
