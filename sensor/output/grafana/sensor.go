package grafana

import "strings"

// sensor is the health of one sensor: whether what the others show can be trusted.
func sensor() board {
	slow, clock, tls := above(60, 600), above(1, 5), above(0.2, 0.8)
	return board{
		uid: sensorUID, title: "Sensor", from: "now-6h", variables: []variable{customers, siteNames, sensors},
		text: "Whether a sensor sees and sends everything: frames that were lost, what waits to be sent, its clock, how much of the signalling nobody can look into.",
		panels: []panel{
			heartbeatTable(),
			beat("Running for", "Since the sensor started. Short, again and again: it is being restarted, see `journalctl -u tollwatch`.", seconds, none, "min", "uptime"),
			beat("Spool age", "Age of the oldest point that waits to be sent. More than ten minutes: the line or the server is down; nothing is lost yet.", seconds, slow, "max", "spool_age"),
			beat("Clock", "The server's clock less the sensor's. More than a few seconds: the machine has no NTP, and times of evidence are wrong.", seconds, clock, "max", "clock_offset").far(),
			beat("TLS", "Share of the signalling that nobody can look into. Theft there is not seen: put the tap where it is plain, or let a capture agent on the PBX report it (docs/agents.md).", share, tls, "max", "tls_share"),
			beat("Interfaces down", "Interfaces that are down, without carrier or removed: nothing is heard there.", number, above(-1, 1), "max", "interfaces_down"),
			beat("Learned", "How much of what is usual is learned; below all of it some rules wait or are mild.", share, below(0.3, 0.9), "min", "warmup"),
			rate("Frames", "Frames seen a second. Nothing for minutes: the mirror port is off.", perSec, "frames"),
			rate("Lost, dropped, malformed", "Frames a second that the ring had no room for (lost), that the card let go (lost by card), that were refused (dropped), that could not be read (malformed). "+
				"Lost ones are calls and proofs that are missing: a faster machine, `mode = \"auto\"` for eBPF, or less on the mirror port.", perSec, "lost", "lost_by_card", "dropped", "malformed"),
			beats("CPU", "Of one core, since the heartbeat before. Near one for long: frames will be lost.", ofOne, above(0.7, 0.95), "cpu"),
			beats("Memory", "Resident. Every table of the sensor has a bound: it levels off.", size, none, "memory"),
			beats("Spool", "Bytes on disk of points that wait. A hill is an outage that was bridged.", size, none, "spool"),
			beats("Points that wait", "Points in the spool.", number, none, "spool_points"),
			beats("Age of the oldest point", "How late the server is behind.", seconds, slow, "spool_age"),
			rate("Points that are missing here", "Points a second that found no room (lost: the oldest metrics, never alerts), that the server will not take (refused), and registrations and attempts of a flood "+
				"that became no points (over budget). Refused ones lie in the dead-letter file: `tollwatch check` says why.", perSec, "points_lost", "points_refused", "points_over_budget"),
			beats("Clock offset", "The server's clock less the sensor's.", seconds, none, "clock_offset"),
			beats("Share of TLS", "Signalling that nobody can look into.", share, none, "tls_share"),
		},
	}
}

// heartbeatTable has what is no number.
func heartbeatTable() panel {
	p := sensorsTable()
	p.title, p.height = "Sensor", 5
	p.asks.influx[0].text = atSensor(p.asks.influx[0].text)
	for i := range p.asks.metrics {
		p.asks.metrics[i].text = atSensor(p.asks.metrics[i].text)
	}
	return p
}

// beat is a field of the last heartbeat, the worst of all chosen sensors.
func beat(title, text string, u unit, l limits, worst, field string) panel {
	return stat(title, text, u, l, asked{
		[]query{{`SELECT ` + worst + `("v") AS "` + field + `" FROM (SELECT last("` + field + `") AS "v" FROM "sensor" WHERE $timeFilter AND @sensor GROUP BY "site", "sensor")`, field}},
		[]query{{worst + `(last_over_time(sensor_` + field + `{@sensor}[$__range]))`, field}},
	})
}

// far shows how far from nothing, either way.
func (p panel) far() panel {
	p.asks.influx[0].text = strings.Replace(p.asks.influx[0].text, `last("clock_offset")`, `abs(last("clock_offset"))`, 1)
	p.asks.metrics[0].text = strings.Replace(p.asks.metrics[0].text, "last_over_time(sensor_clock_offset{@sensor}[$__range])", "abs(last_over_time(sensor_clock_offset{@sensor}[$__range]))", 1)
	return p
}

// beats are fields of each sensor's heartbeats.
func beats(title, text string, u unit, l limits, field string) panel {
	return graph(title, text, u, l, asked{
		[]query{{`SELECT mean("` + field + `") AS "` + field + `" FROM "sensor" WHERE $timeFilter AND @sensor GROUP BY time($__interval), "site", "sensor" fill(none)`, "$tag_site $tag_sensor"}},
		[]query{{`avg by (site, sensor) (avg_over_time(sensor_` + field + `{@sensor}[$__interval]))`, "$tag_site $tag_sensor"}},
	})
}

// rate is how fast counters rise; they begin again at nothing with the sensor.
func rate(title, text string, u unit, fields ...string) panel {
	var a asked
	for _, f := range fields {
		name := "$tag_site $tag_sensor " + f
		a.influx = append(a.influx, query{`SELECT non_negative_derivative(last("` + f + `"), 1s) AS "` + f + `" FROM "sensor" WHERE $timeFilter AND @sensor GROUP BY time($__interval), "site", "sensor" fill(none)`, name})
		a.metrics = append(a.metrics, query{`sum by (site, sensor) (rate(sensor_` + f + `{@sensor}[$__rate_interval]))`, name})
	}
	return graph(title, text, u, none, a).ratio()
}
