package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tollwatch/sensor/lab/score"
)

func scoreCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "score --truth FILE",
		Short: "how good a sensor's alerts are, beside the truth",
		Long: `Reads the NDJSON of "tollwatch replay --json" on standard input, and the truth of the same capture, and prints for each attack
whether somebody was woken, after how many calls and seconds, and what it had cost by then; and how often somebody was woken for nothing.`,
		Example: "  siplab generate --scenario office-court-a --set media=none -o a.pcap --truth a.json\n" +
			"  tollwatch replay --json a.pcap | siplab score --truth a.json",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" {
				return usageError{fmt.Errorf("score: --truth is missing; see siplab score -h")}
			}
			facts, err := os.Open(file)
			if err != nil {
				return fmt.Errorf("read truth: %w", err)
			}
			defer facts.Close()
			sheet, err := score.Files(facts, cmd.InOrStdin())
			if err != nil {
				return err
			}
			return sheet.Write(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&file, "truth", "", "truth `FILE` of siplab generate")
	return cmd
}
