package stream

import (
	"time"

	"tollwatch/decoder/stream/sctp"
	"tollwatch/decoder/stream/tls"
)

// Config is the size of the tables.
type Config struct {
	MaxFlows    int // directions of TCP connections that are followed
	MaxBuffered int // bytes held of all unfinished messages and segments out of order
}

// DefaultConfig suits a trunk over TCP and some thousand telephones.
func DefaultConfig() Config {
	return Config{MaxFlows: 8192, MaxBuffered: 16 << 20}
}

// Caps of the tables that have no setting, of those who keep them.
const (
	MaxSCTPMessages   = sctp.MaxWaiting // that wait for chunks
	MaxSCTPBytes      = sctp.MaxBytes   // and what they hold
	MaxTLSPeers       = tls.MaxPeers    // servers that speak TLS
	MaxTLSConnections = tls.MaxConnections
)

const (
	// maxMessage is the longest message, header section included: what a UDP
	// datagram could carry, and what the scanner reads.
	maxMessage = 65535

	// maxStartLine is how long a line may be undecided. Request-URIs with
	// parameters reach some hundred bytes.
	maxStartLine = 4096

	// maxAhead is how far from the expected sequence number a segment may lie
	// and still belong to the same stream: more than any window in use.
	maxAhead = 1 << 20

	// maxPending bounds the segments of one flow that wait for a gap to fill.
	maxPending      = 64
	maxPendingBytes = 128 << 10

	// patience is how long a gap, or the rest of a message, is waited for: two
	// retransmissions of the initial timeout of 1 s (RFC 6298 §2) come within.
	patience = 3 * time.Second

	// idleTime is how long a silent flow is kept. RFC 5626 §4.4.1 has
	// keep-alives at least every 120 s; a flow that was forgotten is picked up
	// at its next message.
	idleTime = 10 * time.Minute
)

// Counters tell what became of segments and streams. Flows and Buffered are
// gauges, the rest only grows. Messages and Truncated count those of SCTP too;
// the rest is of TCP.
type Counters struct {
	Messages      uint64 // returned, cut ones included
	Truncated     uint64 // returned though a loss, the cap or the connection's end cut them
	Retransmitted uint64 // segments that brought nothing new
	OutOfOrder    uint64 // segments kept until a gap fills
	Gaps          uint64 // gaps that never filled
	Resyncs       uint64 // times that the next message had to be searched
	Skipped       uint64 // bytes of streams followed that were in no message
	KeepAlives    uint64 // runs of line ends between messages (RFC 5626 §3.5.1), control frames of WebSocket
	Oversized     uint64 // messages longer than the cap, or that say so
	Compressed    uint64 // WebSocket messages that cannot be read (permessage-deflate, RFC 7692)
	Evicted       uint64 // flows given up because the table or the bytes were full
	Refused       uint64 // flows not followed because the table was full of those with messages
	Expired       uint64 // flows given up because they were silent
	Flows         int    // directions being followed now
	Buffered      int    // bytes held now

	SCTP sctp.Counters
	TLS  tls.Counters
}
