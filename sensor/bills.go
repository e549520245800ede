package sensor

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tollwatch/detect/numbering"
	"tollwatch/sensor/config"
	"tollwatch/sensor/past"
	"tollwatch/sensor/reconcile"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// ratesState is the name under which the store keeps the prices that bills have
// shown, by row of the table of prices.
const ratesState = "rates"

// Bills compares an operator's records with the calls of a store.
type Bills struct {
	store *store.Store
	plan  *numbering.Plan
	cfg   config.Config
}

// NewBills compares with the calls of s.
func NewBills(s *store.Store, cfg config.Config) (*Bills, error) {
	table, err := numbering.Default()
	if err != nil {
		return nil, fmt.Errorf("read the embedded table of numbers: %w", err)
	}
	plan, err := numbering.NewPlan(table, numbering.PlanConfig{Country: cfg.Site.Country, OutsidePrefix: "none"})
	if err != nil {
		return nil, err
	}
	return &Bills{s, plan, cfg}, nil
}

// Reconcile compares the records of files.
func (b *Bills) Reconcile(files []past.File) (*reconcile.Result, error) {
	billed := b.billed(files)
	if len(billed) == 0 {
		return nil, fmt.Errorf("reconcile: no record is an answered outbound call")
	}
	first, last := billed[0].Start, billed[0].Start
	for i := range billed {
		if t := billed[i].Start; t.Before(first) {
			first = t
		} else if t.After(last) {
			last = t
		}
	}
	const around = 36 * time.Hour // more than any clock is wrong
	seen, err := b.seen(first.Add(-around), last.Add(around))
	if err != nil {
		return nil, err
	}
	watched, err := Watched(b.store)
	if err != nil {
		return nil, err
	}
	r := reconcile.Report(billed, seen, watched)
	r.NotBilled = inside(r.NotBilled, first, last)
	return &r, nil
}

// inside keeps the calls that the bills' time covers.
func inside(seen []*reconcile.Seen, first, last time.Time) []*reconcile.Seen {
	var kept []*reconcile.Seen
	for _, s := range seen {
		if !s.Start.Before(first) && !s.Start.After(last) {
			kept = append(kept, s)
		}
	}
	return kept
}

// billed are the answered outbound calls among the records.
func (b *Bills) billed(files []past.File) []reconcile.Billed {
	var billed []reconcile.Billed
	for _, f := range files {
		for i := range f.Records {
			r := &f.Records[i]
			if !r.Answered || r.Direction > 1 {
				continue
			}
			number, masked := unmask(r.Number)
			n := b.plan.Resolve(number, "")
			if n.Class == numbering.Internal || n.Class == numbering.Emergency {
				continue
			}
			if n.E164 != "" {
				number = n.E164
			}
			billed = append(billed, reconcile.Billed{File: f.Name, Line: r.Line, Start: r.Start, Duration: r.Duration,
				Number: number, Masked: masked, Cost: r.Cost, Priced: r.Priced})
		}
	}
	return billed
}

// unmask cuts the end off that an operator hides: 0022710000xxx, +4930***.
func unmask(number string) (beginning string, masked bool) {
	beginning = strings.TrimRight(number, "xX*.…_")
	return beginning, beginning != number && len(beginning) >= 5
}

// seen are the answered outbound calls of the store, each once: the leg that
// bears its cost.
func (b *Bills) seen(since, until time.Time) ([]reconcile.Seen, error) {
	var seen []reconcile.Seen
	rates, err := Rates(b.store)
	if err != nil {
		return nil, err
	}
	for row, err := range b.store.Calls(store.Filter{Since: since, Until: until}) {
		if err != nil {
			return nil, fmt.Errorf("read calls: %w", err)
		}
		var c record.Call
		if err := json.Unmarshal(row, &c); err != nil {
			return nil, fmt.Errorf("read calls: %w", err)
		}
		if c.Direction != "outbound" || c.CostEUR == nil || time.Time(c.Answer).IsZero() {
			continue
		}
		n := b.plan.Resolve(c.Number, "")
		s := reconcile.Seen{ID: c.CallID, Start: time.Time(c.Start), Number: c.Number, Prefix: n.Prefix, Rate: n.Rate,
			Cost: *c.CostEUR, Extension: c.Extension, Trunk: c.Trunk}
		if r, ok := rates[n.Prefix]; ok {
			s.Rate = r
		}
		if c.Duration != nil {
			s.Duration = time.Duration(*c.Duration * float64(time.Second))
		}
		seen = append(seen, s)
	}
	return seen, nil
}

// Rates are the prices that bills have shown, EUR a minute by row of the table.
func Rates(s *store.Store) (map[string]float64, error) {
	rates := map[string]float64{}
	b, err := s.LoadState(ratesState)
	if err != nil || b == nil {
		return rates, err
	}
	if err := json.Unmarshal(b, &rates); err != nil {
		return nil, fmt.Errorf("read the prices that bills have shown: %w", err)
	}
	return rates, nil
}

// Correct keeps the prices that a result shows; it returns all that are kept.
func (b *Bills) Correct(r *reconcile.Result) (map[string]float64, error) {
	rates, err := Rates(b.store)
	if err != nil || len(r.Rates) == 0 {
		return rates, err
	}
	for prefix, rate := range r.Rates {
		rates[prefix] = rate.Billed
	}
	data, err := json.Marshal(rates)
	if err != nil {
		return nil, err
	}
	return rates, b.store.SaveState(ratesState, data)
}

// Alert is the record of what was used elsewhere; nil when nothing was. The
// line is named where the site has but one.
func (b *Bills) Alert(r *reconcile.Result, now time.Time) *record.Alert {
	trunk := ""
	if len(b.cfg.Trunks) == 1 {
		trunk = b.cfg.Trunks[0].Name
	}
	a, any := r.Alert(now, SiteName(b.cfg), b.cfg.Site.Customer, trunk)
	if !any {
		return nil
	}
	return record.NewAlert(&a)
}
