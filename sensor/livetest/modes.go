package livetest

import (
	"io"
	"log/slog"
	"testing"

	"tollwatch/sensor"
	"tollwatch/sensor/config"
)

// modes are the ways to capture that scenarios are played to.
var modes = []string{"afpacket", "ebpf", "tcx"}

// Modes are those of them that this version has.
func Modes(t testing.TB) (have []string) {
	for _, mode := range modes {
		cfg := config.Default()
		cfg.Capture.Mode = mode
		if _, err := sensor.New(cfg, "test", slog.New(slog.NewTextHandler(io.Discard, nil))); err != nil {
			t.Logf("not played to %s: %v", mode, err)
			continue
		}
		have = append(have, mode)
	}
	return have
}
