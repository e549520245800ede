package decoder

import (
	"tollwatch/decoder/frame"
	"tollwatch/decoder/stream"
)

// Size is how much a table holds, and how much it may.
type Size struct{ Now, Cap int }

// Sizes is the size of every table, by its name. Those whose names end in
// _bytes count bytes, all others entries.
func (d *Decoder) Sizes() map[string]Size {
	dialogs, frames, streams, medias := d.dialogs.Counters(), d.frames.Counters(), d.streams.Counters(), d.media.Totals()
	cfg := &d.cfg
	return map[string]Size{
		"fragments": {frames.Held, frame.MaxDatagrams}, "fragment_bytes": {frames.HeldBytes, frame.MaxHeldBytes},
		"tcp_flows": {streams.Flows, cfg.Stream.MaxFlows}, "tcp_bytes": {streams.Buffered, cfg.Stream.MaxBuffered},
		"sctp_messages": {streams.SCTP.Waiting, stream.MaxSCTPMessages}, "sctp_bytes": {streams.SCTP.Bytes, stream.MaxSCTPBytes},
		"tls_peers": {streams.TLS.Peers, stream.MaxTLSPeers}, "tls_connections": {streams.TLS.Connections, stream.MaxTLSConnections},
		"legs": {dialogs.Live, cfg.Dialog.Legs}, "tombstones": {dialogs.Tombstones, cfg.Dialog.Tombstones},
		"transactions": {dialogs.Transactions, cfg.Dialog.Transactions}, "accounts": {dialogs.Accounts, cfg.Dialog.Accounts},
		"failures": {dialogs.Failures, cfg.Dialog.Failures}, "sources": {dialogs.Sources, cfg.Dialog.Sources},
		"endpoints": {medias.Endpoints, cfg.Media.MaxEndpoints}, "streams": {medias.Streams, cfg.Media.MaxStreams},
		"candidates":    {medias.Candidates, cfg.Media.MaxCandidates},
		"plain_servers": {d.plain.table.Len(), maxPlain}, "reporters": {d.reports.sources.Len(), maxReporters},
	}
}

// Bindings is how many bindings (RFC 3261 §10) are in force.
func (d *Decoder) Bindings() int { return d.dialogs.Counters().Bindings }
