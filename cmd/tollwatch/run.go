package main

import (
	"errors"
	"io/fs"
	"log/slog"

	"github.com/spf13/cobra"

	"tollwatch/sensor"
	"tollwatch/sensor/config"
)

// defaultConfig is read when no --config is given, if it is there.
const defaultConfig = "/etc/tollwatch/tollwatch.toml"

func runCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "run [--config FILE]",
		Short: "the sensor: listens on the interfaces until it is told to end",
		Long: `Listens on the configured interfaces, judges every call as it is dialled, keeps calls and alerts in the store, and sends
them to the InfluxDB and the webhook of the configuration. It sends nothing into the network it watches. It needs CAP_NET_RAW.`,
		Example: "  sudo tollwatch run --config /etc/tollwatch/tollwatch.toml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := runConfig(file)
			if err != nil {
				return err
			}
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			slog.SetDefault(log)
			s, err := sensor.New(cfg, version, log)
			if err != nil {
				return usageError{err}
			}
			return s.Run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration `FILE` (default "+defaultConfig+", if it is there)")
	return cmd
}

func runConfig(file string) (config.Config, error) {
	if file != "" {
		return loadConfig(file)
	}
	cfg, err := loadConfig(defaultConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return config.Default(), nil
	}
	return cfg, err
}
