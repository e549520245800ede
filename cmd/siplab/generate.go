package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/truth"
	"tollwatch/sensor/lab/wire"
)

type generateFlags struct {
	scenario, out, truth string
	seed                 uint64
	set, attacks         []string
	after                time.Duration
}

func generateCommand() *cobra.Command {
	var flags generateFlags
	cmd := &cobra.Command{
		Use:   "generate --scenario NAME|FILE --seed N -o OUT.pcap --truth OUT.json",
		Short: "a capture of a scenario, and its truth",
		Long: `Writes the traffic of a scenario as a pcap, compressed when OUT ends in .gz or .zst ("-" is standard output), and what is
true of it as JSON. The same scenario and seed give the same bytes. "siplab scenarios" lists those that have a name; a FILE is
TOML, its keys stand in docs/siplab.md.`,
		Example: "  siplab generate --scenario office-day --seed 7 -o day.pcap.zst --truth day.json\n" +
			"  siplab generate --scenario hotel --set length=24h --attack mailbox -o hotel.pcap --truth hotel.json\n" +
			"  siplab generate --scenario court-a --set media=none --set attack.calls_per_minute=40 -o - --truth /dev/null | tollwatch replay -",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := flags.parameters()
			if err != nil {
				return usageError{err}
			}
			totals, err := flags.generate(cmd.Context(), p, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "siplab: %s, seed %d: %d calls, %d frames, %d SIP messages, %d RTP packets\n",
				p.Name, flags.seed, totals.Calls, totals.Frames, totals.SIPMessages, totals.RTPPackets)
			return nil
		},
	}
	flags.scenarioFlags(cmd)
	f := cmd.Flags()
	f.StringVarP(&flags.out, "out", "o", "", "capture `FILE`: .pcap, .pcap.gz, .pcap.zst, or - for standard output")
	f.StringVar(&flags.truth, "truth", "", "truth `FILE`, JSON")
	return cmd
}

// scenarioFlags are those that say what happens.
func (flags *generateFlags) scenarioFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&flags.scenario, "scenario", "", "`NAME` of a scenario, or a file")
	f.Uint64Var(&flags.seed, "seed", 1, "`N` from which everything random is drawn")
	f.StringSliceVar(&flags.attacks, "attack", nil, "`NAMES` of attacks that are done to the site, see siplab attacks")
	f.DurationVar(&flags.after, "after", 12*time.Hour, "a `DURATION` from the scenario's start to the attacks")
	f.StringArrayVar(&flags.set, "set", nil, "`KEY=VALUE` of a parameter; may be repeated")
}

func (f *generateFlags) parameters() (scenario.Parameters, error) {
	for _, missing := range []struct{ name, value string }{{"--scenario", f.scenario}, {"-o", f.out}, {"--truth", f.truth}} {
		if missing.value == "" {
			return scenario.Parameters{}, fmt.Errorf("generate: %s is missing; see siplab generate -h", missing.name)
		}
	}
	p, err := scenario.Load(f.scenario)
	if err != nil {
		return p, err
	}
	for _, s := range f.set {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return p, fmt.Errorf("--set %s: want KEY=VALUE", s)
		}
		if err := p.Set(name, value); err != nil {
			return p, err
		}
	}
	for i, name := range f.attacks {
		c, ok := attack.LookupCase(name)
		if !ok {
			return p, fmt.Errorf("--attack %s: there is no such attack; see siplab attacks", name)
		}
		for _, a := range c.Draw(plan.NewRand(f.seed, plan.StreamCases+uint64(i)), p.Stealable()) {
			a.After += f.after
			p.Attacks = append(p.Attacks, a)
		}
		p.Length = max(p.Length, f.after+c.Length)
	}
	return p, p.Check()
}

// generate returns the first error alone: a file that is full says so again
// when it is closed.
func (f *generateFlags) generate(ctx context.Context, p scenario.Parameters, stdout io.Writer) (t truth.Totals, err error) {
	capture, err := wire.Create(f.out, stdout)
	if err != nil {
		return t, fmt.Errorf("write capture: %w", err)
	}
	defer func() { err = cmp.Or(err, capture.Close()) }()
	facts, err := wire.Create(f.truth, stdout)
	if err != nil {
		return t, fmt.Errorf("write truth: %w", err)
	}
	defer func() { err = cmp.Or(err, facts.Close()) }()
	return packets.Generate(ctx, p, f.seed, capture, facts)
}
