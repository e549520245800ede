package sensortest

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/decoder/frame"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/record"
)

// A storm is stormRate messages a second, requests and answers, of
// stormSources strangers at one PBX.
const (
	stormRate    = 10_000
	stormSources = 3000
)

const stormRequest = "%s sip:%s@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nFrom: <sip:%s@%s>;tag=%d\r\nTo: <sip:%s@%s>\r\n" +
	"Call-ID: storm-%d\r\nCSeq: 1 %s\r\nContact: <sip:x@%s>\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n"

const stormAnswer = "SIP/2.0 %d No\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nFrom: <sip:%s@%s>;tag=%d\r\nTo: <sip:%s@%s>;tag=r\r\n" +
	"Call-ID: storm-%d\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n"

// storm makes the n-th message: OPTIONS, REGISTER of users that exist and that
// do not, INVITE of numbers behind prefixes; each is answered.
func (h *hosts) storm(pbx netip.Addr, n int) []byte {
	i := n / 2
	from := attacker(i % stormSources)
	method, user, status := "OPTIONS", fmt.Sprint(100+i/stormSources%9000), 200
	switch i % 5 {
	case 0, 1:
		method, status = "REGISTER", 401+3*(i/7%2)
	case 2:
		method, user, status = "INVITE", fmt.Sprintf("%d0097259%07d", i%1000, 5550000+i%100), 401
	}
	if n%2 == 0 {
		text := fmt.Appendf(nil, stormRequest, method, user, pbx, from, i, user, pbx, i, user, pbx, i, method, from)
		return ipUnit(h.udp(netip.AddrPortFrom(from, sipPort), netip.AddrPortFrom(pbx, sipPort), text)).ethernet()
	}
	text := fmt.Appendf(nil, stormAnswer, status, from, i, user, pbx, i, user, pbx, i, method)
	return ipUnit(h.udp(netip.AddrPortFrom(pbx, sipPort), netip.AddrPortFrom(from, sipPort), text)).ethernet()
}

// stormed is what came of a capture with a storm.
type stormed struct {
	alerts   []*record.Alert
	calls    []*record.Call // to the trunk
	messages int
	held     []uint64      // bytes of the heap: before the storm, at its half, and at its end
	took     time.Duration // in the storm
}

// Put implements sensor.Sink; a storm's own calls are let go.
func (s *stormed) Put(o record.Object) error {
	switch o := o.(type) {
	case *record.Alert:
		s.alerts = append(s.alerts, o)
	case *record.Call:
		if s.messages == 0 {
			s.calls = append(s.calls, o)
		}
	}
	return nil
}

func (s *stormed) measure() {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	s.held = append(s.held, m.HeapAlloc)
}

// storm replays a capture, with a storm upon the PBX from a time on.
func storm(t *testing.T, file string, pbx netip.Addr, from time.Time, length time.Duration) *stormed {
	t.Helper()
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	s, h := &stormed{}, &hosts{}
	p := sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), newEngine(t), s)
	all := int(length / (time.Second / stormRate))
	send := func(until time.Time) {
		began := time.Now()
		for ; s.messages < all; s.messages++ {
			at := from.Add(time.Duration(s.messages) * time.Second / stormRate)
			if at.After(until) {
				break
			}
			if s.messages == 0 {
				s.measure()
			}
			b := h.storm(pbx, s.messages)
			if err := p.Observe(&capture.Frame{Data: b, WireLength: len(b), Link: frame.LinkEthernet, Time: at}); err != nil {
				t.Fatal(err)
			}
			if n := s.messages + 1; n == all/2 || n == all {
				s.measure()
			}
		}
		s.took += time.Since(began)
	}
	for f := (capture.Frame{}); source.Next(&f) == nil; {
		send(f.Time)
		if err := p.Observe(&f); err != nil {
			t.Fatal(err)
		}
	}
	send(from.Add(length)) // the capture may be over before the storm
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	return s
}

// theft is the first page about stolen calls.
func (s *stormed) theft() *record.Alert {
	for _, a := range s.alerts {
		if a.Scheme == "toll_fraud" && a.Pages() {
			return a
		}
	}
	return nil
}

// doors counts the incidents of those who have no place here.
func (s *stormed) doors() int {
	ids := map[string]bool{}
	for _, a := range s.alerts {
		if a.Scheme != "toll_fraud" {
			ids[a.Incident] = true
		}
	}
	return len(ids)
}

// TestStorm: under ten thousand messages a second of strangers the court's case is
// alerted as without them, at the same packet, and the strangers are one incident
// at most. What it makes the tables hold is bounded.
// Half a minute here, the hour in `make nightly`.
func TestStorm(t *testing.T) {
	length := 30 * time.Second
	if text := os.Getenv("STORM_LENGTH"); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	file := generated(t, "office-court-a", 61, func(p *scenario.Parameters) { p.Wire.Media = "none" })
	calm := storm(t, file, netip.Addr{}, time.Time{}, 0)
	want := calm.theft()
	if want == nil {
		t.Fatal("nobody was woken")
	}
	pbx := calledPBX(t, calm, want)
	from := time.Time(want.Time).Add(-length / 2)
	got := storm(t, file, pbx, from, length)
	page := got.theft()
	if page == nil || !time.Time(page.Time).Equal(time.Time(want.Time)) || page.Level != want.Level || page.Extension != want.Extension || page.Calls != want.Calls || page.Score != want.Score || page.SpentEUR != want.SpentEUR {
		t.Errorf("got %+v, want the alert without the storm, %+v", page, want)
	}
	if n := got.doors() - calm.doors(); n > 1 {
		t.Errorf("got %d incidents of strangers, want one at most", n)
	}
	const most = 16 << 20
	grown := int64(max(got.held[1], got.held[2])) - int64(got.held[0])
	t.Logf("%d messages in %v, %.1f µs each; heap %d MiB before, %d at half, %d at the end; %d incidents beside", got.messages, got.took.Round(time.Millisecond),
		float64(got.took.Microseconds())/float64(got.messages), got.held[0]>>20, got.held[1]>>20, got.held[2]>>20, got.doors())
	if grown > most {
		t.Errorf("the heap grew by %d MiB in the storm, want at most %d", grown>>20, most>>20)
	}
}

// calledPBX is the address that the thief's telephone calls.
func calledPBX(t *testing.T, s *stormed, a *record.Alert) netip.Addr {
	t.Helper()
	for _, c := range s.calls {
		if c.Extension == a.Extension && c.FromUser == a.Extension {
			if at, err := netip.ParseAddrPort(c.Dst); err == nil {
				return at.Addr()
			}
		}
	}
	t.Fatalf("no call of extension %s", a.Extension)
	return netip.Addr{}
}
