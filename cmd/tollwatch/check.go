package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"tollwatch/sensor/commission"
	"tollwatch/sensor/commission/setup"
	"tollwatch/sensor/config"
)

func checkCommand() *cobra.Command {
	var (
		file string
		json bool
	)
	cmd := &cobra.Command{
		Use:   "check [--config FILE]",
		Short: "every problem of the configuration, the rights and the interfaces",
		Long: `Looks at the configuration and the files it names, at rights, interfaces, the store's folder and the outputs: one line a check,
with what to do. It changes nothing and sends nothing.
Each line is explained in docs/commissioning.md. Exit status 0: nothing failed, 1: something did, 2: called wrongly.`,
		Example: "  sudo tollwatch check",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := examine(file)
			if err != nil {
				return usageError{err}
			}
			sheet := setup.Check(e)
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
