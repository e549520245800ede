package metrics

// The names of the sensor's metrics. Frames balance: seen = decoded + ignored
// + malformed + dropped; lost ones were never seen.
const (
	BuildInfo     = "tollwatch_build_info" // 1; labels version, commit
	UptimeSeconds = "tollwatch_uptime_seconds"

	Frames          = "tollwatch_frames_total"
	FrameBytes      = "tollwatch_frame_bytes_total"
	FramesDecoded   = "tollwatch_frames_decoded_total"
	FramesLost      = "tollwatch_frames_lost_total"      // label reason: ring_full, or card: it had no room
	FramesIgnored   = "tollwatch_frames_ignored_total"   // label reason: not ours
	FramesMalformed = "tollwatch_frames_malformed_total" // label reason
	FramesDropped   = "tollwatch_frames_dropped_total"   // label reason: refused by us

	CaptureBackend = "tollwatch_capture_backend"     // label backend: 1 for the one in use, 0 for the others
	KernelRuns     = "tollwatch_bpf_runs_total"      // of the kernel's programs; both absent unless kernel.bpf_stats_enabled is 1
	KernelSeconds  = "tollwatch_bpf_run_seconds"     // that they took
	ClockSteps     = "tollwatch_clock_steps_total"   // the clock of the capture was set back: time began anew
	InterfacesDown = "tollwatch_interfaces_down"     // off, without carrier or removed
	KernelFrames   = "tollwatch_kernel_frames_total" // label reason: what the kernel's programs did with each frame

	HEPPackets = "tollwatch_hep_packets_total" // label outcome: accepted, lost, or why a capture agent was refused

	SIPMessages = "tollwatch_sip_messages_total" // label kind: request or response
	Calls       = "tollwatch_calls_total"
	CallsActive = "tollwatch_calls_active"
	Streams     = "tollwatch_streams_total"
	Alerts      = "tollwatch_alerts_total"
	Incidents   = "tollwatch_incidents_open"

	SecondOpinions = "tollwatch_second_opinions_total"            // label outcome: what came of messages that open a dialog
	HeadersLeftOut = "tollwatch_second_opinion_headers_out_total" // headers that the second parser could not read

	TLSShare = "tollwatch_signalling_encrypted_share" // 0 to 1; absent while no TLS was seen

	TableEvictions = "tollwatch_table_evictions_total"                   // label table
	TableSize      = "tollwatch_table_size"                              // label table: entries, or bytes where the name ends so
	TableCap       = "tollwatch_table_cap"                               // label table: the most that it may hold
	BillsNewest    = "tollwatch_reconcile_newest_call_timestamp_seconds" // start of the latest billed call that was read; 0 = none yet
	BillsUnread    = "tollwatch_reconcile_unreadable_files_total"
	QueueDropped   = "tollwatch_queue_dropped_total" // label queue: it was full

	StoreRows     = "tollwatch_store_rows_total" // label table
	StoreEvicted  = "tollwatch_store_rows_evicted_total"
	StoreLost     = "tollwatch_store_rows_lost_total"
	InfluxPoints  = "tollwatch_influx_points_total"  // label outcome: done, reject, lost, refused
	InfluxRetries = "tollwatch_influx_retries_total" // tries that failed and were repeated
	InfluxWaiting = "tollwatch_influx_points_waiting"
	WebhookPosts  = "tollwatch_webhook_posts_total" // label outcome: done, failed, lost
)
