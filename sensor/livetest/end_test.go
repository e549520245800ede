package livetest

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestEndsWhileOthersHang: an InfluxDB and a webhook take connections, and never
// answer. A sensor that is told to end gives both what it owes for a while, says what
// they did not take, and is gone in half a minute; the store has all.
func TestEndsWhileOthersHang(t *testing.T) {
	t.Parallel()
	Programs(t, "sipp")
	n := NewNetwork(t, Whole)
	pbx, phone, mirror := n.Host("pbx", "10.9.0.2/24"), n.Host("phone", "10.9.0.3/24"), n.Sensor()
	var silent net.Listener
	err := mirror.Do(func() (err error) {
		silent, err = net.Listen("tcp", "127.0.0.1:0") // the kernel takes connections, nobody reads them
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	url := "http://" + silent.Addr().String()
	s := mirror.Run(mirror.Configure("afpacket", fmt.Sprintf("pbx = [\"10.9.0.2\"]\n[webhook]\nurl = %q\n[influx]\nurl = %q\nbucket = \"b\"\n", url, url)))
	pbx.Answer("10.9.0.2")
	phone.Call("10.9.0.3", "10.9.0.2", "0013455550123", 6)
	s.Await("level=critical scheme=toll_fraud")

	began := time.Now()
	s.Signal(syscall.SIGTERM)
	if status := s.Wait(60 * time.Second); status != 0 {
		t.Errorf("the sensor ended with %d", status)
	}
	took := time.Since(began)
	t.Logf("ended after %s", took.Round(time.Second/10))
	if took > 30*time.Second {
		t.Errorf("the end took %s, want half a minute at most", took)
	}
	if said := s.Said(); !strings.Contains(said, "not delivered before the end") || !strings.Contains(said, `msg="capture ended"`) {
		t.Errorf("the sensor did not say what nobody took")
	}
	if incidents := s.Ask("incidents"); !strings.Contains(incidents, "critical") {
		t.Errorf("the store has %q, want the incident", incidents)
	}
}
