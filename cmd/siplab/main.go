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
	root := &cobra.Command{
		Use: "siplab", Short: "labelled SIP and RTP traffic", SilenceErrors: true, SilenceUsage: true,
		Example: "  siplab generate --scenario office-court-a --seed 1 -o day.pcap.zst --truth day.json",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(generateCommand(), scenariosCommand())
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "siplab:", err)
		os.Exit(status(err))
	}
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
