package main

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"tollwatch/sensor/commission"
	"tollwatch/sensor/commission/setup"
	"tollwatch/sensor/commission/tap"
	"tollwatch/sensor/config"
)

func checkCommand() *cobra.Command {
	var (
		file    string
		live    time.Duration
		offline bool
		json    bool
	)
	cmd := &cobra.Command{
		Use:   "check [--config FILE] [--live DURATION] [--offline]",
		Short: "every problem of the configuration, the rights and the interfaces; with --live, what this place in the network sees",
		Long: `Looks at the configuration and the files it names, at rights, interfaces, the store's folder and the outputs: one line a check,
with what to do. It changes nothing here. It proves the way to InfluxDB with a real point, of the measurement check, in each bucket of [influx],
within ten seconds; --offline sends nothing. No webhook is posted to.

With --live it listens for that long, beside a sensor that runs or without one, and writes the commissioning sheet: are there frames of
others, both directions of SIP and of the audio, doubled frames, tags, TLS, lost frames? Make a test call of ten seconds while it listens.
Each line is explained in docs/commissioning.md. Exit status 0: nothing failed, 1: something did, 2: called wrongly.`,
		Example: "  sudo tollwatch check --live 120s",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("live") && live <= 0 {
				return usageError{fmt.Errorf("--live %s: want a time to listen, 120s for instance", live)}
			}
			e, err := examine(file)
			if err != nil {
				return usageError{err}
			}
			sheet := setup.Check(cmd.Context(), e, setup.Options{Version: version, Offline: offline})
			if live > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "tollwatch: listening for %s: make a test call of ten seconds now\n", live)
				sheet = append(sheet, tap.Listen(cmd.Context(), &e.Config, live)...)
			}
			print := sheet.Print
			if json {
				print = sheet.JSON
			}
			if err := print(cmd.OutOrStdout()); err != nil {
				return err
			}
			if n := sheet.Count(commission.Fail); n > 0 {
				return fmt.Errorf("%d of %d checks failed: each line says what to do", n, len(sheet))
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&file, "config", "", "configuration `FILE` (default "+defaultConfig+", if it is there)")
	flags.DurationVar(&live, "live", 0, "listen for a `DURATION`, and tell what is seen")
	flags.BoolVar(&offline, "offline", false, "ask no server")
	flags.BoolVar(&json, "json", false, "one JSON object a line")
	return cmd
}

// examine reads the configuration that run would take.
func examine(file string) (*config.Examined, error) {
	if file != "" {
		return config.Examine(file)
	}
	e, err := config.Examine(defaultConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return config.ExamineDefault(), nil
	}
	return e, err
}
