package main

import (
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/sensor/report"
	"tollwatch/sensor/store"
)

// stored is a command that shows what the local store holds.
type stored struct {
	use, short, example string
	rows                func(*store.Store, store.Filter) iter.Seq2[[]byte, error]
	print               func(io.Writer, *time.Location, iter.Seq2[[]byte, error]) (int, error)
	flags               func(*cobra.Command, *store.Filter)
}

func callsCommand() *cobra.Command {
	return stored{
		use: "calls", short: "the legs of calls that the local store holds, newest first; those of one call have one CALL", example: "  tollwatch calls --extension 204 --last 24h",
		rows: (*store.Store).Calls, print: report.Calls,
		flags: func(cmd *cobra.Command, f *store.Filter) {
			cmd.Flags().StringVar(&f.Number, "number", "", "calls to a `NUMBER`, or to all that begin with it (+1345)")
		},
	}.command()
}

func alertsCommand() *cobra.Command {
	return stored{
		use: "alerts", short: "the alerts that the local store holds, newest first", example: "  tollwatch alerts --json",
		rows: (*store.Store).Alerts, print: report.Alerts,
		flags: func(cmd *cobra.Command, f *store.Filter) {
			cmd.Flags().StringVar(&f.Incident, "incident", "", "alerts of one incident `ID`")
		},
	}.command()
}

func incidentsCommand() *cobra.Command {
	cmd := stored{
		use: "incidents", short: "the incidents that the local store holds, newest first; and what is said of them", example: "  tollwatch incidents --last 7d",
		rows: (*store.Store).Incidents, print: report.Alerts,
	}.command()
	cmd.AddCommand(ackCommand(), normalCommand())
	return cmd
}

func (s stored) command() *cobra.Command {
	var (
		p      place
		json   bool
		last   span
		filter store.Filter
	)
	cmd := &cobra.Command{
		Use: s.use, Short: s.short, Example: s.example, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, kept, err := p.read()
			if err != nil {
				return err
			}
			defer kept.Close()
			if last > 0 {
				filter.Since = time.Now().Add(-time.Duration(last))
			}
			rows := s.rows(kept, filter)
			print := func() (int, error) { return s.print(cmd.OutOrStdout(), cfg.Site.Location(), rows) }
			if json {
				print = func() (int, error) { return report.JSON(cmd.OutOrStdout(), rows) }
			}
			n, err := print()
			if err == nil && n == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "tollwatch: no such %s in %s\n", s.use, cfg.Store.Dir)
			}
			return err
		},
	}
	p.flags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&json, "json", false, "one JSON object a line")
	flags.Var(&last, "last", "only what is younger than a `DURATION` (24h, 7d)")
	flags.IntVar(&filter.Limit, "limit", 100, "at most `N`; 0 is all")
	flags.StringVar(&filter.Extension, "extension", "", "of one `EXTENSION`")
	flags.StringVar(&filter.Trunk, "trunk", "", "through one `TRUNK`")
	if s.flags != nil {
		s.flags(cmd, &filter)
	}
	return cmd
}
