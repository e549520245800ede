package main

import (
	"github.com/spf13/cobra"

	"tollwatch/sensor/config"
	"tollwatch/sensor/store"
)

// place is which store is meant.
type place struct{ config, dir string }

func (p *place) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.config, "config", "", "configuration `FILE` (default "+defaultConfig+", if it is there)")
	cmd.Flags().StringVar(&p.dir, "store", "", "the store's `DIR`; the configuration's without it")
}

func (p *place) load() (config.Config, error) {
	cfg, err := runConfig(p.config)
	if p.dir != "" {
		cfg.Store.Dir = p.dir
	}
	return cfg, err
}

// read opens the store for queries; whoever asks closes it.
func (p *place) read() (config.Config, *store.Store, error) {
	cfg, err := p.load()
	if err != nil {
		return cfg, nil, err
	}
	kept, err := store.OpenReadOnly(cfg.Store.Dir)
	return cfg, kept, err
}
