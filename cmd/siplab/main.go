// Command siplab makes labelled telephone traffic: captures with their truth.
// This package parses flags and prints; what it is made of lies in sensor/lab.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// usageError is a mistake of whoever called the program.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "siplab:", err)
		os.Exit(status(err))
	}
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use: "siplab", Short: "traffic of a telephone system, with what is true of it", SilenceErrors: true, SilenceUsage: true,
		Long:    "Makes captures of telephone traffic, ordinary and stolen, with their truth: to try a sensor on.",
		Example: "  siplab generate --scenario office-court-a --set media=none --seed 1 -o day.pcap.zst --truth day.json",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s -h", err, cmd.CommandPath())}
	})
	cmd.AddCommand(generateCommand(), playCommand(), scenariosCommand(), attacksCommand(), scoreCommand(), trialCommand())
	return cmd
}

// status is 2 for a mistake of the caller, 1 for a problem on the way.
func status(err error) int {
	var usage usageError
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}

func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{fmt.Errorf("%w; see %s -h", err, cmd.CommandPath())}
	}
	return nil
}
