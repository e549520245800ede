package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"tollwatch/sensor"
	"tollwatch/sensor/config"
	"tollwatch/sensor/systemd"
)

// defaultConfig is read when no --config is given, if it is there.
const defaultConfig = "/etc/tollwatch/tollwatch.toml"

func runCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "run [--config FILE]",
		Short: "the sensor: listens on the interfaces until it is told to end",
		Long: `Listens on the configured interfaces, judges every call as it is dialled, keeps calls and alerts in the store, and sends
them to the InfluxDB and the webhook of the configuration. It sends nothing into the network it watches. It needs
CAP_NET_RAW, and for kernel programs CAP_BPF and CAP_PERFMON; once it listens it gives all other rights up, and uses none. SIGHUP brings [tariff] and
[hours], and the files they name, into force as they are now; other sections wait for the next start.`,
		Example: "  sudo tollwatch run --config /etc/tollwatch/tollwatch.toml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := runConfig(file)
			if err != nil {
				return err
			}
			log := slog.New(systemd.LogHandler(cmd.ErrOrStderr()))
			slog.SetDefault(log)
			s, err := sensor.New(cfg, version, log)
			if err != nil {
				return usageError{err}
			}
			again := make(chan os.Signal, 1)
			signal.Notify(again, syscall.SIGHUP)
			defer signal.Stop(again)
			go reload(cmd.Context(), s, file, again)
			return s.Run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration `FILE` (default "+defaultConfig+", if it is there)")
	return cmd
}

// reload reads the configuration again each time it is asked to, until ctx ends.
func reload(ctx context.Context, s *sensor.Sensor, file string, again <-chan os.Signal) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-again:
		}
		cfg, err := runConfig(file)
		if err != nil {
			s.Refuse(err)
			continue
		}
		s.Reload(cfg)
	}
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
