package main

import (
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
	"tollwatch/sensor/report"
	"tollwatch/sensor/store"
)

// The problems that reconcile finds.
var (
	errElsewhere = errors.New("calls were billed that never passed here: have the operator block the line, and change its credentials")
	errForeign   = errors.New("the bills and the calls seen have next to nothing in common: check --columns, or give the bills of the line that is tapped")
)

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
			cfg, options, err := records.load(&p)
			if err != nil {
				return err
			}
			tell := func(w io.Writer, r *reconcile.Result, _ *record.Alert) error {
				return report.Bills(w, r, cfg.Site.Location())
			}
			if asJSON {
				tell = report.BillsJSON
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
	tell func(io.Writer, *reconcile.Result, *record.Alert) error) error {
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
	if writes {
		if err := keepBills(kept, bills, r); err != nil {
			return err
		}
	}
	if err := tell(cmd.OutOrStdout(), r, bills.Alert(r.Elsewhere, time.Now())); err != nil {
		return err
	}
	switch {
	case r.Foreign:
		return errForeign
	case len(r.Elsewhere) > 0:
		return errElsewhere
	}
	return nil
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
	fmt.Fprintln(w, "tollwatch: the sensor runs, or the store may not be written: nothing is kept; lay bills into the folder of [reconcile] to be alerted")
	return s, false, nil
}

// keepBills keeps prices, and an alert about calls that were not told before.
func keepBills(s *store.Store, bills *sensor.Bills, r *reconcile.Result) error {
	if _, err := bills.Correct(r); err != nil {
		return err
	}
	news, err := bills.News(r)
	if err != nil {
		return err
	}
	if alert := bills.Alert(news, time.Now()); alert != nil {
		alert.WallTime = alert.Time
		if err := sensor.NewKeeper(s).Put(alert); err != nil {
			return err
		}
	}
	return s.Commit()
}
