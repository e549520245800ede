package sensor

import (
	"net/netip"
	"strings"
	"testing"

	"tollwatch/decoder"
	"tollwatch/decoder/sip/opinion"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/metrics"
)

// TestMetricsOfTheDecoder: how full its tables are, what the second parser said,
// and how much cannot be read.
func TestMetricsOfTheDecoder(t *testing.T) {
	p := plate{metrics.New()}
	p.state(&State{
		Evictions: map[string]uint64{"legs": 7},
		Backend:   capture.TCX,
		Kernel:    map[string]uint64{"refused_rtp": 12},
		Sizes:     map[string]decoder.Size{"legs": {Now: 3, Cap: 10}},
		Opinions:  opinion.Counters{Messages: 100, Asked: 10, Disagreed: 2, Refused: 1, OddOver: 4, PlainOver: 5, HeadersOut: 6},
		Books:     decoder.Books{TLS: &decoder.TLS{Share: 0.25, Peers: []decoder.TLSPeer{{Peer: netip.MustParseAddrPort("192.0.2.1:5061")}}}},
	})
	var b strings.Builder
	p.WritePrometheus(&b)
	for _, want := range []string{
		`tollwatch_table_evictions_total{table="legs"} 7`, `tollwatch_table_size{table="legs"} 3`, `tollwatch_table_cap{table="legs"} 10`,
		`tollwatch_second_opinions_total{outcome="agreed"} 7`, `tollwatch_second_opinions_total{outcome="disagreed"} 2`,
		`tollwatch_second_opinions_total{outcome="refused"} 1`, `tollwatch_second_opinions_total{outcome="odd_over_budget"} 4`,
		`tollwatch_second_opinions_total{outcome="plain_over_budget"} 5`, `tollwatch_second_opinion_headers_out_total 6`,
		`tollwatch_signalling_encrypted_share 0.25`,
		`tollwatch_capture_backend{backend="tcx"} 1`, `tollwatch_capture_backend{backend="ebpf"} 0`, `tollwatch_kernel_frames_total{reason="refused_rtp"} 12`,
	} {
		if !strings.Contains(b.String(), want+"\n") {
			t.Errorf("got no %s", want)
		}
	}
}
