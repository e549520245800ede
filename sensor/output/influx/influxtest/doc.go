// Package influxtest turns the servers that packaging/test builds into
// addresses that tests may write to and ask: InfluxDB 1.8.3 and
// VictoriaMetrics 1.151.0, the real programs, on free ports of the loopback.
//
// It promises that a server ends with its test, by its process, and that a
// test whose server was not built skips and says what to run; where CI is true
// it fails instead. It is for tests alone: nothing of the product imports it.
package influxtest
