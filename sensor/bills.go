package sensor

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tollwatch/detect/numbering"
	"tollwatch/sensor/cdr"
	"tollwatch/sensor/config"
	"tollwatch/sensor/past"
	"tollwatch/sensor/reconcile"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// The names under which the store keeps the prices that bills have shown, by row
// of the table of prices, and which calls were told to be used elsewhere.
const (
	ratesState = "rates"
	toldState  = "told"
)

// maxTold bounds the calls that are remembered to have been told; the oldest go.
const maxTold = 20_000

// Bills compares an operator's records with the calls of a store.
type Bills struct {
	store    *store.Store
	operator *numbering.Plan      // as operators write numbers
	site     *numbering.Plan      // as the site dials them
	prices   *numbering.PriceList // the customer's; nil = none
	cfg      config.Config
}

// NewBills compares with the calls of s.
func NewBills(s *store.Store, cfg config.Config) (*Bills, error) {
	table, err := numbering.Default()
	if err != nil {
		return nil, fmt.Errorf("read the embedded table of numbers: %w", err)
	}
	prices, err := priceList(cfg)
	if err != nil {
		return nil, err
	}
	b := &Bills{store: s, prices: prices, cfg: cfg}
	if b.operator, err = numbering.NewPlan(table, numbering.PlanConfig{Country: cfg.Site.Country, OutsidePrefix: "none"}); err != nil {
		return nil, err
	}
	b.site, err = numbering.NewPlan(table, numbering.PlanConfig{Country: cfg.Site.Country, OutsidePrefix: cfg.Site.OutsidePrefix})
	return b, err
}

// ErrNoBills says that records are sound, but none is an answered outbound call.
var ErrNoBills = errors.New("no record is an answered outbound call")

// Reconcile compares the records of files.
func (b *Bills) Reconcile(files []past.File) (*reconcile.Result, error) {
	rates, err := Rates(b.store)
	if err != nil {
		return nil, err
	}
	billed, unreadable := b.billed(files, rates)
	switch {
	case len(billed) == 0 && unreadable > 0:
		return nil, fmt.Errorf("reconcile: of %d answered outbound calls none has a number that can be read", unreadable)
	case len(billed) == 0:
		return nil, fmt.Errorf("reconcile: %w", ErrNoBills)
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
	seen, err := b.seen(store.Filter{Since: first.Add(-around), Until: last.Add(around)}, rates)
	if err != nil {
		return nil, err
	}
	watched, err := b.watched(len(seen) > 0)
	if err != nil {
		return nil, err
	}
	r := reconcile.Report(billed, seen, watched)
	r.Unreadable = unreadable
	return &r, nil
}

// watched is when a call could not have been missed. Of a store that never saw
// an answered call over a line none accuses: the tap may not see the line, or its
// signalling is encrypted.
func (b *Bills) watched(seesLine bool) ([]reconcile.Period, error) {
	if !seesLine {
		seen, err := b.seen(store.Filter{}, nil)
		if err != nil || len(seen) == 0 {
			return nil, err
		}
	}
	return Watched(b.store)
}

// billed are the answered outbound calls among the records, and how many of
// those have no number that can be compared.
func (b *Bills) billed(files []past.File, rates map[string]float64) (billed []reconcile.Billed, unreadable int) {
	for _, f := range files {
		plan := b.operator
		if f.Format.PBX() {
			plan = b.site
		}
		for i := range f.Records {
			r := &f.Records[i]
			if !r.Answered || r.Direction == cdr.Inbound || r.Direction == cdr.Internal {
				continue
			}
			n := comparable(plan, r.Number)
			if n.Class == numbering.Internal || n.Class == numbering.Emergency {
				continue
			}
			if n.number == "" && !n.masked {
				unreadable++
				continue
			}
			b.prices.Price(&n.Number, rates)
			billed = append(billed, reconcile.Billed{File: f.Name, Line: r.Line, Start: r.Start, Duration: r.Duration,
				Number: n.number, Masked: n.masked, Prefix: n.Prefix, Country: n.Country,
				Cost: r.Cost, Priced: r.Priced, Estimate: n.Cost(r.Duration, n.Billing)})
		}
	}
	return billed, unreadable
}

// seen are the answered outbound calls of the store, each once: the leg that
// bears its cost.
func (b *Bills) seen(f store.Filter, rates map[string]float64) ([]reconcile.Seen, error) {
	var seen []reconcile.Seen
	for row, err := range b.store.Calls(f) {
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
		dialled := c.Number
		if dialled == "" {
			dialled = c.Dialled
		}
		n := comparable(b.site, dialled)
		b.prices.Price(&n.Number, rates)
		s := reconcile.Seen{ID: c.CallID, Start: time.Time(c.Start), Number: n.number, Prefix: n.Prefix, Rate: n.Rate,
			Cost: *c.CostEUR, Extension: c.Extension, Trunk: c.Trunk}
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

// News are the calls used elsewhere that were not told yet: an operator's file of
// the month so far has yesterday's calls again. They are told from now on.
func (b *Bills) News(r *reconcile.Result) ([]*reconcile.Billed, error) {
	var told []string
	data, err := b.store.LoadState(toldState)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &told)
	}
	if err != nil {
		return nil, fmt.Errorf("read which bills were told: %w", err)
	}
	known := map[string]bool{}
	for _, key := range told {
		known[key] = true
	}
	var news []*reconcile.Billed
	for _, c := range r.Elsewhere {
		if !known[c.Key()] {
			news = append(news, c)
			told = append(told, c.Key())
		}
	}
	if len(news) == 0 {
		return nil, nil
	}
	data, err = json.Marshal(told[max(len(told)-maxTold, 0):])
	if err != nil {
		return nil, err
	}
	return news, b.store.SaveState(toldState, data)
}

// Alert is the record of calls that were made elsewhere; nil when there are none.
// The line is named where the site has but one.
func (b *Bills) Alert(elsewhere []*reconcile.Billed, now time.Time) *record.Alert {
	of := reconcile.Subject{Site: SiteName(b.cfg), Customer: b.cfg.Site.Customer, Zone: b.cfg.Site.Location()}
	if len(b.cfg.Trunks) == 1 {
		of.Trunk = b.cfg.Trunks[0].Name
	}
	a, any := reconcile.Alert(elsewhere, now, of)
	if !any {
		return nil
	}
	return record.NewAlert(&a)
}
