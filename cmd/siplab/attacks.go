package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tollwatch/sensor/lab/attack"
)

func attacksCommand() *cobra.Command {
	return &cobra.Command{
		Use: "attacks", Short: "the attacks of the trial", Example: "  siplab attacks", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, c := range attack.Cases() {
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-15s %s\n", c.Name, c.Text); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
