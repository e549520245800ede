package main

import (
	"errors"

	"github.com/spf13/cobra"

	"tollwatch/sensor/explain"
)

func explainCommand() *cobra.Command {
	var p place
	var asJSON bool
	cmd := &cobra.Command{
		Use: "explain INCIDENT", Short: "an incident's score anew from the stored inputs, term by term",
		Long: `Makes the score of each decision behind an incident's alerts again, from the inputs that the store kept with them, and prints it rule by
rule: the points, the reason, and what the rule looked at. What it prints is equal to the bit to what was told then; where it is not, or other rules
decided, it says so and exits with status 1.`,
		Example: "  tollwatch replay --store store docs/example/office-court-a.pcap.zst\n" +
			"  tollwatch explain --store store $(tollwatch incidents --store store | awk 'END {print $NF}')", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, kept, err := p.read()
			if err != nil {
				return err
			}
			defer kept.Close()
			list, problem := explain.Incident(kept, args[0])
			if errors.Is(problem, explain.ErrUnknown) {
				return usageError{problem}
			}
			print := func() error { return explain.Text(cmd.OutOrStdout(), cfg.Site.Location(), list) }
			if asJSON {
				print = func() error { return explain.JSON(cmd.OutOrStdout(), list) }
			}
			return errors.Join(print(), problem)
		},
	}
	p.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a decision, a line each")
	return cmd
}
