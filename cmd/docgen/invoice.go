package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"tollwatch/detect/numbering"
	"tollwatch/sensor/lab/truth"
)

// The example's capture has a bill of its own, for docs/cdr.md.
const (
	exampleTruth = "docs/example/office-court-a.truth.json"
	exampleBill  = "docs/example/invoice.csv"
)

// invoice writes the bill of the example's answered calls as an operator would:
// its clock is on UTC, it hides the ends of national numbers, its mobiles cost
// more than the table says, one call costs more than it should, and one was never
// made at the site.
func invoice() error {
	b, err := os.ReadFile(exampleTruth)
	if err != nil {
		return err
	}
	var all struct{ Calls []truth.Call }
	if err := json.Unmarshal(b, &all); err != nil {
		return fmt.Errorf("%s: %w", exampleTruth, err)
	}
	table, err := numbering.Default()
	if err != nil {
		return err
	}
	plan, err := numbering.NewPlan(table, numbering.PlanConfig{Country: "FR", OutsidePrefix: "none"})
	if err != nil {
		return err
	}
	calls := slices.DeleteFunc(all.Calls, func(c truth.Call) bool { return c.Direction != "outbound" || c.Answer == nil })
	slices.SortStableFunc(calls, func(a, b truth.Call) int { return a.Start.Compare(b.Start) })
	out := "Date;Heure;Numéro appelé;Durée;Montant HT\n"
	for i, c := range calls {
		price := plan.Resolve(c.Number, "").Rate * c.Duration / 60
		switch {
		case strings.HasPrefix(c.Number, "+336"):
			price *= 2
		case i == 9:
			price += 4
		}
		out += row(c.Start, c.Number, c.Duration, price)
		if i == len(calls)/2 {
			out += row(c.Start.Add(11*time.Minute), "+22710000012", 660, 22)
		}
	}
	return os.WriteFile(exampleBill, []byte(out), 0o644)
}

func row(start time.Time, number string, seconds, price float64) string {
	written := "00" + number[1:]
	if home, ok := strings.CutPrefix(number, "+33"); ok {
		written = "0" + home[:len(home)-4] + "xxxx"
	}
	at := start.UTC()
	return fmt.Sprintf("%s;%s;%s;%d;%s\n", at.Format("02/01/2006"), at.Format("15:04:05"), written, int(seconds+.5),
		strings.Replace(fmt.Sprintf("%.3f", price), ".", ",", 1))
}
