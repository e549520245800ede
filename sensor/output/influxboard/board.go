package influxboard

// cell is a panel. Its kind is InfluxDB's.
type cell struct {
	kind, name, flux string
	width, height    int
	suffix           string
	places           int
	note             string
	columns          []string // of a table, in their order
}

func number(name, suffix string, places int, flux string) cell {
	return cell{kind: "Single_Stat", name: name, flux: flux, width: 3, height: 2, suffix: suffix, places: places}
}

func lines(name, flux string) cell {
	return cell{kind: "Xy", name: name, flux: flux, width: 6, height: 4}
}

func table(name, flux string, columns ...string) cell {
	return cell{kind: "Table", name: name, flux: then(flux, keep(columns...)), width: 12, height: 4, columns: columns, places: 2}
}

func text(note string) cell {
	return cell{kind: "Markdown", name: "About", note: note, width: 12, height: 1}
}

// board is a page.
type board struct {
	id, name, text string
	cells          []cell
}

func boards() []board { return []board{site(), incident()} }

func site() board {
	return board{"tollwatch-site", "tollwatch: sites", "Who is robbed, what it costs, how calls go, and whether the sensors are there.", []cell{
		text("Choose the bucket, that of alerts (the same where they have none of their own) and the site above. Money is in euro, of each site's primary sensor. The course of one incident is on the page *tollwatch: incident*."),
		number("Critical incidents open", "", 0, once("sensor", "incidents_critical")),
		number("Silent sensors", "", 0, silent),
		number("Spent today", " €", 2, once("traffic", "spent_today_eur")),
		number("Calls now", "", 0, once("traffic", "calls")),
		table("Incidents", rows("alert", []string{"incident", "event", "extension", "number", "calls", "spent_eur", "text"},
			group("site", "incident"), byTime, `last(column: "event")`),
			"_time", "site", "incident", "level", "event", "scheme", "extension", "number", "calls", "spent_eur", "text"),
		lines("Spent today, by site", overTime("traffic", "spent_today_eur", "max")),
		lines("Calls at once, by site", overTime("traffic", "calls_peak", "max")),
		table("Destinations", destinations, "dest_country", "dest_class", "calls", "cost_eur"),
		lines("MOS, by codec", then(from("stream", "mos"), group("codec"), byTime, "aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)")),
		lines("Frames lost a second, by sensor", then(from("sensor", "lost"), group("site", "sensor"), byTime, "derivative(unit: 1s, nonNegative: true)")),
		table("Sensors", rows("sensor", []string{"version", "uptime", "tls_share", "interfaces_down", "spool_age", "clock_offset"},
			group("site", "sensor"), byTime, `last(column: "uptime")`),
			"_time", "site", "sensor", "view", "version", "uptime", "tls_share", "interfaces_down", "spool_age", "clock_offset"),
	}}
}

// destinations are the legs that money stands on, one a call.
var destinations = then(from("call", "cost_eur"), group("dest_country", "dest_class"),
	`reduce(identity: {calls: 0, cost_eur: 0.0}, fn: (r, accumulator) => ({calls: accumulator.calls + 1, cost_eur: accumulator.cost_eur + r._value}))`,
	group(), `sort(columns: ["cost_eur"], desc: true)`)

// chosen are the points of the incident that somebody chose: its id is a field, so
// the points become rows first.
func chosen(fields ...string) string {
	return rows("alert", append([]string{"incident"}, fields...), `filter(fn: (r) => r.incident == v.incident)`)
}

// course is a field of it over time.
func course(field string) string {
	return then(chosen(field), `filter(fn: (r) => exists r.`+field+`)`, byTime, `map(fn: (r) => ({_time: r._time, _value: r.`+field+`}))`)
}

func incident() board {
	return board{"tollwatch-incident", "tollwatch: incident", "The course of one incident.", []cell{
		text("Choose the bucket of alerts and an incident above; its id begins with its day and time (UTC)."),
		number("Lost", " €", 2, then(course("spent_eur"), "last()")),
		number("An hour costs", " €/h", 0, then(course("burn_eur_per_hour"), "last()")),
		number("Calls", "", 0, then(course("calls"), "last()")),
		number("Points", "", 0, then(course("score"), "last()")),
		lines("Money lost", course("spent_eur")), lines("An hour costs", course("burn_eur_per_hour")),
		table("Changes", chosen("event", "score", "calls", "concurrent", "extension", "number", "spent_eur", "text"),
			"_time", "event", "level", "score", "calls", "concurrent", "extension", "number", "spent_eur", "text"),
	}}
}

// buckets are the choices of where metrics are, and of where alerts are.
const buckets = `buckets()
  |> filter(fn: (r) => r.name !~ /^_/)
  |> rename(columns: {name: "_value"})
  |> keep(columns: ["_value"])`

// variables are the choices above, by their names.
var variables = []struct{ name, flux string }{
	{"bucket", buckets},
	{"alerts", buckets},
	{"site", `import "influxdata/influxdb/v1"

every = buckets()
  |> limit(n: 1)
  |> set(key: "_value", value: "*")
  |> keep(columns: ["_value"])
sites = v1.measurementTagValues(bucket: v.bucket, measurement: "sensor", tag: "site")
union(tables: [every, sites])`},
	{"incident", `from(bucket: v.alerts)
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "alert" and r._field == "incident")
  |> group()
  |> distinct()
  |> sort(desc: true)`},
}
