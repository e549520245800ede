package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tollwatch/sensor/output/grafana"
)

// dashboards writes what an installer imports into Grafana.
func dashboards() error {
	files, err := grafana.Boards()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join("packaging/grafana", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
