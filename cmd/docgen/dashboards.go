package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tollwatch/sensor/output/alertrules"
	"tollwatch/sensor/output/grafana"
	"tollwatch/sensor/output/influxboard"
)

// dashboards writes what an installer imports into Grafana.
func dashboards() error {
	files, err := grafana.Boards()
	if err != nil {
		return err
	}
	return writeAll("packaging/grafana", files)
}

// alerts writes the rules that watch sensors from afar.
func alerts() error {
	files, err := alertrules.Files()
	if err != nil {
		return err
	}
	return writeAll("packaging", files)
}

// template writes what an installer applies to InfluxDB 2.
func template() error {
	text, err := influxboard.Template()
	if err != nil {
		return err
	}
	return writeAll("packaging/influxdb", map[string][]byte{"tollwatch.yml": text})
}

func writeAll(under string, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(under, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
