package detect

import (
	"fmt"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// refused writes calls that the trunk refuses at once, one a minute.
func (s *script) refused(at time.Time, calls, callers, numbers int) {
	for i := range calls {
		s.call++
		p := plot{at: at.Add(time.Duration(i) * time.Minute), extension: 201 + i%callers, number: fmt.Sprintf("331%08d", 40000000+i%numbers)}
		for k, l := range []*call.Leg{
			s.newLeg(p, phoneAddr(p.extension), pbxAddr, fmt.Sprint(p.extension), outside(p.number)), s.newLeg(p, pbxAddr, trunkAddr, "+33145670000", "+"+p.number),
		} {
			l.Start = p.at.Add(time.Duration(k) * 20 * time.Millisecond)
			s.tell(call.EventAttempt, l.Start, l)
			l.HeardOther = true
			s.tell(call.EventProgress, l.Start.Add(5*time.Millisecond), l)
			l.End, l.Status, l.State = l.Start.Add(200*time.Millisecond), 503, call.Failed
			s.tell(call.EventEnded, l.End, l)
		}
	}
}

// TestTrunkRefuses: how many refused calls in a row are told, and to whom.
func TestTrunkRefuses(t *testing.T) {
	for _, c := range []struct {
		name                    string
		calls, callers, numbers int
		want                    Level
	}{
		{"three calls", 3, 3, 3, 0},
		{"five calls", 5, 5, 5, Watch},
		{"eight calls of several people", 8, 4, 8, Major},
		{"eight calls of one person, who may be barred", 8, 1, 8, Watch},
		{"one number again and again", 8, 4, 1, 0},
	} {
		s, at := afterTwoWeeks(bothLegs, 5)
		s.refused(at, c.calls, c.callers, c.numbers)
		most, named := Level(0), 0
		for _, a := range play(newEngine(t), s.sorted(), at.Add(2*time.Hour)) {
			if a.Scheme == TrunkTrouble {
				most, named = max(most, a.Level), len(a.CallIDs)
			}
		}
		if most != c.want || c.want > 0 && named == 0 {
			t.Errorf("%s: got %q with %d calls named, want %q", c.name, most, named, c.want)
		}
	}
}

// TestRefusedRegistration: a wrong password at the operator is worth a watch.
func TestRefusedRegistration(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	for i := range 3 {
		s.events = append(s.events, call.Event{Kind: call.EventBinding, Time: at.Add(time.Duration(i) * time.Minute), Registration: &call.Registration{
			User: "33145670000", Src: pbxAddr, Dst: trunkAddr, Change: call.BindingRefused, Failures: i + 1}})
	}
	alerts := play(newEngine(t), s.sorted(), at.Add(10*time.Minute))
	if len(alerts) == 0 || alerts[0].Level != Watch || alerts[0].Time.Sub(at) != 2*time.Minute {
		t.Errorf("got %+v, want a watch at the third refusal", alerts)
	}
}
