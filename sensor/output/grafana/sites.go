package grafana

const (
	sitesUID    = "tollwatch-sites"
	siteUID     = "tollwatch-site"
	incidentUID = "tollwatch-incident"
	qualityUID  = "tollwatch-quality"
	sensorUID   = "tollwatch-sensor"
)

// sites is what somebody who watches many sites opens first.
func sites() board {
	return board{
		uid: sitesUID, title: "Sites", from: "now-24h", variables: []variable{customers, siteNames},
		text: "Which of all sites needs somebody now: incidents that are open, sensors that are silent, money, and how much each sensor sees.",
		panels: []panel{
			stat("Open incidents", "Incidents that are open, by level, as the heartbeats say. Critical and major ones wake somebody: open the row of the site below. "+
				"A sensor that has fallen silent counts with what it said last.", number, above(-1, 1), open().now()).called(byLevel...).wide(8),
			stat("Silent sensors", "Sensors that were there within 24 hours and have not been heard for two minutes. Several at once of one line or one provider are one cause. "+
				"While a sensor is silent its site is not watched from here; the sensor itself goes on and sends later what it saw.", number, above(-1, 1), silent("")).
				wide(4).ratio(),
			stat("Spent today", "Cost of today's calls that are over, all sites, by the price list in force at each; beside it a usual day of this kind. "+
				"Far above the usual before the evening: sort the table below by money.", euro, none, figure{"traffic", "last", []string{"spent_today_eur", "usual_day_eur"}, false}.now()).wide(8),
			stat("Calls now", "Calls at once, of all sites.", number, none, figure{"traffic", "last", []string{"calls"}, false}.now()).wide(4),
			sitesTable(), sensorsTable(), incidentsTable("Incidents of all sites"),
			graph("Spent today, by site", "Money of the day so far, of each site. A step at night is what this product is for.", euro, none,
				figure{"traffic", "max", []string{"spent_today_eur"}, true}.over()).many(),
			graph("Calls at once, by site", "Most calls at once of each site.", number, none, figure{"traffic", "max", []string{"calls_peak"}, true}.over()).many(),
		},
	}
}

func open() figure {
	return figure{"sensor", "last", []string{"incidents_critical", "incidents_major", "incidents_watch", "incidents_notice"}, false}
}

// byLevel names the levels, with the colour of each where one is open.
var byLevel = []column{
	{field: "incidents_critical", title: "critical"}, {field: "incidents_major", title: "major", limits: &limits{green, []limit{{1, orange}}}},
	{field: "incidents_watch", title: "watch", limits: &limits{green, []limit{{1, yellow}}}}, {field: "incidents_notice", title: "notice", limits: &limits{green, []limit{{1, blue}}}},
}

// silent counts sensors by two facts: that one was heard within a day, and that it
// was within two minutes. InfluxQL cannot reckon with times; last() costs a server
// next to nothing, and once * 0 + 1 it is a count.
func silent(by string) asked {
	influx := `SELECT sum("known") - sum("alive") AS "silent" FROM ` + heartbeats + by
	return asked{[]query{{influx, "silent"}}, []query{{`count(min by (customer, site, sensor) (time() - tlast_over_time(sensor_uptime{@site}[1d])) > 120) or vector(0)`, "silent"}}}
}

const heartbeats = `(SELECT last("uptime") * 0 + 1 AS "known", last("uptime") * 0 AS "alive" FROM "sensor" WHERE time > now() - 24h AND @site GROUP BY "customer", "site", "sensor"), ` +
	`(SELECT last("uptime") * 0 + 1 AS "alive" FROM "sensor" WHERE time > now() - 2m AND @site GROUP BY "customer", "site", "sensor")`

func sitesTable() panel {
	levelled := figure{"sensor", "last", []string{"incidents_critical", "incidents_major", "incidents_watch"}, true}
	money := figure{"traffic", "last", []string{"spent_today_eur", "spent_hour_eur", "usual_day_eur", "calls"}, true}
	a := asked{influx: []query{levelled.now().influx[0], money.now().influx[0]}}
	for _, f := range []figure{levelled, money} {
		a.metrics = append(a.metrics, f.now().metrics...)
	}
	for i, name := range append(levelled.fields, money.fields...) {
		a.metrics[i].name = name
	}
	bad, warn := above(-1, 1), above(1, 1e9)
	return table("Sites", "A row a site; its name leads to the site. Red under critical or major: somebody is robbing it, or it looks like it. Several sensors of a site count once.", a,
		column{field: "customer", title: "customer"}, column{field: "site", title: "site", link: linkTo(siteUID, "customer", "site")},
		column{field: "incidents_critical", title: "critical", unit: number, limits: &bad}, column{field: "incidents_major", title: "major", unit: number, limits: &bad},
		column{field: "incidents_watch", title: "watch", unit: number, limits: &warn}, column{field: "spent_today_eur", title: "today", unit: euro},
		column{field: "usual_day_eur", title: "a usual day", unit: euro}, column{field: "spent_hour_eur", title: "costly calls, last hour", unit: euro},
		column{field: "calls", title: "calls now", unit: number}).sorted("today")
}

// sensorsTable has the whole of each sensor's last heartbeat, so that its row says
// when that was.
func sensorsTable() panel {
	a := asked{influx: []query{{`SELECT last("uptime") AS "uptime", "version", "rules_version", "backend", "primary", "warmup", "tls_share", "interfaces_down", "lost" FROM "sensor" ` +
		`WHERE $timeFilter AND @site GROUP BY "customer", "site", "sensor", "view"`, ""}}}
	by := func(how, field string) query {
		return query{how + ` by (customer, site, sensor, view) (last_over_time(sensor_` + field + `{@site}[$__range]))`, field}
	}
	a.metrics = []query{{`max by (customer, site, sensor, view) (tlast_over_time(sensor_uptime{@site}[$__range]) * 1000)`, "Time"},
		by("max", "uptime"), by("max", "primary"), by("min", "warmup"), by("max", "tls_share"), by("max", "interfaces_down"), by("max", "lost")}
	down, lost, blind, learning := above(-1, 1), above(1, 1000), above(0.2, 0.8), below(0.3, 0.9)
	return table("Sensors", "A row a sensor: what it is and how much it sees; the longest silent first. Red under TLS: nobody can look into that share of the signalling, theft there is not seen. "+
		"An interface that is down hears nothing. Lost frames are of the time since the sensor started. A view that was changed makes a second row.", a,
		column{field: "Time", title: "last heard", unit: ago}, column{field: "customer", title: "customer"}, column{field: "site", title: "site", link: linkTo(siteUID, "customer", "site")},
		column{field: "sensor", title: "sensor", link: linkTo(sensorUID, "customer", "site", "sensor")}, column{field: "view", title: "view"},
		column{field: "version", title: "version"}, column{field: "rules_version", title: "rules"}, column{field: "backend", title: "back-end"},
		column{field: "primary", title: "primary", unit: number, words: yesNo}, column{field: "uptime", title: "running for", unit: seconds},
		column{field: "warmup", title: "learned", unit: share, limits: &learning}, column{field: "tls_share", title: "TLS", unit: share, limits: &blind},
		column{field: "interfaces_down", title: "interfaces down", unit: number, limits: &down}, column{field: "lost", title: "frames lost", unit: number, limits: &lost}).sortedUp("last heard")
}

// incidentsTable has a row an incident, as its latest change was.
func incidentsTable(title string) panel {
	a := asked{influx: []query{{`SELECT "customer", "site", "incident", "level", "event", "scheme", "extension", "number", "country", "calls", "spent_eur", "burn_eur_per_hour", "text" FROM "alert" ` +
		`WHERE $timeFilter AND @site ORDER BY time DESC LIMIT 2000`, ""}}}
	bad := above(1, 50)
	return table(title, "A row an incident, as it stood at its latest change within the time that is shown; its id leads to its course. `closed` is over. "+
		"Critical or major and not closed: ring the site, and close the extension or the route. Money is of the primary sensor.", a,
		column{field: "Time", title: "changed", unit: moment, width: 170}, column{field: "level", title: "level", words: levels, width: 80}, column{field: "event", title: "event", width: 110},
		column{field: "customer", title: "customer"}, column{field: "site", title: "site", link: linkTo(siteUID, "customer", "site")},
		column{field: "incident", title: "incident", link: linkTo(incidentUID, "customer", "site", "incident"), width: 190}, column{field: "scheme", title: "scheme", width: 110},
		column{field: "extension", title: "extension", width: 90}, column{field: "number", title: "number", width: 130}, column{field: "country", title: "country", width: 80},
		column{field: "calls", title: "calls", unit: number, width: 70}, column{field: "spent_eur", title: "lost", unit: euro, limits: &bad, width: 90},
		column{field: "burn_eur_per_hour", title: "an hour costs", unit: hourly, width: 110}, column{field: "text", title: "reasons"},
	).latest("customer", "site", "incident").sorted("changed")
}
