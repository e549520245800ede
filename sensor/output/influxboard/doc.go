// Package influxboard turns the schema of points into dashboards of InfluxDB 2's own
// pages: a template that `influx apply` takes, in Flux. It has the main panels alone;
// Grafana's have all (sensor/output/grafana).
//
// It promises that two sensors at one site count once, and the same bytes each time.
// Its queries run on InfluxDB 1.8.3 in its tests; the pages of InfluxDB 2 never showed
// them here. Nothing of it runs in the sensor: cmd/docgen writes the template.
package influxboard
