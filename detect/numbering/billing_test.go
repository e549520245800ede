package numbering

import (
	"math"
	"testing"
	"time"
)

func TestCost(t *testing.T) {
	cayman := Number{Class: HighRisk, Rate: 2}
	second := BillingFor(HighRisk)
	minute := Billing{Minimum: time.Minute, Increment: time.Minute}
	fee := Billing{Fee: 0.15, Minimum: 30 * time.Second, Increment: 6 * time.Second}
	for _, c := range []struct {
		d    time.Duration
		b    Billing
		want float64
	}{
		{0, minute, 0}, {-time.Second, minute, 0},
		{time.Nanosecond, second, 2.0 / 60}, {9 * time.Second, second, 0.3}, {9500 * time.Millisecond, second, 2.0 / 6},
		{9 * time.Second, minute, 2}, {61 * time.Second, minute, 4}, {time.Minute, minute, 2},
		{9 * time.Second, fee, 1.15}, {31 * time.Second, fee, 0.15 + 1.2},
		{10 * time.Second, Billing{}, 1.0 / 3}, {math.MaxInt64, minute, 2 * math.MaxInt64 / float64(time.Minute)},
	} {
		if got := cayman.Cost(c.d, c.b); math.Abs(got-c.want) > 1e-9*max(1, c.want) {
			t.Errorf("got %v EUR for %v with %+v, want %v", got, c.d, c.b, c.want)
		}
	}
	if got := (&Number{Class: Emergency, Rate: 2}).Cost(time.Hour, fee); got != 0 {
		t.Errorf("got %v EUR for an emergency call, want 0", got)
	}
}

// The bill of the court's case: 240 hours at its price, however the minutes
// were counted.
func TestCostOfTheCourtsCase(t *testing.T) {
	n := Number{Class: HighRisk, Rate: 2.065}
	for calls, b := range map[int]Billing{86400: BillingFor(HighRisk), 14400: {Minimum: time.Minute, Increment: time.Minute}} {
		if got := float64(calls) * n.Cost(10*time.Second, b); math.Abs(got-29736) > 1 {
			t.Errorf("got %v EUR for %d calls of 10 s, want 29736", got, calls)
		}
	}
}

func TestCostBand(t *testing.T) {
	n := Number{Class: HighRisk, Rate: 2}
	for d, want := range map[time.Duration][3]float64{
		0:                {0, 0, 0},
		6 * time.Second:  {0.1, 0.2, 2},
		10 * time.Minute: {10, 20, 40},
	} {
		low, likely, high := n.CostBand(d)
		for i, got := range []float64{low, likely, high} {
			if math.Abs(got-want[i]) > 1e-9 {
				t.Errorf("got %v, %v, %v EUR for %v, want %v", low, likely, high, d, want)
				break
			}
		}
	}
}
