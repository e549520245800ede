package test

import (
	"path/filepath"
	"strings"
	"testing"
)

// bringsDashboards: what Grafana, vmalert and InfluxDB take lies where their
// provisioning looks, for everybody to read.
func bringsDashboards(t *testing.T, m *machine) {
	for _, pattern := range []string{"grafana/*/*.json", "grafana/provisioning/*/*/*.yaml", "victoriametrics/*.yml", "influxdb/*.yml"} {
		committed, err := filepath.Glob(filepath.Join(root, "packaging", pattern))
		if err != nil || len(committed) == 0 {
			t.Fatalf("packaging/%s: got %v (%v), want files", pattern, committed, err)
		}
		for _, file := range committed {
			name := strings.TrimPrefix(filepath.ToSlash(file), root+"/packaging/")
			if got := strings.TrimSpace(m.says("stat -c '%a %s' /usr/share/tollwatch/" + name)); !strings.HasPrefix(got, "644 ") || got == "644 0" {
				t.Errorf("/usr/share/tollwatch/%s: got rights and size %q, want a file that all may read", name, got)
			}
		}
	}
}
