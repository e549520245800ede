package decoder

// Size is how much a table holds, and how much it may.
type Size struct{ Now, Cap int }

// Caps of tables that have no setting; a test fills them.
const (
	maxFragmented     = 1024    // datagrams that wait for fragments, of decoder/frame
	maxFragmentBytes  = 4 << 20 // and what they hold
	maxSCTPWaiting    = 1024    // messages that wait for chunks, of decoder/stream/sctp
	maxSCTPBytes      = 4 << 20 // and what they hold
	maxTLSPeers       = 1024    // servers that speak TLS, of decoder/stream/tls
	maxTLSConnections = 4096    // connections to those of the signalling
)

// Sizes is the size of every table, by its name. Those whose names end in
// _bytes count bytes, all others entries.
func (d *Decoder) Sizes() map[string]Size {
	dialogs, frames, streams, medias := d.dialogs.Counters(), d.frames.Counters(), d.streams.Counters(), d.media.Totals()
	cfg := &d.cfg
	return map[string]Size{
		"fragments": {frames.Held, maxFragmented}, "fragment_bytes": {frames.HeldBytes, maxFragmentBytes},
		"tcp_flows": {streams.Flows, cfg.Stream.MaxFlows}, "tcp_bytes": {streams.Buffered, cfg.Stream.MaxBuffered},
		"sctp_messages": {streams.SCTP.Waiting, maxSCTPWaiting}, "sctp_bytes": {streams.SCTP.Bytes, maxSCTPBytes},
		"tls_peers": {streams.TLS.Peers, maxTLSPeers}, "tls_connections": {streams.TLS.Connections, maxTLSConnections},
		"legs": {dialogs.Live, cfg.Dialog.Legs}, "tombstones": {dialogs.Tombstones, cfg.Dialog.Tombstones},
		"transactions": {dialogs.Transactions, cfg.Dialog.Transactions}, "accounts": {dialogs.Accounts, cfg.Dialog.Accounts},
		"failures": {dialogs.Failures, cfg.Dialog.Failures}, "sources": {dialogs.Sources, cfg.Dialog.Sources},
		"endpoints": {medias.Endpoints, cfg.Media.MaxEndpoints}, "streams": {medias.Streams, cfg.Media.MaxStreams},
		"candidates":    {medias.Candidates, cfg.Media.MaxCandidates},
		"plain_servers": {d.plain.table.Len(), maxPlain}, "reporters": {d.reports.sources.Len(), maxReporters},
	}
}
