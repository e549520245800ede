package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/detect"
	"tollwatch/sensor/order"
)

func maintenanceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "maintenance", Short: "a PBX is being changed: who is who is learned anew, without paging",
		Example: "  sudo tollwatch maintenance start --until 18:00 --reason 'new PBX'", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(maintenanceStartCommand(), maintenanceStopCommand())
	return cmd
}

func maintenanceStartCommand() *cobra.Command {
	var o ordering
	var until, reason string
	cmd := &cobra.Command{
		Use: "start --until T --reason TEXT", Short: "from now on, 72 hours at most",
		Long: `PBX, trunks and telephones are learned anew, and what is strange about logins and trunks wakes nobody until then. Money, caps and all else stay
armed; every alert meanwhile says why.`,
		Example: "  sudo tollwatch maintenance start --until 18:00 --reason 'new PBX'\n  sudo tollwatch maintenance start --until 2026-11-30T07:00:00+01:00 --reason 'new operator' --by jane",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := o.load()
			if err != nil {
				return err
			}
			end, err := parseEnd(until, time.Now().In(cfg.Site.Location()))
			if err != nil {
				return usageError{err}
			}
			if reason == "" {
				return usageError{fmt.Errorf("start a maintenance: --reason is missing: it stands in every alert meanwhile")}
			}
			return o.maintain(cmd.OutOrStdout(), cfg.Store.Dir, order.Order{Kind: order.Maintenance, Until: end, Reason: reason, By: o.by})
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&until, "until", "", "when it ends: `T` is 18:00, the site's time, or 2026-11-30T07:00:00+01:00")
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` for those who read alerts meanwhile")
	return cmd
}

func maintenanceStopCommand() *cobra.Command {
	var o ordering
	cmd := &cobra.Command{
		Use: "stop", Short: "it is over before its time", Example: "  sudo tollwatch maintenance stop", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := o.load()
			if err != nil {
				return err
			}
			return o.maintain(cmd.OutOrStdout(), cfg.Store.Dir, order.Order{Kind: order.Maintenance, By: o.by})
		},
	}
	o.flags(cmd)
	return cmd
}

func (o *ordering) maintain(w io.Writer, dir string, m order.Order) error {
	if err := order.Leave(dir, m); err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(w).Encode(m)
	}
	what := "maintenance ends now"
	if !m.Until.IsZero() {
		what = "maintenance until " + m.Until.Format(time.RFC3339) + ": " + m.Reason
	}
	_, err := fmt.Fprintf(w, "%s\n%s\n", what, heardWhen)
	return err
}

// parseEnd reads RFC 3339, or a time of day, the next one.
func parseEnd(text string, now time.Time) (time.Time, error) {
	end, err := time.Parse(time.RFC3339, text)
	if err != nil {
		clock, bad := time.Parse("15:04", text)
		if bad != nil {
			return end, fmt.Errorf("start a maintenance: --until %q is no time: write 18:00, or 2026-11-30T07:00:00+01:00", text)
		}
		y, m, d := now.Date()
		end = time.Date(y, m, d, clock.Hour(), clock.Minute(), 0, 0, now.Location())
		if !end.After(now) {
			end = time.Date(y, m, d+1, clock.Hour(), clock.Minute(), 0, 0, now.Location())
		}
	}
	switch ahead := end.Sub(now); {
	case ahead <= 0:
		return end, fmt.Errorf("start a maintenance: --until %s is over", text)
	case ahead > detect.MaxMaintenance:
		return end, fmt.Errorf("start a maintenance: --until %s is too far ahead: %w", text, detect.ErrMaintenance)
	}
	return end, nil
}
