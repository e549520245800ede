package decoder

import "tollwatch/decoder/sip/opinion"

// Evictions is what each table forgot or refused because it was full, by its
// name.
func (d *Decoder) Evictions() map[string]uint64 {
	dialogs, media, frames := d.dialogs.Counters(), d.media.Totals(), d.frames.Counters()
	streams := d.streams.Counters()
	return map[string]uint64{
		"legs": dialogs.LegsEvicted, "legs_refused": dialogs.LegsRefused, "tombstones": dialogs.TombsEvicted,
		"transactions": dialogs.TransactionsEvicted, "sources": dialogs.SourcesEvicted, "messages_suppressed": dialogs.MessagesSuppressed,
		"accounts": dialogs.AccountsEvicted, "bindings": dialogs.BindingsRefused, "failures": dialogs.FailuresEvicted,
		"leg_endpoints": dialogs.EndpointsRefused, "endpoints": media.EndpointsEvicted, "streams": media.StreamsEvicted,
		"candidates": media.CandidatesEvicted, "endpoints_not_told": media.EndpointsRefused, "fragments": frames.Evicted,
		"reporters": d.reports.evicted, "reports_suppressed": d.reports.suppressed,
		"streams_refused": media.StreamsRefused, "tcp_flows": streams.Evicted, "tcp_flows_refused": streams.Refused,
		"sctp_messages": streams.SCTP.Evicted, "sctp_messages_refused": streams.SCTP.Refused,
		"tls_peers": streams.TLS.PeersEvicted, "tls_peers_refused": streams.TLS.PeersRefused,
		"tls_connections": streams.TLS.ConnectionsEvicted, "tls_connections_refused": streams.TLS.ConnectionsRefused,
	}
}

// Opinions is what became of the messages that open a dialog and may be read
// by a second parser.
func (d *Decoder) Opinions() opinion.Counters { return d.second.Counters() }
