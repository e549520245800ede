package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/config"
	"tollwatch/sensor/order"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// heardWhen ends what is said of an order.
const heardWhen = "The sensor hears it within a second, or at its next start, and answers in its log."

// ordering is a command that tells the sensor something.
type ordering struct {
	place
	by   string
	json bool
}

func (o *ordering) flags(cmd *cobra.Command) {
	o.place.flags(cmd)
	cmd.Flags().StringVar(&o.by, "by", caller(), "`NAME` of the person who says so")
	cmd.Flags().BoolVar(&o.json, "json", false, "one JSON object a line")
}

// caller is who asks, also behind sudo.
func caller() string { return cmp.Or(os.Getenv("SUDO_USER"), os.Getenv("USER")) }

func ackCommand() *cobra.Command {
	var o ordering
	cmd := &cobra.Command{
		Use: "ack INCIDENT", Short: "an incident is known: it wakes nobody any more, unless it goes further",
		Long: `Tells the sensor that an incident is known. Its extensions, sources and destinations wake nobody, up to its level and twice its money, while it is
open and for 24 hours. Anything beyond reopens it.`,
		Example: "  tollwatch incidents\n  sudo tollwatch incidents ack 20261117-090000-e9dd --by jane", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.speak(cmd.OutOrStdout(), order.Acknowledge, args[0])
		},
	}
	o.flags(cmd)
	return cmd
}

func normalCommand() *cobra.Command {
	var o ordering
	var list, remove bool
	cmd := &cobra.Command{
		Use: "normal INCIDENT", Short: "an incident is normal here: the like stays a notice for 90 days, and is learned",
		Long: `Tells the sensor that an incident is ordinary business. For 90 days the same extensions, sources and destinations stay a notice, up to its level and
twice its money each day, and such calls teach. Anything beyond pages.`,
		Example: "  sudo tollwatch incidents normal 20261117-090000-e9dd --by jane\n  sudo tollwatch incidents normal --list\n" +
			"  sudo tollwatch incidents normal --remove 20261117-090000-e9dd",
		Args: func(cmd *cobra.Command, args []string) error {
			if list {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return o.list(cmd.OutOrStdout())
			}
			kind := order.Normal
			if remove {
				kind = order.Withdraw
			}
			return o.speak(cmd.OutOrStdout(), kind, args[0])
		},
	}
	o.flags(cmd)
	cmd.Flags().BoolVar(&list, "list", false, "what was said and still holds, as the sensor saved it within the last minute")
	cmd.Flags().BoolVar(&remove, "remove", false, "take back what was said of the incident")
	return cmd
}

// speak orders something about an incident, which the store must know.
func (o *ordering) speak(w io.Writer, kind order.Kind, incident string) error {
	cfg, err := o.load()
	if err != nil {
		return err
	}
	a, err := latest(cfg, incident)
	if err != nil {
		return err
	}
	if err := order.Leave(cfg.Store.Dir, order.Order{Kind: kind, Incident: incident, By: o.by}); err != nil {
		return err
	}
	c := covered{Type: "order", Order: kind, Incident: incident, By: o.by, Level: a.Level, SpentEUR: a.SpentEUR, UpToEUR: doubled(&cfg, a.SpentEUR), Members: a.Members}
	switch kind {
	case order.Acknowledge:
		c.Until = "24 hours after the incident"
	case order.Normal:
		c.Until = "in 90 days"
	}
	return c.print(w, o.json)
}

// latest is what the store knows of an incident.
func latest(cfg config.Config, incident string) (a record.Alert, err error) {
	kept, err := store.OpenReadOnly(cfg.Store.Dir)
	if err != nil {
		return a, err
	}
	defer kept.Close()
	for b, err := range kept.Alerts(store.Filter{Incident: incident, Limit: 1}) {
		if err != nil {
			return a, err
		}
		return a, json.Unmarshal(b, &a)
	}
	return a, usageError{fmt.Errorf("no such incident: %s; tollwatch incidents lists those that there are", incident)}
}

// covered is what an order covers, as far as the store knows.
type covered struct {
	Type     string          `json:"type"`
	Order    order.Kind      `json:"order"`
	Incident string          `json:"incident"`
	By       string          `json:"by,omitempty"`
	Level    string          `json:"level,omitempty"`
	SpentEUR float64         `json:"spent_eur"`
	UpToEUR  float64         `json:"up_to_eur"` // in all, or a day of what is normal
	Members  *record.Members `json:"members,omitempty"`
	Until    string          `json:"until,omitempty"`
}

// doubled is the sum from which a word no longer covers.
func doubled(cfg *config.Config, spent float64) float64 {
	profile, _ := detect.ParseProfile(cfg.Site.Profile) // it was checked
	return max(2*spent, detect.LeastDoubled(profile))
}

func (c *covered) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(c)
	}
	if c.Order == order.Withdraw {
		_, err := fmt.Fprintf(w, "what was said of incident %s is taken back\n%s\n", c.Incident, heardWhen)
		return err
	}
	m := c.Members
	if m == nil {
		m = &record.Members{}
	}
	_, err := fmt.Fprintf(w, "incident %s, by %s\n  extensions    %s\n  sources       %s\n  destinations  %s\n  up to         %s, and less than %.2f €\n  until         %s\n%s\n",
		c.Incident, dash(c.By), listed(m.Extensions), listed(m.Sources), listed(m.Destinations), dash(c.Level), c.UpToEUR, dash(c.Until), heardWhen)
	return err
}

func listed(list []string) string { return dash(strings.Join(list, ", ")) }

func dash(s string) string { return cmp.Or(s, "-") }

// list prints the words that hold in the saved state.
func (o *ordering) list(w io.Writer) error {
	cfg, err := o.load()
	if err != nil {
		return err
	}
	said, err := saidIn(cfg)
	if err != nil {
		return err
	}
	for i := range said {
		s := &said[i]
		c := covered{Type: "word", Order: order.Acknowledge, Incident: s.Incident, By: s.By, Level: s.Level.String(), SpentEUR: s.SpentEUR, UpToEUR: doubled(&cfg, s.SpentEUR),
			Members: record.NewMembers(&s.Members), Until: s.Until.In(cfg.Site.Location()).Format(time.RFC3339)}
		if s.Normal {
			c.Order = order.Normal
		}
		if o.json {
			err = c.print(w, true)
		} else {
			_, err = fmt.Fprintf(w, "%s  %-11s  by %s until %s: extensions %s, to %s\n", c.Incident, c.Order, dash(c.By), c.Until,
				listed(s.Extensions), listed(record.NewMembers(&s.Members).Destinations))
		}
		if err != nil {
			return err
		}
	}
	if len(said) == 0 && !o.json {
		_, err = fmt.Fprintln(w, "nothing that was said holds")
	}
	return err
}

func saidIn(cfg config.Config) ([]detect.Word, error) {
	engine, err := savedEngine(cfg)
	if err != nil {
		return nil, err
	}
	return engine.Words(), nil
}

// savedEngine is the engine as a running sensor saved it within the last minute.
func savedEngine(cfg config.Config) (*detect.Engine, error) {
	kept, err := store.OpenReadOnly(cfg.Store.Dir)
	if err != nil {
		return nil, err
	}
	defer kept.Close()
	engineConfig, err := sensor.EngineConfig(cfg)
	if err != nil {
		return nil, usageError{err}
	}
	engine, err := detect.New(engineConfig)
	if err != nil {
		return nil, usageError{err}
	}
	learned, err := kept.LoadState(sensor.EngineState)
	if err == nil && learned != nil {
		err = engine.LoadState(learned)
	}
	if err != nil {
		return nil, fmt.Errorf("read what was learned in %s: %w", cfg.Store.Dir, err)
	}
	return engine, nil
}
