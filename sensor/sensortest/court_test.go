package sensortest

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/record"
)

// generated writes a scenario's capture into a file.
func generated(t *testing.T, name string, seed uint64, change func(*scenario.Parameters)) string {
	t.Helper()
	p, err := scenario.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	change(&p)
	file := filepath.Join(t.TempDir(), "capture.pcap")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := packets.Generate(t.Context(), p, seed, f, io.Discard); err != nil {
		t.Fatal(err)
	}
	return file
}

// firstPage is the first alert that wakes somebody.
func firstPage(f *Found) *record.Alert {
	for _, a := range f.Alerts {
		if a.Pages() {
			return a
		}
	}
	return nil
}

// TestTheCourtsCase: after a Friday in the office, in both readings of the
// ruling, somebody is woken by the third fraudulent call, under one euro,
// whether the tap sees the telephones or only the trunk. Nothing was tuned on
// these seeds.
func TestTheCourtsCase(t *testing.T) {
	const third = 3
	for _, c := range []struct{ scenario, view string }{
		{"office-court-a", "full"}, {"office-court-b", "full"}, {"office-court-a", "trunk-only"}, {"office-court-b", "trunk-only"},
	} {
		for seed := uint64(21); seed < 26; seed++ {
			t.Run(fmt.Sprintf("%s/%s/%d", c.scenario, c.view, seed), func(t *testing.T) {
				file := generated(t, c.scenario, seed, func(p *scenario.Parameters) { p.Wire.Media, p.Wire.View = "none", c.view })
				found, err := Replay(t, []string{file})
				if err != nil {
					t.Fatal(err)
				}
				a := firstPage(found)
				if a == nil {
					t.Fatal("nobody was woken")
				}
				t.Logf("woken at call %d, %.2f € lost", a.Calls, a.SpentEUR)
				if a.Calls > third || a.SpentEUR >= 1 || len(a.Reasons) == 0 || a.BurnEURPerHour <= 0 {
					t.Errorf("woken at call %d with %.2f € lost and %.0f € an hour, want call %d at the latest, under 1 €, a burn rate and reasons: %+v",
						a.Calls, a.SpentEUR, a.BurnEURPerHour, third, a.Reasons)
				}
			})
		}
	}
}

// TestAnOrdinaryDayWakesNobody on seeds that nothing was tuned on.
func TestAnOrdinaryDayWakesNobody(t *testing.T) {
	for seed := uint64(31); seed < 41; seed++ {
		file := generated(t, "office-day", seed, func(p *scenario.Parameters) { p.Wire.Media = "none" })
		found, err := Replay(t, []string{file})
		if err != nil {
			t.Fatal(err)
		}
		if a := firstPage(found); a != nil {
			t.Errorf("seed %d: woken by %s calling %v: %+v", seed, a.Extension, a.Destinations, a.Reasons)
		}
	}
}

// TestTheSameCallsInAnotherDress: over TCP, over IPv6, with the trunk's numbers
// written otherwise, the same call alerts.
func TestTheSameCallsInAnotherDress(t *testing.T) {
	at := func(change func(*scenario.Parameters)) int {
		found, err := Replay(t, []string{generated(t, "office-court-a", 51, func(p *scenario.Parameters) {
			p.Wire.Media = "none"
			change(p)
		})})
		if err != nil {
			t.Fatal(err)
		}
		if a := firstPage(found); a != nil {
			return a.Calls
		}
		return 0
	}
	plain := at(func(*scenario.Parameters) {})
	for name, change := range map[string]func(*scenario.Parameters){
		"TCP": func(p *scenario.Parameters) { p.Wire.Transport = "tcp" }, "IPv6": func(p *scenario.Parameters) { p.Wire.IP = 6 },
		"trunk with 00":       func(p *scenario.Parameters) { p.Wire.TrunkFormat = string(plan.International00) },
		"trunk with national": func(p *scenario.Parameters) { p.Wire.TrunkFormat = string(plan.National) },
		"outside line with 9": func(p *scenario.Parameters) { p.Wire.OutsidePrefix = "9" },
	} {
		if got := at(change); got != plain || got == 0 {
			t.Errorf("%s: alert at call %d, want call %d as over UDP and IPv4", name, got, plain)
		}
	}
}
