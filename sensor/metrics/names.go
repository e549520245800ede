package metrics

import "slices"

// The names of the sensor's metrics. What they mean is in the catalogue below.
const (
	BuildInfo     = "tollwatch_build_info"
	UptimeSeconds = "tollwatch_uptime_seconds"

	Frames          = "tollwatch_frames_total"
	FrameBytes      = "tollwatch_frame_bytes_total"
	FramesDecoded   = "tollwatch_frames_decoded_total"
	FramesLost      = "tollwatch_frames_lost_total"
	FramesIgnored   = "tollwatch_frames_ignored_total"
	FramesMalformed = "tollwatch_frames_malformed_total"
	FramesDropped   = "tollwatch_frames_dropped_total"

	CaptureBackend = "tollwatch_capture_backend"
	KernelRuns     = "tollwatch_bpf_runs_total"
	KernelSeconds  = "tollwatch_bpf_run_seconds"
	KernelFrames   = "tollwatch_kernel_frames_total"
	ClockSteps     = "tollwatch_clock_steps_total"
	InterfacesDown = "tollwatch_interfaces_down"
	HEPPackets     = "tollwatch_hep_packets_total"

	SIPMessages = "tollwatch_sip_messages_total"
	Calls       = "tollwatch_calls_total"
	CallsActive = "tollwatch_calls_active"
	Streams     = "tollwatch_streams_total"
	Alerts      = "tollwatch_alerts_total"
	Incidents   = "tollwatch_incidents_open"

	CallsPeak   = "tollwatch_calls_peak"
	CallsUsual  = "tollwatch_calls_usual"
	CPSPeak     = "tollwatch_cps_peak"
	Attempts    = "tollwatch_attempts_total"
	Ended       = "tollwatch_ended_total"
	Answered    = "tollwatch_answered_total"
	Effective   = "tollwatch_effective_total"
	Rang        = "tollwatch_rang_total"
	TalkSeconds = "tollwatch_talk_seconds_total"
	PDDSeconds  = "tollwatch_pdd_seconds_total"
	ASR         = "tollwatch_asr"
	NER         = "tollwatch_ner"
	ACD         = "tollwatch_acd"
	PDD         = "tollwatch_pdd"
	Registered  = "tollwatch_registered"
	SpentToday  = "tollwatch_spent_today_eur"
	SpentHour   = "tollwatch_spent_hour_eur"
	UsualDay    = "tollwatch_usual_day_eur"
	Warmup      = "tollwatch_warmup"
	Primary     = "tollwatch_primary"

	SecondOpinions = "tollwatch_second_opinions_total"
	HeadersLeftOut = "tollwatch_second_opinion_headers_out_total"
	TLSShare       = "tollwatch_signalling_encrypted_share"

	TableEvictions = "tollwatch_table_evictions_total"
	TableSize      = "tollwatch_table_size"
	TableCap       = "tollwatch_table_cap"
	QueueDropped   = "tollwatch_queue_dropped_total"
	BillsNewest    = "tollwatch_reconcile_newest_call_timestamp_seconds"
	BillsUnread    = "tollwatch_reconcile_unreadable_files_total"
	StoreRows      = "tollwatch_store_rows_total"
	StoreEvicted   = "tollwatch_store_rows_evicted_total"
	StoreLost      = "tollwatch_store_rows_lost_total"

	InfluxPoints  = "tollwatch_influx_points_total"
	InfluxMade    = "tollwatch_influx_points_made_total"
	InfluxFound   = "tollwatch_influx_points_found_total"
	InfluxRetries = "tollwatch_influx_retries_total"
	InfluxWaiting = "tollwatch_influx_points_waiting"
	InfluxTrouble = "tollwatch_influx_trouble"
	SpoolBytes    = "tollwatch_influx_spool_bytes"
	SpoolBatches  = "tollwatch_influx_spool_batches"
	SpoolAge      = "tollwatch_influx_spool_age_seconds"
	ClockOffset   = "tollwatch_clock_offset_seconds"
	WebhookPosts  = "tollwatch_webhook_posts_total"
)

// Metric is what a name means.
type Metric struct {
	Name   string
	Labels string // empty: none
	Field  string // the measurement and field of InfluxDB that say the same; empty: none
	Text   string
}

// Catalogue is every metric of the sensor, in the order of the document.
func Catalogue() []Metric { return slices.Concat(ofCapture(), ofCalls(), ofKeeping()) }

func ofCapture() []Metric {
	return []Metric{
		{BuildInfo, "version, rules_version", "sensor.version, sensor.rules_version", "always 1"},
		{UptimeSeconds, "", "sensor.uptime", "since the sensor started"},
		{Primary, "", "sensor.primary", "1: its money is the site's; 0: another sensor's is"},
		{Warmup, "", "sensor.warmup", "how much is learned, 0 to 1"},

		{Frames, "", "sensor.frames", "frames seen = decoded + ignored + malformed + dropped"},
		{FrameBytes, "", "sensor.bytes", "bytes of the frames seen"},
		{FramesDecoded, "", "sensor.decoded", "frames read"},
		{FramesLost, "reason", "sensor.lost, sensor.lost_by_card", "frames that were never seen: ring_full, or card, which had no room"},
		{FramesIgnored, "reason", "sensor.ignored", "frames that are not ours"},
		{FramesMalformed, "reason", "sensor.malformed", "frames that could not be read"},
		{FramesDropped, "reason", "sensor.dropped", "frames that were refused"},

		{CaptureBackend, "backend", "sensor.backend", "1 for the one in use, 0 for the others"},
		{KernelRuns, "", "", "runs of the kernel's programs; absent unless kernel.bpf_stats_enabled is 1"},
		{KernelSeconds, "", "", "seconds that the kernel's programs took; absent unless kernel.bpf_stats_enabled is 1"},
		{KernelFrames, "reason", "", "what the kernel's programs did with each frame"},
		{ClockSteps, "", "", "times that the clock of the capture was set back: time began anew"},
		{InterfacesDown, "", "sensor.interfaces_down", "interfaces that are off, without carrier or removed"},
		{HEPPackets, "outcome", "", "packets of capture agents: accepted, lost, or why one was refused"},
	}
}

func ofCalls() []Metric {
	return []Metric{
		{SIPMessages, "kind", "", "requests and responses"},
		{Calls, "", "", "legs of calls that ended"},
		{CallsActive, "", "traffic.calls, sensor.calls", "calls at once, now"},
		{Streams, "", "", "media streams that ended"},
		{Alerts, "", "", "changes of incidents"},
		{Incidents, "level", "sensor.incidents_*", "incidents that are open"},

		{CallsPeak, "", "traffic.calls_peak", "most calls at once within the last ten seconds"},
		{CallsUsual, "", "traffic.calls_usual", "calls at once that are usual at this hour of the week; absent until it is learned"},
		{CPSPeak, "", "traffic.cps_peak", "most attempts within one second of the last ten"},
		{Attempts, "", "traffic.attempts", "calls that began; InfluxDB has those of ten seconds, here they are added up, and so are ended, answered, effective, rang, talk and post-dial delay"},
		{Ended, "", "traffic.ended", "calls that ended: what ratios are of"},
		{Answered, "", "traffic.answered", "calls that ended and had been answered: ASR is rate(answered) / rate(ended)"},
		{Effective, "", "traffic.effective", "calls that ended and had been brought to the one called: NER is rate(effective) / rate(ended)"},
		{Rang, "", "traffic.rang", "calls that began to ring"},
		{TalkSeconds, "", "traffic.talk_seconds", "answer to end, of the answered: ACD is rate(talk_seconds) / rate(answered)"},
		{PDDSeconds, "", "traffic.pdd_seconds", "post-dial delays, of those that rang: PDD is rate(pdd_seconds) / rate(rang)"},
		{ASR, "", "traffic.asr", "answer-seizure ratio of the last hour, 0 to 1; absent while nothing ended, like NER, ACD and PDD"},
		{NER, "", "traffic.ner", "network effectiveness ratio of the last hour, 0 to 1"},
		{ACD, "", "traffic.acd", "average call duration of the last hour, seconds"},
		{PDD, "", "traffic.pdd", "mean post-dial delay of the last hour, seconds"},
		{Registered, "", "traffic.registered", "bindings in force"},
		{SpentToday, "", "traffic.spent_today_eur", "spent since midnight of the site's zone, EUR; of the primary sensor alone, as all money"},
		{SpentHour, "", "traffic.spent_hour_eur", "spent on costly calls within the last hour, EUR"},
		{UsualDay, "", "traffic.usual_day_eur", "spent on a usual day of this kind, EUR; absent until it is learned"},
	}
}

func ofKeeping() []Metric {
	return []Metric{
		{SecondOpinions, "outcome", "", "what came of messages that open a dialog and were read by a second parser"},
		{HeadersLeftOut, "", "", "headers that the second parser could not read"},
		{TLSShare, "", "sensor.tls_share", "of the signalling that nobody can look into, 0 to 1; absent while no TLS was seen"},

		{TableEvictions, "table", "", "entries that a table forgot because it was full"},
		{TableSize, "table", "", "entries, or bytes where the name of the table ends so"},
		{TableCap, "table", "", "the most that it may hold"},
		{QueueDropped, "queue", "", "objects that found no room in a queue"},
		{BillsNewest, "", "", "start of the latest billed call that was read, Unix time; 0: none yet"},
		{BillsUnread, "", "", "files of bills that could not be read"},
		{StoreRows, "table", "", "rows written to the local store"},
		{StoreEvicted, "", "", "rows that went because the store was full"},
		{StoreLost, "", "", "rows that could not be written"},

		{InfluxPoints, "outcome", "sensor.points_lost, sensor.points_refused, sensor.points_over_budget", "points by what came of them: done, reject (the server will not take them), evicted (the spool was full or they too old), lost (no room while the disk took none), refused (could not be encoded), over_budget (a flood of registrations, unanswered calls or unannounced streams: a second has room for so many); split: batches cut in two"},
		{InfluxMade, "", "", "points that were made and could be encoded; with those found they are done + reject + evicted + lost + waiting"},
		{InfluxFound, "", "", "points that an earlier process left in the spool"},
		{InfluxRetries, "", "", "writes that failed and were repeated"},
		{InfluxWaiting, "", "sensor.spool_points", "points that wait"},
		{SpoolBytes, "", "sensor.spool", "bytes on disk of points that wait"},
		{SpoolBatches, "", "", "batches on disk"},
		{SpoolAge, "", "sensor.spool_age", "age of the oldest point that waits"},
		{InfluxTrouble, "kind", "", "1 for what is wrong with the way to InfluxDB now, 0 for the rest (docs/influx.md)"},
		{ClockOffset, "", "sensor.clock_offset", "the clock of InfluxDB less ours, seconds; absent before its first answer"},
		{WebhookPosts, "outcome", "", "posts to the webhook: done, retry, failed, lost"},
	}
}
