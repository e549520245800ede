package alertrules

// rule is one, for every server.
type rule struct {
	uid, title string
	metric     string // its name where names are one word
	severity   string

	// asks are what InfluxDB is asked; when is an expression of their letters that
	// is true where the rule fires, for each series of the first.
	asks []string
	when string
	// metrics is the same in MetricsQL: what it returns fires.
	metrics string

	minutes int    // that it must be true for
	group   string // one notification is of: all that is alike, a site, a scheme
	silence string // what no answer at all means: OK or Alerting
	// summary and advice are templates of Prometheus, which Grafana takes too.
	summary, advice string
	dashboard       string
}

// how notifications are put together.
const (
	byRule   = "rule"
	bySite   = "site"
	byScheme = "scheme"
)

// heartbeats counts sensors by two facts: heard within a day, and within two minutes.
// InfluxQL cannot reckon with times; last() costs a server next to nothing, and
// once * 0 + 1 it is a count.
const (
	known      = `SELECT last("uptime") * 0 + 1 AS "known", last("uptime") * 0 AS "alive" FROM "sensor" WHERE time > now() - 24h GROUP BY "customer", "site", "sensor"`
	alive      = `SELECT last("uptime") * 0 + 1 AS "alive" FROM "sensor" WHERE time > now() - 2m GROUP BY "customer", "site", "sensor"`
	heartbeats = `FROM (` + known + `), (` + alive + `)`

	silentNow = `min by (customer, site, sensor) (time() - tlast_over_time(sensor_uptime[1d])) > 120`
	manyNow   = `count(` + silentNow + `) >= 3 and count(` + silentNow + `) >= 0.3 * count(count by (customer, site, sensor) (last_over_time(sensor_uptime[1d])))`
)

// whose is who an alert is about.
const whose = `{{ if $labels.customer }}{{ $labels.customer }}, {{ end }}{{ $labels.site }}`

// latest is a field of each sensor that is not silent: a silent one has a rule of its
// own.
func latest(field string) string {
	return `SELECT last("` + field + `") AS "` + field + `" FROM "sensor" WHERE time > now() - 2m GROUP BY "customer", "site", "sensor"`
}

func latestMetric(how, field string) string {
	return how + ` by (customer, site, sensor) (last_over_time(sensor_` + field + `[2m]))`
}

// rules are all, in the order of the document.
func rules() []rule {
	return append(silences(), append(incidents(), health()...)...)
}

func silences() []rule {
	return []rule{
		{
			uid: "tollwatch-many-silent", title: "Many sensors silent", metric: "TollwatchManySensorsSilent", severity: "critical",
			asks: []string{`SELECT sum("known") - sum("alive") AS "silent" ` + heartbeats, `SELECT sum("known") AS "known" ` + heartbeats},
			when: "$A >= 3 && $A >= 0.3 * $B", metrics: `(` + manyNow + `) or absent_over_time(sensor_uptime[1d])`,
			minutes: 1, group: byRule, silence: "Alerting", dashboard: "sites",
			summary: "many sensors are silent at once",
			advice: "Of the sensors that were there within 24 hours three or more, and 30 in a hundred, have not been heard for two minutes; or none ever was. That is one cause: the line or the " +
				"server here, a provider, an expired certificate or token. Sensors keep what they see and send it later; the people of each site are still woken by the sensor itself.",
		},
		{
			uid: "tollwatch-silent", title: "Sensor silent", metric: "TollwatchSensorSilent", severity: "major",
			asks: []string{`SELECT sum("known") - sum("alive") AS "silent" ` + heartbeats + ` GROUP BY "customer", "site", "sensor"`,
				`SELECT sum("known") - sum("alive") AS "silent" ` + heartbeats, `SELECT sum("known") AS "known" ` + heartbeats},
			when: "$A > 0 && ($B < 3 || $B < 0.3 * $C)", metrics: `(` + silentNow + `) unless on() (` + manyNow + `)`,
			minutes: 5, group: byRule, silence: "OK", dashboard: "sensor",
			summary: "sensor {{ $labels.sensor }} of " + whose + " is silent",
			advice:  "It was there within 24 hours and has not been heard for more than two minutes. Power, the site's line, `systemctl status tollwatch`. While it only cannot send, it goes on watching.",
		},
	}
}

func incidents() []rule {
	of := func(schemes string) string {
		return `SELECT count("incident") AS "changes" FROM "alert" WHERE time > now() - 3m AND "open" = 1 AND "level" =~ /^(major|critical)$/ AND "scheme" ` + schemes + ` GROUP BY "customer", "site", "scheme"`
	}
	metric := func(schemes string) string {
		return `sum by (customer, site, scheme) (sum_over_time(alert_open{level=~"major|critical",scheme` + schemes + `}[3m])) > 0`
	}
	return []rule{
		{
			uid: "tollwatch-incident", title: "Incident open", metric: "TollwatchIncidentOpen", severity: "critical",
			asks: []string{of(`!~ /^(trunk|sensor)$/`)}, when: "$A > 0", metrics: metric(`!~"trunk|sensor"`),
			group: bySite, silence: "OK", dashboard: "site",
			summary: "{{ $labels.scheme }} at " + whose,
			advice:  "An incident of level major or critical is open. Its reasons, its money and its course are on the dashboard Incident. Somebody at the site has been woken by the sensor.",
		},
		{
			uid: "tollwatch-trunk", title: "Trunk or sensor in trouble", metric: "TollwatchTrunkIncident", severity: "major",
			asks: []string{of(`=~ /^(trunk|sensor)$/`)}, when: "$A > 0", metrics: metric(`=~"trunk|sensor"`),
			group: byScheme, silence: "OK", dashboard: "site",
			summary: "{{ $labels.scheme }} at " + whose,
			advice:  "A trunk that is silent or failing, or a sensor that cannot do its work. Where many sites have it at once it is their operator: one notification lists them all.",
		},
	}
}

func health() []rule {
	rise := func(field, what string) string {
		return `SELECT sum("rise") AS "` + what + `" FROM (SELECT non_negative_difference("` + field + `") AS "rise" FROM "sensor" WHERE time > now() - 10m GROUP BY "customer", "site", "sensor") GROUP BY "customer", "site", "sensor"`
	}
	rose := func(field string) string {
		return `sum by (customer, site, sensor) (increase(sensor_` + field + `[10m]))`
	}
	sensor := "sensor {{ $labels.sensor }} of " + whose
	return []rule{
		{uid: "tollwatch-spool", title: "Points wait", metric: "TollwatchSpoolOld", severity: "watch", asks: []string{latest("spool_age")}, when: "$A > 600",
			metrics: latestMetric("max", "spool_age") + " > 600", minutes: 5, group: byRule, silence: "OK", dashboard: "sensor",
			summary: sensor + " sends late", advice: "Its oldest point has waited for more than ten minutes. Behind an outage that is catching up and passes; else the line is too thin or the server too slow."},
		{uid: "tollwatch-lost", title: "Frames lost", metric: "TollwatchFramesLost", severity: "watch", asks: []string{rise("lost", "lost"), rise("frames", "frames")}, when: "$A > 0.001 * $B",
			metrics: rose("lost") + ` > 0.001 * ` + rose("frames"), minutes: 5, group: byRule, silence: "OK", dashboard: "sensor",
			summary: sensor + " loses frames", advice: "More than one frame in a thousand had no room in the ring within ten minutes: calls and proofs are missing. A faster machine, less on the mirror port, or eBPF (docs/capture.md)."},
		{uid: "tollwatch-clock", title: "Clock wrong", metric: "TollwatchClockWrong", severity: "watch", asks: []string{`SELECT abs(last("clock_offset")) AS "clock_offset" FROM "sensor" WHERE time > now() - 2m GROUP BY "customer", "site", "sensor"`},
			when: "$A > 5", metrics: `max by (customer, site, sensor) (abs(last_over_time(sensor_clock_offset[2m]))) > 5`, minutes: 5, group: byRule, silence: "OK", dashboard: "sensor",
			summary: "the clock of " + sensor + " is wrong", advice: "It is more than five seconds from the server's. Times of evidence are wrong, and so are opening hours: NTP. If all sensors have it, it is the server's clock."},
		{uid: "tollwatch-refused", title: "Points refused or lost", metric: "TollwatchPointsRefused", severity: "watch", asks: []string{rise("points_refused", "points_refused"), rise("points_lost", "points_lost")},
			when: "$A + $B > 0", metrics: rose("points_refused") + ` + ` + rose("points_lost") + ` > 0`, group: byRule, silence: "OK", dashboard: "sensor",
			summary: "points of " + sensor + " are missing here", advice: "The server will not take them (they lie in the sensor's dead-letter file; a field's type, a retention) or they found no room in the spool during an outage. `tollwatch check` says which."},
		{uid: "tollwatch-interface", title: "Interface down", metric: "TollwatchInterfaceDown", severity: "major", asks: []string{latest("interfaces_down")}, when: "$A > 0",
			metrics: latestMetric("max", "interfaces_down") + " > 0", minutes: 2, group: byRule, silence: "OK", dashboard: "sensor",
			summary: sensor + " hears nothing on an interface", advice: "An interface is down, without carrier or removed. The cable, the mirror port, the switch."},
	}
}
