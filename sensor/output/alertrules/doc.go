// Package alertrules turns the schema of points into rules with which those who
// watch many sensors are told that one is silent, blind, or has an incident open:
// files that Grafana provisions, for InfluxDB and for VictoriaMetrics, and rules for
// vmalert or Prometheus with the grouping that an Alertmanager needs.
//
// It promises one alert a cause. A line or a provider that is down silences many
// sensors: then one rule speaks of all, and the rule of single sensors says nothing.
// Whatever else happens at many sites at once is one notification, for it is grouped
// by what it is and not by where; thefts alone are told apart by site.
//
// The sensor itself wakes people (sensor/notify); these rules are for what it cannot
// tell, its own silence above all. Nothing of it runs in the sensor: cmd/docgen
// writes the files.
package alertrules
