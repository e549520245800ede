package main

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"tollwatch/sensor/lab/play"
	"tollwatch/sensor/lab/wire"
)

func playCommand() *cobra.Command {
	flags := generateFlags{out: "-"}
	var o play.Options
	cmd := &cobra.Command{
		Use:   "play --scenario NAME|FILE --seed N --interface NAME [--truth OUT.json]",
		Short: "a scenario live, out of an interface of a test namespace",
		Long: `Sends the frames that "siplab generate" would write, at their times, out of an interface. It refuses the machine's own
network: the interface must be one of a network namespace that was made for it, such as one end of a veth pair whose other end a sensor hears.`,
		Example: "  ip netns add lab && ip -n lab link add tap0 type veth peer name tap1 && ip -n lab link set tap0 up && ip -n lab link set tap1 up\n" +
			"  ip netns exec lab siplab play --scenario court-a --set media=none --interface tap0 --speed 10",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			p, err := flags.parameters()
			if err != nil {
				return usageError{err}
			}
			facts, err := wire.Create(flags.truth, cmd.OutOrStdout())
			if err != nil {
				return fmt.Errorf("write truth: %w", err)
			}
			defer func() { err = cmp.Or(err, facts.Close()) }()
			o.Truth = facts
			totals, err := play.Run(cmd.Context(), p, flags.seed, o)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "siplab: %s, seed %d: sent %d calls in %d frames\n", p.Name, flags.seed, totals.Calls, totals.Frames)
			return nil
		},
	}
	flags.scenarioFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&flags.truth, "truth", "/dev/null", "truth `FILE`, JSON")
	f.StringVar(&o.Interface, "interface", "", "`NAME` of an interface in this network namespace")
	f.Float64Var(&o.Speed, "speed", 1, "`N` times as fast as planned")
	return cmd
}
