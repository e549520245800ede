package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/trial"
)

// tuning and reporting are the seeds of sites that detectors may be tuned on,
// and of those that figures are reported of.
const (
	tuning    = 1
	reporting = 1_000_001
)

type trialFlags struct {
	profiles, cases []string
	sites, days     int
	report, plain   bool
	answers         bool
}

func trialCommand() *cobra.Command {
	flags := trialFlags{}
	cmd := &cobra.Command{
		Use:   "trial",
		Short: "the detectors on months of many sites, and on every attack",
		Long: `Plays sites of every profile and every attack to the engine as events, without packets, and prints how many attacks were
found, after how many calls, seconds and euro, and how often somebody was woken for nothing. Sites for tuning and sites for reporting
have different seeds.`,
		Example: "  siplab trial --sites 2 --profile office --attack court-a,slow-1",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := flags.benchmark(cmd.ErrOrStderr())
			if err != nil {
				return usageError{err}
			}
			r, err := b.Run(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr())
			return flags.print(cmd.OutOrStdout(), b, r)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&flags.profiles, "profile", trial.Profiles(), "`NAMES` of the profiles")
	f.StringSliceVar(&flags.cases, "attack", nil, "`NAMES` of the attacks, or none; all unless given")
	f.IntVar(&flags.sites, "sites", 4, "`N` sites of each profile")
	f.IntVar(&flags.days, "days", 30, "`N` days of quiet time of each site")
	f.BoolVar(&flags.report, "report", false, "use the sites that are for reporting, which nothing may be tuned on")
	f.BoolVar(&flags.answers, "answers", false, "people say of what wakes them for nothing, ten minutes later, that it is normal here")
	f.BoolVar(&flags.plain, "no-list", false, "switch the list of risky destinations off: every number abroad is an ordinary one")
	return cmd
}

func (f *trialFlags) benchmark(log io.Writer) (*trial.Benchmark, error) {
	b := &trial.Benchmark{Profiles: f.profiles, Cases: attack.Cases(), Days: f.days, Plain: f.plain, Answers: f.answers, Log: log}
	if f.sites < 1 || f.days < trial.MinDays {
		return nil, fmt.Errorf("--sites %d --days %d: want at least one site and %d days", f.sites, f.days, trial.MinDays)
	}
	for _, p := range f.profiles {
		if !slices.Contains(trial.Profiles(), p) {
			return nil, fmt.Errorf("--profile %s: want some of %s", p, strings.Join(trial.Profiles(), ", "))
		}
	}
	if f.cases != nil {
		b.Cases = nil
	}
	if slices.Equal(f.cases, []string{"none"}) {
		f.cases = nil
	}
	for _, name := range f.cases {
		c, ok := attack.LookupCase(name)
		if !ok {
			return nil, fmt.Errorf("--attack %s: there is no such attack; see siplab attacks", name)
		}
		b.Cases = append(b.Cases, c)
	}
	for i := range f.sites {
		b.Seeds = append(b.Seeds, f.firstSeed()+uint64(i))
	}
	return b, nil
}

func (f *trialFlags) firstSeed() uint64 {
	if f.report {
		return reporting
	}
	return tuning
}

func (f *trialFlags) print(w io.Writer, b *trial.Benchmark, r *trial.Report) error {
	kind := "tuning"
	if f.report {
		kind = "reporting"
	}
	list := ""
	if f.answers {
		list = "; people answer what wakes them for nothing"
	}
	if f.plain {
		list += ", without the list of risky destinations"
	}
	fmt.Fprintf(w, "Seeds %d to %d, for %s; %d days of each site%s.\n", b.Seeds[0], b.Seeds[len(b.Seeds)-1], kind, b.Days, list)
	for _, v := range trial.Views() {
		if r.Sheets[v].Empty() {
			continue
		}
		fmt.Fprintf(w, "\n### %s\n\n", v)
		if err := r.Sheets[v].Write(w); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\n| site | events | µs an event |\n|---|---|---|\n")
	for _, p := range b.Profiles {
		c := r.Costs[p]
		fmt.Fprintf(w, "| %s | %d | %.1f |\n", p, c.Events, c.Time.Seconds()*1e6/float64(max(c.Events, 1)))
	}
	_, err := fmt.Fprintf(w, "\nHeap at the end: %.1f MiB.\n", float64(r.Memory)/(1<<20))
	return err
}
