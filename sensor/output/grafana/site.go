package grafana

// site is one site, or a few beside each other.
func site() board {
	traffic := func(how string, fields ...string) figure { return figure{"traffic", how, fields, false} }
	return board{
		uid: siteUID, title: "Site", from: "now-24h", variables: []variable{customers, siteNames.few(), trunks},
		text: "One site: what is spent and on which countries, who is suspected and why, how well calls go. Money is of the primary sensor; of two sensors that see the same calls the larger number counts.",
		panels: []panel{
			stat("Calls now", "Calls at once, and what is usual at this hour of the week; without the second figure it is not learned yet.", number, none, traffic("last", "calls", "calls_usual").now()).wide(5),
			stat("Spent today", "Cost of the calls that are over, since midnight of the site's own time, and of a usual day of this kind.", euro, none, traffic("last", "spent_today_eur", "usual_day_eur").now()).wide(6),
			stat("Costly calls, last hour", "Spent within an hour on calls abroad and to premium numbers. Red from 50 € on: look at the destinations below.", euro, above(10, 50), traffic("last", "spent_hour_eur").now()),
			stat("Open incidents", "By level. Critical and major ones wake somebody.", number, above(-1, 1), open().now()).called(byLevel...).wide(6),
			stat("Registered", "Bindings in force: telephones that can be reached. Far fewer than usual: the switch, its power or the PBX.", number, none, traffic("last", "registered").now()).wide(3),
			incidentsTable("Incidents"), destinations(), costly(),
			graph("Calls at once", "Most calls at once, and what is usual at each hour of the week. Far above the usual at night is theft until somebody says otherwise.", number, none,
				figure{"traffic", "max", []string{"calls_peak", "calls_usual"}, false}.over()),
			graph("Money", "Spent since midnight, and a usual day of this kind. It falls to nothing at midnight.", euro, none, traffic("max", "spent_today_eur", "usual_day_eur").over()),
			graph("Answered and reached", "ASR: calls answered of those that ended. NER: calls that reached the one called, even if busy or away. NER that falls is the trunk or the operator, ASR alone is people. "+
				"Below half is dashed.", share, below(0.5, 0.7), kpi("ended", query{"answered", "asr"}, query{"effective", "ner"})).ratio(),
			graph("Length of calls", "ACD, the mean length of answered calls. Very short ones by the dozen are test calls of thieves, or an operator that drops calls.", seconds, none, kpi("answered", query{"talk_seconds", "acd"})).ratio(),
			graph("Post-dial delay", "PDD, the mean from the first INVITE to ringing. More than five seconds: the operator is looking for a way, or its first choice is down.", seconds, above(3, 5),
				kpi("rang", query{"pdd_seconds", "pdd"})).ratio(),
			graph("Attempts", "Calls that began, and that were answered. Many attempts of which few are answered: somebody is trying numbers.", number, none, traffic("sum", "attempts", "answered").over()),
			graph("Attempts within one second", "CPS, the most attempts within one second. People do not dial ten times a second.", number, above(5, 10), traffic("max", "cps_peak").over()),
			registrations(),
			graph("MOS", "Mean and worst of the streams that ended, by ITU-T G.107: 4 is good, below 3.6 people complain, below 3.1 they hang up. More on the dashboard Quality.", opinion, below(3.1, 3.6), asked{
				[]query{{`SELECT mean("mos") AS "mean", min("mos") AS "worst" FROM "stream" WHERE $timeFilter AND @trunk GROUP BY time($__interval) fill(none)`, "$col"}},
				[]query{{`avg(avg_over_time(stream_mos{@trunk}[$__interval]))`, "mean"}, {`min(min_over_time(stream_mos{@trunk}[$__interval]))`, "worst"}},
			}),
		},
	}
}

// kpi are ratios of sums (docs/kpis.md), which are right for any span of time and for
// several sites at once. Of two sensors at one site both sums double.
func kpi(under string, ratios ...query) asked {
	var a asked
	for _, r := range ratios {
		// A span in which nothing ended has no ratio.
		a.influx = append(a.influx, query{`SELECT sum("` + r.text + `") / sum("` + under + `") AS "` + r.name + `" FROM "traffic" WHERE $timeFilter AND @site AND "` + under + `" > 0 GROUP BY time($__interval) fill(none)`, r.name})
		a.metrics = append(a.metrics, query{`sum(sum_over_time(traffic_` + r.text + `{@site}[$__interval])) / (sum(sum_over_time(traffic_` + under + `{@site}[$__interval])) > 0)`, r.name})
	}
	return a
}

// destinations counts the legs that money stands on: one of each answered call out,
// at the primary sensor.
func destinations() panel {
	influx := `SELECT count("cost_eur") AS "calls", sum("duration") AS "duration", sum("cost_eur") AS "cost_eur" FROM "call" WHERE $timeFilter AND @trunk AND "cost_eur" >= 0 GROUP BY "dest_country", "dest_class"`
	bad := above(5, 50)
	return table("Destinations", "Answered calls out, by country and class, the dearest first: how many, how long, what they cost. A country that nobody here has reason to call, with a high price: ask, then block it at the PBX and at the operator.",
		asked{[]query{{influx, ""}}, []query{
			{`sum by (dest_country, dest_class) (count_over_time(call_cost_eur{@trunk}[$__range]))`, "calls"},
			{`sum by (dest_country, dest_class) (sum_over_time(call_cost_eur{@trunk}[$__range]))`, "cost_eur"},
		}},
		column{field: "dest_country", title: "country"}, column{field: "dest_class", title: "class", words: classes}, column{field: "calls", title: "calls", unit: number},
		column{field: "duration", title: "time", unit: seconds}, column{field: "cost_eur", title: "cost", unit: euro, limits: &bad}).sorted("cost").wide(12)
}

var classes = []word{{value: "high_risk", colour: red}, {value: "satellite", colour: red}, {value: "international_premium", colour: red}, {value: "national_premium", colour: orange}, {value: "international", colour: yellow}}

// costly are the latest calls to where stolen calls go.
func costly() panel {
	influx := `SELECT "extension", "number", "dest_country", "dest_class", "state", "trunk", "duration", "cost_eur", "score" FROM "call" WHERE $timeFilter AND @trunk ` +
		`AND "dest_class" =~ /^(high_risk|satellite|international_premium|national_premium)$/ AND ("cost_eur" >= 0 OR "state" != 'answered') ORDER BY time DESC LIMIT 200`
	return table("Calls to risky destinations", "The latest 200, with who called. Several within minutes from one extension at night: that telephone, or its password, is in other hands.",
		asked{influx: []query{{influx, ""}}},
		column{field: "Time", title: "ended", unit: moment, width: 170}, column{field: "extension", title: "extension"}, column{field: "number", title: "number", width: 130}, column{field: "dest_country", title: "country"},
		column{field: "dest_class", title: "class", words: classes}, column{field: "state", title: "state"}, column{field: "trunk", title: "trunk"}, column{field: "duration", title: "time", unit: seconds},
		column{field: "cost_eur", title: "cost", unit: euro}, column{field: "score", title: "points", unit: opinion}).sorted("ended").wide(12)
}

func registrations() panel {
	influx := `SELECT max("n") AS "n" FROM (SELECT count("failures") AS "n" FROM "registration" WHERE $timeFilter AND @site GROUP BY time($__interval), "customer", "site", "sensor", "state" fill(none)) ` +
		`WHERE $timeFilter GROUP BY time($__interval), "state" fill(none)`
	return graph("Registrations", "Changes of bindings. A hill of `refused` is somebody guessing passwords; many `new` after a row of `expired` was a power cut or a line that broke.", number, none,
		asked{[]query{{influx, "$tag_state"}}, []query{{`max by (state) (sum by (customer, site, sensor, state) (count_over_time(registration_failures{@site}[$__interval])))`, "$tag_state"}}}).stack()
}
