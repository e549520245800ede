package grafana

// incident is the course of one: from its first call to its end.
func incident() board {
	var b board
	b.uid, b.title, b.from = incidentUID, "Incident", "now-24h"
	b.text = "The course of one incident: why it was thought to be one, what it has cost, what an hour of it costs, who knew when. Widen the time if its beginning is cut off."
	b.variables = []variable{customers, siteNames, incidents}
	bad := above(1, 50)
	b.panels = []panel{
		last("Level", "The last two levels, major and critical, wake somebody.", plain, none, "level", 3).named(levels).word("level"),
		last("Event", "The latest change: `closed` is over, `acknowledged` somebody has it.", plain, none, "event", 3).word("event"),
		last("Points", "Sum of the reasons' points; 40 and more is an incident (docs/detections.md).", opinion, above(40, 100), "score", 3),
		last("Calls", "Calls that belong to it.", number, none, "calls", 3),
		last("At once", "Most of them at once.", number, none, "concurrent", 3),
		last("Lost", "Cost of its calls so far, running ones included, by the price list in force.", euro, bad, "spent_eur", 3),
		last("An hour costs", "What an hour of this costs.", hourly, bad, "burn_eur_per_hour", 3),
		last("By the next opening", "What will be lost by then if nobody acts.", euro, bad, "forecast_eur", 3),
		graph("Money lost", "Lost so far, with the least and the most that it may be: prices are estimates where no tariff is configured.", euro, none, alerts("spent_eur", "spent_eur_low", "spent_eur_high")),
		graph("An hour costs", "What an hour of it costs, and what such an hour usually costs at this site. It falls to nothing when the calls are stopped.", hourly, none, alerts("burn_eur_per_hour", "usual_eur_per_hour")),
		graph("Calls", "Calls so far, of them answered, and the most at once.", number, none, alerts("calls", "answered", "concurrent")),
		graph("Points", "Sum of the reasons' points over its course.", opinion, none, alerts("score")),
		changes(),
	}
	return b
}

// one is the end of each query of one incident. Of two sensors of a site each has
// incidents of its own, and ids never meet.
const one = ` FROM "alert" WHERE $timeFilter AND @site AND @incident`

func last(title, text string, u unit, l limits, field string, width int) panel {
	p := stat(title, text, u, l, asked{influx: []query{{`SELECT last("` + field + `") AS "` + field + `"` + one, "$col"}}}).wide(width)
	if field == "level" {
		// A tag cannot be asked for by itself.
		p.asks.influx[0].text = `SELECT last("event"), "level" AS "level"` + one
	}
	return p
}

// alerts are fields over the incident's course: a point a change, not a mean.
func alerts(fields ...string) asked {
	f := figure{fields: fields}
	var metrics []query
	for _, field := range fields {
		metrics = append(metrics, query{`max by (customer, site, scheme, level) (last_over_time(alert_` + field + `{@site}[$__interval]))`, "$tag_site $tag_scheme $tag_level " + field})
	}
	return asked{[]query{{"SELECT " + f.columns("last") + one + ` GROUP BY time($__interval) fill(none)`, "$col"}}, metrics}
}

func changes() panel {
	influx := `SELECT "event", "level", "score", "calls", "concurrent", "answered", "extension", "number", "country", "spent_eur", "burn_eur_per_hour", "forecast_eur", "acknowledged_by", "rule", "text"` + one + ` ORDER BY time DESC LIMIT 1000`
	return table("Changes", "Every change, the latest first: what it was, how bad, the reasons; their points are in `tollwatch explain` at the site. While it is open there is one a minute.", asked{influx: []query{{influx, ""}}},
		column{field: "Time", title: "time", unit: moment, width: 170}, column{field: "event", title: "event", width: 110}, column{field: "level", title: "level", words: levels, width: 80},
		column{field: "score", title: "points", unit: opinion, width: 70}, column{field: "calls", title: "calls", unit: number, width: 70}, column{field: "concurrent", title: "at once", unit: number, width: 70},
		column{field: "answered", title: "answered", unit: number, width: 80}, column{field: "extension", title: "extension", width: 90}, column{field: "number", title: "number", width: 130}, column{field: "country", title: "country", width: 80},
		column{field: "spent_eur", title: "lost", unit: euro, width: 90}, column{field: "burn_eur_per_hour", title: "an hour costs", unit: hourly, width: 110}, column{field: "forecast_eur", title: "by the next opening", unit: euro, width: 130},
		column{field: "acknowledged_by", title: "acknowledged by"}, column{field: "rule", title: "weighs most"}, column{field: "text", title: "reasons"}).sorted("time").high(12)
}
