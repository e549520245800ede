package reconcile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tollwatch/detect"
	"tollwatch/detect/rules"
)

// UsedElsewhere is the rule of an alert about calls that were billed and never
// seen.
const UsedElsewhere = "used_elsewhere"

// Alert tells of calls that were made elsewhere; false when there are none.
// trunk is the line of the bills, where it is known.
func (r *Result) Alert(now time.Time, site, customer, trunk string) (detect.Alert, bool) {
	if len(r.Elsewhere) == 0 {
		return detect.Alert{}, false
	}
	calls := slices.Clone(r.Elsewhere)
	slices.SortFunc(calls, func(a, b *Billed) int { return a.Start.Compare(b.Start) })
	spent, id := 0.0, sha256.New()
	numbers := map[string]int{}
	for _, b := range calls {
		spent += b.Cost
		numbers[b.Number]++
		fmt.Fprintln(id, b.Number, b.Start.Unix())
	}
	const score = 100
	a := detect.Alert{
		Event: detect.Opened, Time: now, Incident: "billed-" + hex.EncodeToString(id.Sum(nil))[:12], Level: detect.Critical, Scheme: detect.TrunkTrouble,
		Site: site, Customer: customer, Trunk: trunk, Score: score, RulesVersion: rules.Version,
		Reasons: []detect.Reason{{Rule: UsedElsewhere, Points: score, Text: fmt.Sprintf(
			"%d billed calls never passed here, the first on %s (%s, line %d): the line's credentials are used elsewhere. Have the operator block it and change them.",
			len(calls), calls[0].Start.Format("2006-01-02 15:04"), calls[0].File, calls[0].Line)}},
		Calls: len(calls), Answered: len(calls), Since: calls[0].Start,
		SpentEUR: spent, SpentLow: spent, SpentHigh: spent, Tariff: detect.Customer, Visibility: detect.TrunkOnly,
	}
	for n, count := range numbers {
		a.Destinations = append(a.Destinations, detect.Destination{Number: n, Calls: count})
	}
	slices.SortFunc(a.Destinations, func(x, y detect.Destination) int {
		return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.Number, y.Number))
	})
	a.Destinations = a.Destinations[:min(len(a.Destinations), 5)]
	return a, true
}
