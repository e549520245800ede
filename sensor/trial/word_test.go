package trial

import (
	"testing"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
)

// TestAcknowledgmentsAreHeard: the lab's word on an extension reaches the engine
// for what was alerted there.
func TestAcknowledgmentsAreHeard(t *testing.T) {
	c, ok := attack.LookupCase("acknowledged")
	if !ok {
		t.Fatal("the lab has no such case")
	}
	heard := 0
	for seed := range uint64(4) {
		s := Site{Profile: "office", Seed: seed, Full: true, Length: 24 * time.Hour}
		engine, err := s.engine()
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.parameters()
		if err != nil {
			t.Fatal(err)
		}
		p.Attacks = c.Draw(plan.NewRand(seed, plan.StreamDraws), p.Stealable())
		p.Length = c.Length
		w, err := s.watch(engine, p, func(*plan.Item) {}, func(a *detect.Alert) {
			if a.Event == detect.Acknowledged && a.AcknowledgedBy != "" {
				heard++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Run(p.Start.Add(p.Length), func() bool { return false })
	}
	if heard == 0 {
		t.Error("got no incident acknowledged on four sites, want some")
	}
	t.Logf("%d incidents were acknowledged", heard)
}
