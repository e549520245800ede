package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tollwatch/sensor/lab/scenario"
)

func scenariosCommand() *cobra.Command {
	return &cobra.Command{
		Use: "scenarios", Short: "the scenarios that have a name", Example: "  siplab scenarios", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, s := range scenario.Named() {
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-15s %s\n", s.Name, s.Text); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
