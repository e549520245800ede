// Command tollwatch is the sensor: it listens to a telephone system, or reads
// a capture of one, and tells when its calls look stolen. This package parses
// flags and prints; whatever is worth a test lives in a package of its own.
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

// version and commit are set by the linker.
var version, commit = "unknown", "unknown"

// Exit statuses of the contract.
const (
	exitProblem = 1 // ran and found a problem
	exitUsage   = 2 // called or configured wrongly
)

// usageError is a mistake of whoever called or configured the program.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "tollwatch:", err)
		os.Exit(status(err))
	}
}

func status(err error) int {
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitProblem
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "tollwatch",
		Short:         "tells a company at the third call that its telephone system is hacked",
		Example:       "  sudo tollwatch check --live 120s\n  sudo tollwatch run\n  sudo tollwatch incidents --last 24h",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s -h", err, cmd.CommandPath())}
	})
	cmd.AddCommand(initCommand(), checkCommand(), replayCommand(), runCommand(), devicesCommand(),
		callsCommand(), alertsCommand(), incidentsCommand(), maintenanceCommand(),
		explainCommand(), stateCommand(), reconcileCommand(), versionCommand())
	checkArgs(cmd)
	return cmd
}

// checkArgs makes wrong arguments of a command, and of those below it, usage
// errors.
func checkArgs(cmd *cobra.Command) {
	cmd.Args = usageArgs(cmd.Args)
	for _, c := range cmd.Commands() {
		checkArgs(c)
	}
}

// usageArgs makes a wrong number of arguments, or an unknown command, the
// caller's mistake.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			return nil
		}
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; see %s -h", err, cmd.CommandPath())}
		}
		return nil
	}
}
