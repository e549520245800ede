package influxboard

import (
	"fmt"
	"strings"
)

// from is a field of a measurement, of the time and the site that somebody chose.
func from(measurement string, fields ...string) string {
	var each []string
	for _, f := range fields {
		each = append(each, fmt.Sprintf(`r._field == %q`, f))
	}
	bucket := "bucket"
	if measurement == "alert" {
		bucket = "alerts" // they may have one of their own
	}
	return fmt.Sprintf(`from(bucket: v.%s)
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == %q and (%s))
  |> filter(fn: (r) => v.site == "*" or r.site == v.site)`, bucket, measurement, strings.Join(each, " or "))
}

// then adds steps.
func then(query string, steps ...string) string {
	for _, s := range steps {
		query += "\n  |> " + s
	}
	return query
}

func group(columns ...string) string {
	if columns == nil {
		return "group()"
	}
	return `group(columns: ["` + strings.Join(columns, `", "`) + `"])`
}

const byTime = `sort(columns: ["_time"])`

// once is a figure of all sites: of a site the largest of its sensors' numbers, for
// two sensors see the same calls.
func once(measurement, field string) string {
	return then(from(measurement, field), group("site", "sensor"), byTime, "last()", group("site"), "max()", group(), "sum()")
}

// overTime is a figure of each site, over time.
func overTime(measurement, field, how string) string {
	return then(from(measurement, field), group("site"), byTime, "aggregateWindow(every: v.windowPeriod, fn: "+how+", createEmpty: false)")
}

// rows are points with their fields as columns, the latest first.
func rows(measurement string, columns []string, steps ...string) string {
	all := append([]string{`pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`}, steps...)
	return then(from(measurement, columns...), append(all, group(), `sort(columns: ["_time"], desc: true)`)...)
}

func keep(columns ...string) string {
	return `keep(columns: ["` + strings.Join(columns, `", "`) + `"])`
}

// silent counts sensors that were there within a day and are not now.
const silent = `known = from(bucket: v.bucket)
  |> range(start: -24h)
  |> filter(fn: (r) => r._measurement == "sensor" and r._field == "uptime")
  |> filter(fn: (r) => v.site == "*" or r.site == v.site)
  |> group(columns: ["site", "sensor"])
  |> sort(columns: ["_time"])
  |> last()
known
  |> map(fn: (r) => ({_value: if uint(v: r._time) + uint(v: 120000000000) < uint(v: now()) then 1 else 0}))
  |> group()
  |> sum()`
