package media

import "time"

// Config is the size of the tables and the patience of the timers.
type Config struct {
	MaxEndpoints  int           // announced by SDP
	MaxStreams    int           // announced and not
	MaxCandidates int           // flows that may turn out to be RTP
	Idle          time.Duration // a stream silent for so long has ended
	Grace         time.Duration // after a leg's end its packets under way are still counted
	Patience      time.Duration // a candidate silent for so long is forgotten
	Seed          uint64        // of the hash that finds streams: whoever does not know it cannot make them collide
}

// DefaultConfig suits some thousand calls at once. A hold without music longer
// than Idle ends a stream and begins another; RTCP keeps its leg alive.
func DefaultConfig() Config {
	return Config{
		MaxEndpoints: 32768, MaxStreams: 32768, MaxCandidates: 1024,
		Idle: 60 * time.Second, Grace: 2 * time.Second, Patience: 10 * time.Second,
	}
}

// Totals tell what the tracker holds and what it gave up. Endpoints, Streams,
// Loose and Candidates are of the moment, all others only grow.
type Totals struct {
	Endpoints, Streams, Candidates int
	Loose                          int    // streams that nobody announced
	EndpointsEvicted               uint64 // the oldest, when the table was full
	EndpointsRefused               uint64 // not told to who counts elsewhere: their source had told of too many
	StreamsEvicted                 uint64 // ended early, unannounced ones first, or refused
	StreamsRefused                 uint64 // more SSRCs than an endpoint, a leg or a hash chain may have: not reported
	CandidatesEvicted              uint64 // the oldest, when MaxCandidates younger ones had begun
}
