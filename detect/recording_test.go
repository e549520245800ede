package detect

import (
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

var recorderAddr = netip.MustParseAddrPort("192.168.1.20:5060")

// record plays an answered leg that says it is a recording session, and
// returns how many calls ran at once with it and its last verdict, nil when
// it was passed over.
func record(e *Engine, s *script, at time.Time, src, dst netip.AddrPort, user string) (live int, v *Verdict) {
	s.call++
	s.events = s.events[:0]
	l := s.newLeg(plot{}, src, dst, "pbx", user)
	l.Recording = true
	s.life(l, plot{at: at, ring: time.Second, talk: 20 * time.Second}, 0)
	for _, ev := range s.sorted() {
		v = e.Observe(ev).Verdict
		live = max(live, e.Snapshot().LiveCalls)
	}
	return live, v
}

// TestARecordingIsNoCall, where that can be believed.
func TestARecordingIsNoCall(t *testing.T) {
	for _, c := range []struct {
		name     string
		src, dst netip.AddrPort
		user     string
		passed   bool
	}{
		{"a PBX to its recorder", pbxAddr, recorderAddr, "srs", true},
		{"a PBX to its recorder, by an extension's number", pbxAddr, recorderAddr, "204", true},
		{"a telephone to the PBX", phoneAddr(204), pbxAddr, "srs", false},
		{"over the trunk", pbxAddr, trunkAddr, "srs", false},
		{"to a number abroad", pbxAddr, recorderAddr, "+13455550123", false},
		{"to a number abroad, at an address that nobody knows", phoneAddr(204), netip.MustParseAddrPort("198.51.100.7:5060"), "0013455550123", false},
		{"to what is no number of any plan", pbxAddr, recorderAddr, "00999999999999999999", false},
		{"to nobody", pbxAddr, recorderAddr, "", false},
	} {
		e, err := New(Config{Site: "test", PBX: []netip.Addr{pbxAddr.Addr()},
			Trunks: []Trunk{{Name: "operator", Addresses: []netip.Addr{trunkAddr.Addr()}}}})
		if err != nil {
			t.Fatal(err)
		}
		live, v := record(e, &script{}, monday, c.src, c.dst, c.user)
		if passed := live == 0 && v == nil; passed != c.passed {
			t.Errorf("%s: got %d calls at once and verdict %v, want passed over: %v", c.name, live, v, c.passed)
		}
	}
}

// TestRecordingHidesNoFraud: calls to a costly number that call themselves
// recordings are judged like any others.
func TestRecordingHidesNoFraud(t *testing.T) {
	scores := [2]float64{}
	for i, hides := range []bool{false, true} {
		e, s := newEngine(t), &script{view: trunkAlone}
		for n := range 6 {
			s.add(plot{at: monday.Add(time.Duration(n) * 2 * time.Second), extension: 204, number: "13455550123", ring: time.Second, talk: 8 * time.Second})
		}
		for _, ev := range s.sorted() {
			if ev.Leg != nil && hides {
				l := *ev.Leg
				l.Recording = true
				ev.Leg = &l
			}
			if v := e.Observe(ev).Verdict; v != nil && ev.Kind == call.EventEnded {
				scores[i] = max(scores[i], v.Score)
			}
		}
	}
	if scores[0] == 0 || scores[0] != scores[1] {
		t.Errorf("got a score of %v for calls that hide as recordings, want %v as for others", scores[1], scores[0])
	}
}
