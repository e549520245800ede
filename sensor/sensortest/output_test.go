package sensortest

import (
	"context"
	"testing"

	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/points"
)

// runOutput is an output that works until stop is called.
func runOutput(t *testing.T, cfg influx.Config) (out *influx.Output, stop func()) {
	t.Helper()
	out, err := influx.New(cfg, points.Identity{Site: "lyon", Sensor: "5f0c", Primary: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		out.Run(ctx)
	}()
	return out, func() {
		cancel()
		<-ended
	}
}
