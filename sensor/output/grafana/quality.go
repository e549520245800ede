package grafana

// quality is how calls sound, as far as one can tell from their packets.
func quality() board {
	mos, loss, jitter := below(3.1, 3.6), above(0.01, 0.03), above(20, 50)
	return board{
		uid: qualityUID, title: "Quality", from: "now-24h", variables: []variable{customers, siteNames, sensors, trunks},
		text: "How calls sound: MOS, loss and jitter of the media streams that ended. A sensor sees what passes it: loss behind it, on the way to the one called, is not in its figures. Of two sensors at one site choose one.",
		panels: []panel{
			stat("MOS", "Mean of the streams that ended, ITU-T G.107. Below 3.6 people complain.", opinion, mos, ofStreams("mean", "avg", "mos", "")),
			stat("Worst MOS", "Of one stream. One bad call is a telephone or a mobile network; many are a line.", opinion, none, ofStreams("min", "min", "mos", "")),
			stat("Loss", "Packets that never came, of all that were sent. From 1 % on it is heard.", share, loss, lossOf("", "")).ratio(),
			stat("Jitter", "Mean of the streams' means, RFC 3550. Above 50 ms telephones drop what comes late: a line that is full, or Wi-Fi.", millis, jitter, ofStreams("mean", "avg", "jitter_mean_ms", "")),
			stat("One-way calls", "Answered calls of which one side alone was ever heard. NAT, a firewall, or a tap that sees one direction: `tollwatch check --live` tells which.", number, above(1, 10), asked{
				[]query{{oneWay, "one_way"}},
				[]query{{`sum(sum_over_time(call_one_way{@trunk,sensor=~"$sensor"}[$__range]))`, "one_way"}}}).zero().ratio(),
			stat("Streams", "Streams that ended: what the other figures are made of.", number, none, ofStreams("count", "count", "packets", "")).ratio(),
			graph("MOS by codec", "Mean of each codec. G.729 cannot reach 4.1 even where nothing is lost.", opinion, mos, ofStreams("mean", "avg", "mos", "codec")),
			graph("MOS by trunk", "Mean of each trunk. One trunk that falls is that operator or the line to it; all that fall are the site's own network.", opinion, mos, ofStreams("mean", "avg", "mos", "trunk")),
			graph("Loss by codec", "Packets that never came, of all of a codec.", share, loss, lossOf("codec", "$tag_codec")).ratio(),
			graph("Loss by trunk", "Packets that never came, of all of a trunk's streams.", share, loss, lossOf("trunk", "$tag_trunk")).ratio(),
			graph("Jitter by codec", "Mean of the streams' means.", millis, jitter, ofStreams("mean", "avg", "jitter_mean_ms", "codec")),
			graph("Jitter by trunk", "Mean of the streams' means.", millis, jitter, ofStreams("mean", "avg", "jitter_mean_ms", "trunk")),
			graph("One-way calls", "Answered calls with sound one way or none, by trunk.", number, none, asked{
				[]query{{oneWay + ` GROUP BY time($__interval), "trunk" fill(none)`, "$tag_trunk"}},
				[]query{{`sum by (trunk) (sum_over_time(call_one_way{@trunk,sensor=~"$sensor"}[$__interval]))`, "$tag_trunk"}}}).stack().wide(24).ratio(),
			worst(mos, loss, jitter),
		},
	}
}

// oneWay counts calls, not their legs, of which each may say it.
const oneWay = `SELECT count(distinct("call_group")) AS "one_way" FROM "call"` + ofSensor + ` AND "one_way" = 1`

const ofSensor = ` WHERE $timeFilter AND @trunk AND "sensor" =~ /^${sensor:regex}$/`

// ofStreams is a figure of all streams, or over time by a tag.
func ofStreams(influx, metrics, field, by string) asked {
	q := `SELECT ` + influx + `("` + field + `") AS "` + field + `" FROM "stream"` + ofSensor
	m := metrics + `_over_time(stream_` + field + `{@trunk,sensor=~"$sensor"}`
	outer := metrics
	if metrics == "count" {
		outer = "sum"
	}
	if by == "" {
		return asked{[]query{{q, field}}, []query{{outer + `(` + m + `[$__range]))`, field}}}
	}
	return asked{[]query{{q + ` GROUP BY time($__interval), "` + by + `" fill(none)`, "$tag_" + by}}, []query{{outer + ` by (` + by + `) (` + m + `[$__interval]))`, "$tag_" + by}}}
}

// lossOf is lost of all that were sent: of sums, so that a short stream weighs little.
func lossOf(by, name string) asked {
	q := `SELECT sum("lost") / (sum("packets") + sum("lost")) AS "loss" FROM "stream"` + ofSensor
	of := func(field, span, group string) string {
		return `sum` + group + `(sum_over_time(stream_` + field + `{@trunk,sensor=~"$sensor"}[` + span + `]))`
	}
	span, group := "$__range", ""
	if by != "" {
		q += ` GROUP BY time($__interval), "` + by + `" fill(none)`
		span, group = "$__interval", " by ("+by+") "
	}
	if name == "" {
		name = "loss"
	}
	return asked{[]query{{q, name}}, []query{{of("lost", span, group) + ` / (` + of("packets", span, group) + ` + ` + of("lost", span, group) + `)`, name}}}
}

func worst(mos, loss, jitter limits) panel {
	influx := `SELECT bottom("mos", 50) AS "mos", "loss", "jitter_mean_ms", "jitter_max_ms", "codec", "trunk", "src", "dst", "measured_at", "duration", "encrypted" FROM "stream"` + ofSensor
	return table("Worst streams", "The fifty worst, with where they came from and went. The same address again and again is a telephone, a cable or a switch port.", asked{influx: []query{{influx, ""}}},
		column{field: "Time", title: "ended", unit: moment, width: 170}, column{field: "mos", title: "MOS", unit: opinion, limits: &mos}, column{field: "loss", title: "loss", unit: share, limits: &loss},
		column{field: "jitter_mean_ms", title: "jitter", unit: millis, limits: &jitter}, column{field: "jitter_max_ms", title: "its most", unit: millis}, column{field: "codec", title: "codec"}, column{field: "trunk", title: "trunk"},
		column{field: "src", title: "from"}, column{field: "dst", title: "to"}, column{field: "measured_at", title: "measured at"}, column{field: "duration", title: "length", unit: seconds},
		column{field: "encrypted", title: "encrypted", unit: number, words: yesNo}).sortedUp("MOS")
}
