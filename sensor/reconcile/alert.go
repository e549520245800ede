package reconcile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollwatch/detect"
	"tollwatch/detect/rules"
)

// UsedElsewhere is the rule of an alert about calls that were billed and never
// seen.
const UsedElsewhere = "used_elsewhere"

// Subject is whose calls an alert is about.
type Subject struct {
	Site, Customer string
	Trunk          string // the line of the bills, where it is known
	Zone           *time.Location
}

// evidence is how many calls an alert names one by one.
const evidence = 5

// Alert tells of calls that were made elsewhere; false when there are none. The
// same calls are the same incident, whenever they are told.
func Alert(elsewhere []*Billed, now time.Time, of Subject) (detect.Alert, bool) {
	if len(elsewhere) == 0 {
		return detect.Alert{}, false
	}
	calls := slices.Clone(elsewhere)
	slices.SortStableFunc(calls, func(a, b *Billed) int { return a.Start.Compare(b.Start) })
	const score = 100
	a := detect.Alert{
		Event: detect.Opened, Time: now, Level: detect.Critical, Scheme: detect.TrunkTrouble,
		Site: of.Site, Customer: of.Customer, Trunk: of.Trunk, Score: score, RulesVersion: rules.Version,
		Reasons: []detect.Reason{{Rule: UsedElsewhere, Points: score, Text: sentence(calls, of.Zone)}},
		Calls:   len(calls), Answered: len(calls), Since: calls[0].Start, Tariff: detect.Bills, Visibility: detect.TrunkOnly,
	}
	id := sha256.New()
	for _, b := range calls {
		a.SpentEUR += b.Money()
		if !b.Priced {
			a.Tariff = detect.Estimate
		}
		fmt.Fprintln(id, b.Key())
	}
	a.SpentLow, a.SpentHigh = a.SpentEUR, a.SpentEUR
	a.Incident = "billed-" + hex.EncodeToString(id.Sum(nil))[:12]
	a.Destinations = destinations(calls)
	return a, true
}

// Key names a billed call, in whatever file it stands.
func (b *Billed) Key() string {
	return fmt.Sprint(b.Number, " ", b.Start.Unix(), " ", int(b.Duration.Seconds()))
}

func sentence(calls []*Billed, zone *time.Location) string {
	var s strings.Builder
	plural := "s"
	if len(calls) == 1 {
		plural = ""
	}
	fmt.Fprintf(&s, "%d billed call%s never passed here: ", len(calls), plural)
	for i, b := range calls {
		if i == evidence {
			fmt.Fprintf(&s, " and %d more", len(calls)-i)
			break
		}
		if i > 0 {
			s.WriteString(", ")
		}
		fmt.Fprintf(&s, "%s to %s for %s, %.2f € (%s:%d)", b.Start.In(zone).Format("2006-01-02 15:04"), b.Number, b.Duration, b.Money(), b.File, b.Line)
	}
	s.WriteString(". The line's credentials are used elsewhere. Have the operator block it and change them.")
	return s.String()
}

// destinations are the five numbers that were called most.
func destinations(calls []*Billed) []detect.Destination {
	at := map[string]int{}
	var all []detect.Destination
	for _, b := range calls {
		i, known := at[b.Number]
		if !known {
			i = len(all)
			at[b.Number] = i
			all = append(all, detect.Destination{Number: b.Number, Country: b.Country})
		}
		all[i].Calls++
	}
	slices.SortStableFunc(all, func(x, y detect.Destination) int {
		return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.Number, y.Number))
	})
	return all[:min(len(all), 5)]
}
