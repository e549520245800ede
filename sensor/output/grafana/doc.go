// Package grafana turns the schema of points into dashboards of Grafana: JSON that
// somebody imports, in InfluxQL, which InfluxDB 1.8, 2 and 3 understand, and a second
// set in MetricsQL for VictoriaMetrics.
//
// It promises that the same program gives the same bytes; that nothing counts twice
// where a site has two sensors; that each dashboard leads to the next with its
// variables and its time; that no data source is written into it.
//
// It asks no server and reads no file: cmd/docgen writes what it returns into
// packaging/grafana, and nothing of it runs in the sensor. What a query returns is
// tried in its tests, on the real servers; Grafana itself never was (docs/grafana.md).
package grafana
