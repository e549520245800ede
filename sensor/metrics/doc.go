// Package metrics turns the sensor's counters and gauges into Prometheus text.
//
// It holds no figures of its own: each metric is read from its owner when it
// is asked for, through a function that the owner gives and that must be safe
// to call from any goroutine. Names are fixed in names.go: they are public. A
// Metrics is a value; nothing is global.
package metrics
