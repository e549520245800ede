package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"tollwatch/sensor/reconcile"
	"tollwatch/sensor/record"
)

// maxBills is how many calls of a kind a person is shown.
const maxBills = 50

// Bills prints for a person what bills show.
func Bills(w io.Writer, r *reconcile.Result, zone *time.Location) error {
	p := &billPrinter{w: w, zone: zone}
	p.printf("%d billed calls of %s to %s, %d of them seen; %s\n", r.Billed,
		r.First.In(zone).Format(time.DateOnly), r.Newest.In(zone).Format(time.DateOnly), len(r.Pairs), clocks(r.Offset))
	for _, c := range []struct {
		n    int
		text string
	}{
		{r.Unreadable, "%d billed calls have a number that cannot be compared\n"},
		{len(r.Doubtful), "%d billed calls would fit calls seen hours apart: is the time zone right (--timezone)? They prove nothing\n"},
		{len(r.NotBilled), "%d calls were seen and not billed\n"},
	} {
		if c.n > 0 {
			p.printf(c.text, c.n)
		}
	}
	switch n := len(r.Unwatched); {
	case r.Foreign:
		p.printf("next to none of the calls seen is billed: these are bills of another line, or --columns names the wrong ones\n")
	case n > 0:
		p.printf("%d billed calls lie in times when the sensor did not watch, or lost frames: they prove nothing\n", n)
	}
	for _, prefix := range slices.Sorted(maps.Keys(r.Rates)) {
		rate := r.Rates[prefix]
		p.printf("calls to +%s cost %.4f € a minute, not %.4f (%d calls)\n", prefix, rate.Billed, rate.Table, rate.Calls)
	}
	some(p, r.Otherwise, func(d reconcile.Difference) {
		p.bill("billed otherwise", d.Billed, d.Seen.Number, "%s seen", d.Seen.Duration.Round(time.Second))
		if d.Dearer {
			p.printf(", %.2f € expected", d.Expected)
		}
		p.printf("\n")
	})
	some(p, r.Elsewhere, func(b *reconcile.Billed) {
		number := b.Number
		if b.Masked {
			number += "…"
		}
		p.bill("USED ELSEWHERE", b, number, "never seen")
		p.printf("\n")
	})
	return p.err
}

func clocks(offset time.Duration) string {
	switch offset = offset.Round(time.Second); {
	case offset < 0:
		return fmt.Sprintf("the bills' clock is %s behind", -offset)
	case offset > 0:
		return fmt.Sprintf("the bills' clock is %s ahead", offset)
	}
	return "the clocks agree"
}

// billPrinter keeps the first error.
type billPrinter struct {
	w    io.Writer
	zone *time.Location
	err  error
}

func (p *billPrinter) printf(format string, values ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, values...)
	}
}

func (p *billPrinter) bill(what string, b *reconcile.Billed, number, format string, values ...any) {
	p.printf("%s: %s:%d %s %s, %s", what, b.File, b.Line, b.Start.In(p.zone).Format(time.DateTime), number, b.Duration)
	if b.Priced {
		p.printf(", %.2f €", b.Cost)
	}
	p.printf("; "+format, values...)
}

// some prints the first of a list, and how many more there are.
func some[T any](p *billPrinter, all []T, print func(T)) {
	for i, x := range all {
		if i == maxBills {
			p.printf("… and %d more\n", len(all)-i)
			return
		}
		print(x)
	}
}

// bill is a billed call in JSON, or one that was not billed.
type bill struct {
	Type     string      `json:"type"`
	File     string      `json:"file,omitempty"`
	Line     int         `json:"line,omitempty"`
	Start    record.Time `json:"start"`
	Number   string      `json:"number"`
	Masked   bool        `json:"masked,omitempty"`
	Duration float64     `json:"duration"`
	Cost     *float64    `json:"cost_eur,omitempty"`
	CallID   string      `json:"call_id,omitempty"`
	Seen     *float64    `json:"seen_duration,omitempty"`
	Expected *float64    `json:"expected_eur,omitempty"`
}

func newBill(kind string, b *reconcile.Billed) bill {
	out := bill{Type: kind, File: b.File, Line: b.Line, Start: record.Time(b.Start), Number: b.Number, Masked: b.Masked, Duration: b.Duration.Seconds()}
	if b.Priced {
		out.Cost = &b.Cost
	}
	return out
}

// BillsJSON writes every finding as an object a line, the alert if there is one,
// and the sums last.
func BillsJSON(w io.Writer, r *reconcile.Result, alert *record.Alert) error {
	out := &encoder{Encoder: json.NewEncoder(w)}
	for _, d := range r.Otherwise {
		b := newBill("billed_otherwise", d.Billed)
		seen := d.Seen.Duration.Seconds()
		b.CallID, b.Seen = d.Seen.ID, &seen
		if d.Dearer {
			b.Expected = &d.Expected
		}
		out.put(b)
	}
	for _, s := range r.NotBilled {
		out.put(bill{Type: "not_billed", Start: record.Time(s.Start), Number: s.Number, Duration: s.Duration.Seconds(), CallID: s.ID})
	}
	for _, list := range []struct {
		kind  string
		bills []*reconcile.Billed
	}{{"unwatched", r.Unwatched}, {"doubtful", r.Doubtful}, {"used_elsewhere", r.Elsewhere}} {
		for _, b := range list.bills {
			out.put(newBill(list.kind, b))
		}
	}
	if alert != nil {
		out.put(alert)
	}
	rates := map[string]float64{}
	for prefix, rate := range r.Rates {
		rates[prefix] = rate.Billed
	}
	out.put(sums{"reconciliation", r.Billed, len(r.Pairs), len(r.Elsewhere), len(r.Unwatched), len(r.Doubtful), len(r.NotBilled),
		len(r.Otherwise), r.Unreadable, r.Foreign, r.Offset.Seconds(), rates})
	return out.err
}

// sums are the last line.
type sums struct {
	Type            string             `json:"type"`
	Billed          int                `json:"billed"`
	Matched         int                `json:"matched"`
	UsedElsewhere   int                `json:"used_elsewhere"`
	Unwatched       int                `json:"unwatched"`
	Doubtful        int                `json:"doubtful"`
	NotBilled       int                `json:"not_billed"`
	BilledOtherwise int                `json:"billed_otherwise"`
	Unreadable      int                `json:"unreadable"`
	Foreign         bool               `json:"foreign"`
	ClockOffset     float64            `json:"clock_offset"`
	Rates           map[string]float64 `json:"rates"` // EUR a minute, by prefix
}

// encoder keeps the first error.
type encoder struct {
	*json.Encoder
	err error
}

func (e *encoder) put(o any) {
	if e.err == nil {
		e.err = e.Encode(o)
	}
}
