package sensortest

import (
	"math"
	"math/rand/v2"
	"testing"

	"tollwatch/detect/numbering"
	"tollwatch/sensor/lab/plan"
)

// TestLabNumbersResolve: a number of each of the lab's blocks, however a trunk
// writes it, is read as that number, of that country and at about that price.
func TestLabNumbersResolve(t *testing.T) {
	table, err := numbering.Default()
	if err != nil {
		t.Fatal(err)
	}
	p, err := numbering.NewPlan(table, numbering.PlanConfig{Country: "FR", OutsidePrefix: "none"})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, r := range plan.Ranges() {
		number := r.Draw(rng)
		for _, f := range []plan.TrunkFormat{plan.E164, plan.International00, plan.National} {
			n := p.Resolve(plan.Written(number, f), "")
			if n.E164 != number || n.Country != r.Country || math.Abs(n.Rate-r.Rate) > .011 {
				t.Errorf("%s, %s as %s: got %s, %s at %.2f; want %s at %.2f", r.Prefix, number, f, n.E164, n.Country, n.Rate, r.Country, r.Rate)
			}
			if prone := n.Class == numbering.HighRisk; prone != (r.Kind == plan.Prone) {
				t.Errorf("%s: got class %s, want prone %v", number, n.Class, r.Kind == plan.Prone)
			}
		}
	}
}
