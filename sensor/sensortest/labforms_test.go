package sensortest

import (
	"math"
	"testing"
	"time"

	"tollwatch/sensor/lab/scenario"
	facts "tollwatch/sensor/lab/truth"
	"tollwatch/sensor/record"
)

// TestTheSensorHearsEveryForm: with media, the sensor keeps the legs and the
// streams that the truth tells, whatever form the calls have: held for minutes,
// turned into a fax, forked, passed on, or written by any make.
func TestTheSensorHearsEveryForm(t *testing.T) {
	evening := func(p *scenario.Parameters) { p.Start = p.Start.Add(18*time.Hour + 30*time.Minute) }
	morning := func(p *scenario.Parameters) { p.Start = p.Start.Add(9 * time.Hour) }
	for i, c := range []struct {
		name, base string
		change     func(*scenario.Parameters)
		set        []string
	}{
		{"held", "trading", morning, []string{"length", "1h", "honest.consult", "1", "honest.outbound", "150"}},
		{"faxed", "hospital", evening, []string{"length", "1h", "honest.faxes", "20", "honest.outbound", "20", "honest.inbound", "20"}},
		{"forked and passed on", "office", morning, []string{"length", "1h", "honest.ring_group", "1", "honest.twinning", "1", "honest.inbound", "200"}},
		{"over TCP", "office", morning, []string{"length", "90m", "transport", "tcp", "honest.consult", "1"}},
	} {
		p := named(t, c.base, append([]string{"media", "all", "vary", "0", "honest.no_bye", "0", "honest.probes", "0"}, c.set...)...)
		c.change(&p)
		file, calls := write(t, p, uint64(i+1))
		found, err := Replay(t, []string{file})
		if err != nil {
			t.Fatal(err)
		}
		compareLegs(t, c.name, calls, found.Calls)
		compareForms(t, c.name, calls, found.Streams)
	}
}

func compareLegs(t *testing.T, name string, calls []facts.Call, found []*record.Call) {
	t.Helper()
	byID := map[string]*record.Call{}
	for _, c := range found {
		byID[c.CallID] = c
	}
	legs := 0
	for _, c := range calls {
		for _, l := range c.Legs {
			legs++
			got := byID[l.CallID]
			if got == nil {
				t.Errorf("%s: no leg %s", name, l.CallID)
				continue
			}
			lasted := 0.0
			if l.Answer != nil {
				lasted = l.End.Sub(*l.Answer).Seconds()
			}
			if got.Status != l.Status || got.Duration != nil != (l.Answer != nil) || got.Duration != nil && math.Abs(*got.Duration-lasted) > .001 || len(got.Anomalies) > 0 {
				t.Errorf("%s: leg %s: got status %d, %v s, anomalies %v; want %d, %.3f s (%s)", name, l.CallID, got.Status, deref(got.Duration), got.Anomalies, l.Status, lasted, l.End)
			}
		}
	}
	if len(found) != legs || legs < 20 {
		t.Errorf("%s: got %d legs, want %d and at least 20", name, len(found), legs)
	}
}

func deref(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// compareForms sums what a stream was before and after it was held.
func compareForms(t *testing.T, name string, calls []facts.Call, found []*record.Stream) {
	t.Helper()
	const t38 = "T38"
	packets, streams := map[[4]string]uint64{}, 0
	for _, s := range found {
		k := [4]string{s.CallID, s.Src, s.Dst, s.SSRC}
		if s.Codec == t38 {
			k[3] = ""
		}
		packets[k] += s.Packets
	}
	for _, c := range calls {
		for _, s := range c.Streams {
			streams++
			if got := packets[[4]string{s.CallID, s.Src, s.Dst, s.SSRC}]; got != uint64(s.Packets) {
				t.Errorf("%s: stream %+v: got %d packets", name, s, got)
			}
		}
	}
	if len(packets) != streams || streams < 20 {
		t.Errorf("%s: got %d streams, want %d and at least 20", name, len(packets), streams)
	}
}
