package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/sensor"
	"tollwatch/sensor/cdr"
	"tollwatch/sensor/config"
	"tollwatch/sensor/past"
	"tollwatch/sensor/reconcile"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// errElsewhere is the problem that reconcile finds.
var errElsewhere = errors.New("calls were billed that never passed here: have the operator block the line, and change its credentials")

func reconcileCommand() *cobra.Command {
	var p place
	var records recordFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use: "reconcile FILE...", Short: "the operator's call records or invoice against the calls seen",
		Long: `Compares what the operator billed (CSV) with the calls in the store, by number, start (two minutes either way; the clocks' offset is
found out) and duration. A billed call that was never seen, though the sensor watched and lost nothing, was made elsewhere with the line's
credentials: that is an alert, and exit status 1. Prices that the bills show correct the table's.`,
		Example: "  tollwatch reconcile invoice.csv --columns 'start=Date,number=Numéro,duration=Durée,cost=Montant'\n  tollwatch reconcile --json master.csv",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			cfg, err := p.load()
			if err != nil {
				return err
			}
			options, err := records.options(cfg)
			if err != nil {
				return err
			}
			tell := tellBills
			if asJSON {
				tell = writeBills
			}
			return reconcileFiles(cmd, cfg, options, names, tell)
		},
	}
	p.flags(cmd)
	records.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

// reconcileFiles compares, keeps what is found where that can be done, and tells it.
func reconcileFiles(cmd *cobra.Command, cfg config.Config, o cdr.Options, names []string,
	tell func(io.Writer, *reconcile.Result, *record.Alert, *time.Location) error) error {
	var files []past.File
	for _, name := range names {
		f, err := past.Read(name, o)
		if err != nil {
			return err
		}
		tellFaults(cmd.ErrOrStderr(), f)
		files = append(files, f)
	}
	kept, writes, err := openForBills(cmd.ErrOrStderr(), cfg.Store.Dir)
	if err != nil {
		return err
	}
	defer kept.Close()
	bills, err := sensor.NewBills(kept, cfg)
	if err != nil {
		return err
	}
	r, err := bills.Reconcile(files)
	if err != nil {
		return err
	}
	alert := bills.Alert(r, time.Now())
	if writes {
		err = keepBills(kept, bills, r, alert)
	}
	if err := errors.Join(err, tell(cmd.OutOrStdout(), r, alert, cfg.Site.Location())); err != nil || alert == nil {
		return err
	}
	return errElsewhere
}

// openForBills opens the store to keep what the bills show, or only to read it
// while the sensor runs.
func openForBills(w io.Writer, dir string) (s *store.Store, writes bool, err error) {
	if s, err = store.OpenReadOnly(dir); err != nil {
		return nil, false, err
	}
	if own, locked := store.Open(dir); locked == nil {
		s.Close()
		return own, true, nil
	}
	fmt.Fprintln(w, "tollwatch: the sensor runs: nothing is kept; lay bills into the folder of [reconcile] to be alerted")
	return s, false, nil
}

func keepBills(s *store.Store, bills *sensor.Bills, r *reconcile.Result, alert *record.Alert) error {
	if _, err := bills.Correct(r); err != nil {
		return err
	}
	if alert != nil {
		if err := sensor.NewKeeper(s).Put(alert); err != nil {
			return err
		}
	}
	return s.Commit()
}

// maxLines is how many calls of a kind a person is shown.
const maxLines = 50

func tellBills(w io.Writer, r *reconcile.Result, _ *record.Alert, zone *time.Location) error {
	fmt.Fprintf(w, "%d billed calls, %d of them seen; the bills' clock is %s ahead\n", r.Billed, len(r.Pairs), r.Offset.Round(time.Second))
	if n := len(r.Unwatched); n > 0 {
		fmt.Fprintf(w, "%d billed calls lie in times when the sensor did not watch, or lost frames: they prove nothing\n", n)
	}
	if n := len(r.NotBilled); n > 0 {
		fmt.Fprintf(w, "%d calls were seen and not billed\n", n)
	}
	for prefix, rate := range r.Rates {
		fmt.Fprintf(w, "calls to +%s cost %.4f € a minute, not %.4f (%d calls)\n", prefix, rate.Billed, rate.Table, rate.Calls)
	}
	for i, p := range r.Otherwise {
		if i == maxLines {
			fmt.Fprintf(w, "… and %d more\n", len(r.Otherwise)-i)
			break
		}
		fmt.Fprintf(w, "billed otherwise: %s:%d %s %s: %s billed, %s seen\n", p.Billed.File, p.Billed.Line,
			p.Billed.Start.In(zone).Format(time.DateTime), p.Seen.Number, p.Billed.Duration, p.Seen.Duration.Round(time.Second))
	}
	for i, b := range r.Elsewhere {
		if i == maxLines {
			fmt.Fprintf(w, "… and %d more\n", len(r.Elsewhere)-i)
			break
		}
		fmt.Fprintf(w, "USED ELSEWHERE: %s:%d %s %s, %s%s\n", b.File, b.Line, b.Start.In(zone).Format(time.DateTime), b.Number, b.Duration, price(b))
	}
	return nil
}

func price(b *reconcile.Billed) string {
	if !b.Priced {
		return ""
	}
	return fmt.Sprintf(", %.2f €", b.Cost)
}

// billed is a billed call in JSON.
type billed struct {
	Type     string      `json:"type"` // used_elsewhere | billed_otherwise
	File     string      `json:"file"`
	Line     int         `json:"line"`
	Start    record.Time `json:"start"`
	Number   string      `json:"number"`
	Duration float64     `json:"duration"`
	Cost     *float64    `json:"cost_eur,omitempty"`
	CallID   string      `json:"call_id,omitempty"`
	Seen     *float64    `json:"seen_duration,omitempty"`
}

func newBilled(kind string, b *reconcile.Billed) billed {
	out := billed{Type: kind, File: b.File, Line: b.Line, Start: record.Time(b.Start), Number: b.Number, Duration: b.Duration.Seconds()}
	if b.Priced {
		out.Cost = &b.Cost
	}
	return out
}

// writeBills writes every finding as JSON, the sums last.
func writeBills(w io.Writer, r *reconcile.Result, alert *record.Alert, _ *time.Location) error {
	out := json.NewEncoder(w)
	var errs []error
	for _, p := range r.Otherwise {
		b := newBilled("billed_otherwise", p.Billed)
		seen := p.Seen.Duration.Seconds()
		b.CallID, b.Seen = p.Seen.ID, &seen
		errs = append(errs, out.Encode(b))
	}
	for _, b := range r.Elsewhere {
		errs = append(errs, out.Encode(newBilled("used_elsewhere", b)))
	}
	if alert != nil {
		errs = append(errs, out.Encode(alert))
	}
	rates := map[string]float64{}
	for prefix, rate := range r.Rates {
		rates[prefix] = rate.Billed
	}
	return errors.Join(append(errs, out.Encode(map[string]any{
		"type": "reconciliation", "billed": r.Billed, "matched": len(r.Pairs), "used_elsewhere": len(r.Elsewhere), "unwatched": len(r.Unwatched),
		"not_billed": len(r.NotBilled), "billed_otherwise": len(r.Otherwise), "clock_offset": r.Offset.Seconds(), "rates": rates,
	}))...)
}
