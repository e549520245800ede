package points

import "time"

// Sensor is the heartbeat. Its point lies at Time.
type Sensor struct {
	Time    time.Time
	Version string
	Backend string
	Uptime  time.Duration

	Frames, Bytes, Decoded, Lost, LostByCard, Ignored, Malformed, Dropped uint64

	Calls     int    // active
	Incidents int    // open
	ByLevel   [4]int // of them notice, watch, major, critical

	CPU            float64 // of one core, since the last heartbeat
	MemoryBytes    uint64  // resident
	InterfacesDown int
	TLSShare       float64 // NaN: no TLS was seen
	Warmup         float64
	Primary        bool
	RulesVersion   string

	SpoolBytes, SpoolPoints   uint64
	SpoolAge                  time.Duration // of the oldest point that waits
	PointsLost, PointsRefused uint64
	PointsOverBudget          uint64
	ClockOffset               float64 // the server's clock less ours, s; NaN: not known
}

var sensorTable = table[Sensor]{
	name: "sensor", text: "the heartbeat, every ten seconds; counters since the sensor started",
	fields: [][]field[Sensor]{
		word("version", "of tollwatch", func(s *Sensor) string { return s.Version }),
		word("backend", "ebpf, tcx, afpacket or pcap (docs/capture.md)", func(s *Sensor) string { return s.Backend }),
		word("rules_version", "of detection", func(s *Sensor) string { return s.RulesVersion }),
		flag("primary", "its money is the site's", func(s *Sensor) bool { return s.Primary }),
		figure("uptime", seconds, "since the sensor started", func(s *Sensor) float64 { return s.Uptime.Seconds() }),
		count("frames", "frames seen", func(s *Sensor) uint64 { return s.Frames }),
		measure("bytes", octets, "of the frames seen", func(s *Sensor) uint64 { return s.Bytes }),
		count("decoded", "frames read", func(s *Sensor) uint64 { return s.Decoded }),
		count("lost", "frames that the ring had no room for", func(s *Sensor) uint64 { return s.Lost }),
		count("lost_by_card", "frames that the network card lost", func(s *Sensor) uint64 { return s.LostByCard }),
		count("ignored", "frames that are not ours", func(s *Sensor) uint64 { return s.Ignored }),
		count("malformed", "frames that could not be read", func(s *Sensor) uint64 { return s.Malformed }),
		count("dropped", "frames that were refused", func(s *Sensor) uint64 { return s.Dropped }),
		count("calls", "calls at once, now", func(s *Sensor) int { return s.Calls }),
		count("incidents", "incidents that are open", func(s *Sensor) int { return s.Incidents }),
		count("incidents_notice", "incidents of this level that are open", func(s *Sensor) int { return s.ByLevel[0] }),
		count("incidents_watch", "incidents of this level that are open", func(s *Sensor) int { return s.ByLevel[1] }),
		count("incidents_major", "incidents of this level that are open", func(s *Sensor) int { return s.ByLevel[2] }),
		count("incidents_critical", "incidents of this level that are open", func(s *Sensor) int { return s.ByLevel[3] }),
		figure("cpu", cores, "of the process, since the last heartbeat", func(s *Sensor) float64 { return s.CPU }),
		measure("memory", octets, "resident", func(s *Sensor) uint64 { return s.MemoryBytes }),
		count("interfaces_down", "interfaces that are down, without carrier or removed", func(s *Sensor) int { return s.InterfacesDown }),
		figure("tls_share", share, "of the signalling that nobody can look into", func(s *Sensor) float64 { return s.TLSShare }),
		figure("warmup", share, "how much is learned", func(s *Sensor) float64 { return s.Warmup }),
		measure("spool", octets, "on disk, of points that wait", func(s *Sensor) uint64 { return s.SpoolBytes }),
		count("spool_points", "points that wait", func(s *Sensor) uint64 { return s.SpoolPoints }),
		figure("spool_age", seconds, "of the oldest point that waits", func(s *Sensor) float64 { return s.SpoolAge.Seconds() }),
		count("points_lost", "points that found no room", func(s *Sensor) uint64 { return s.PointsLost }),
		count("points_refused", "points that the server will not take", func(s *Sensor) uint64 { return s.PointsRefused }),
		count("points_over_budget", "registrations, unanswered calls and unannounced streams of floods, which became no points", func(s *Sensor) uint64 { return s.PointsOverBudget }),
		figure("clock_offset", seconds, "the server's clock less ours", func(s *Sensor) float64 { return s.ClockOffset }),
	},
	at:    func(s *Sensor) time.Time { return s.Time },
	about: func(*Sensor) (string, string) { return "", "" },
}
