package detect

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// thief is where the attacks of these stories come from.
var thief = netip.MustParseAddrPort("198.51.100.77:5060")

// binding is the answer to a REGISTER that bore credentials.
func (s *script) binding(at time.Time, src netip.AddrPort, extension int, change call.BindingChange) {
	user := fmt.Sprint(extension)
	s.events = append(s.events, call.Event{Kind: call.EventBinding, Time: at, Registration: &call.Registration{
		AoR: user + "@pbx.example", User: user, Src: src, Dst: pbxAddr, UserAgent: "softphone", AuthUser: user, Change: change, Expires: time.Hour,
	}})
}

// TestBreachThenBurst: six wrong passwords, the right one, and at night the
// calls. Two incidents; the second names the first as its beginning.
func TestBreachThenBurst(t *testing.T) {
	s := &script{}
	s.officeDays(monday, 14, 1)
	broken := monday.AddDate(0, 0, 14)
	for i := range 6 {
		s.binding(broken.Add(time.Duration(i)*time.Minute), thief, 204, call.BindingRefused)
	}
	s.binding(broken.Add(7*time.Minute), thief, 204, call.BindingNew)
	burst := broken.Add(26 * time.Hour)
	first, second := newEngine(t), newEngine(t)
	alerts := play(first, s.sorted(), burst.Add(-time.Hour))
	if err := second.LoadState(first.AppendState(nil)); err != nil { // the sensor is started anew in between
		t.Fatal(err)
	}
	s = &script{call: 100000, leg: 100000}
	s.readingA(burst, 20, 204, 1)
	alerts = append(alerts, play(second, s.sorted(), burst.Add(time.Hour))...)
	var breach, calls *Alert
	for i := range alerts {
		switch a := &alerts[i]; {
		case a.Scheme == AccountTakeover && breach == nil:
			breach = a
		case a.Scheme == TollFraud && a.Level == Critical && calls == nil:
			calls = a
		}
	}
	if breach == nil || breach.Level != Critical || breach.Extension != "204" || breach.Source != thief || breach.Time.Sub(broken) != 7*time.Minute {
		t.Fatalf("got breach %+v, want a critical one of 204 at its login", breach)
	}
	if _, score := breach.Decision.Recompute(); score != breach.Score || score == 0 {
		t.Errorf("got score %v from the stored signs, want %v", score, breach.Score)
	}
	if calls == nil || calls.Incident == breach.Incident {
		t.Fatalf("got calls %+v, want an incident of their own", calls)
	}
	c := calls.Chain
	if len(c) != 3 || c[0].Incident != breach.Incident || c[0].Source != thief.Addr() || c[1].Step != NewDestination || c[2].Step != Burst {
		t.Errorf("got chain %+v, want the breach, a new destination and the burst", c)
	}
}

// TestTestCall: one short call, a week of silence, then the burst to the same
// numbers: the alert tells of the test.
func TestTestCall(t *testing.T) {
	s := &script{}
	s.officeDays(monday, 21, 1)
	tested := monday.AddDate(0, 0, 13).Add(23 * time.Hour)
	s.add(plot{at: tested, extension: 204, number: stolenNumbers[0], ring: time.Second, talk: 9 * time.Second})
	burst := tested.AddDate(0, 0, 8)
	s.readingA(burst, 40, 204, 1)
	for _, a := range play(newEngine(t), s.sorted(), burst.Add(time.Hour)) {
		if a.Event != Updated || a.Since.Before(burst) {
			continue
		}
		c := a.Chain
		if len(c) != 3 || c[0].Step != TestCall || !c[0].Time.Equal(tested) || c[0].Number != "+"+stolenNumbers[0] || c[0].Extension != "204" {
			t.Errorf("got chain %+v, want the test call first", c)
		}
		return
	}
	t.Error("got no incident of the burst")
}

// TestForgottenPassword: a telephone that is set up anew, and its user's four
// mistakes, are nobody's business.
func TestForgottenPassword(t *testing.T) {
	s := &script{}
	for i := range 4 {
		s.binding(monday.Add(time.Duration(i)*time.Second), phoneAddr(204), 204, call.BindingRefused)
	}
	s.binding(monday.Add(time.Minute), phoneAddr(204), 204, call.BindingNew)
	if alerts := play(newEngine(t), s.sorted(), monday.Add(time.Hour)); len(alerts) > 0 {
		t.Errorf("got %d alerts, want none: %+v", len(alerts), alerts[0])
	}
}
