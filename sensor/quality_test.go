package sensor

import (
	"fmt"
	"testing"

	"tollwatch/sensor/lab/wire"
	"tollwatch/sensor/record"
)

// TestAQualityReportIsPutOut: what a telephone says it heard is an object of
// its own.
func TestAQualityReportIsPutOut(t *testing.T) {
	s := newSite(t)
	body := "VQSessionReport: CallTerm\r\nCallID: a@b\r\nLocalMetrics:\r\nPacketLoss: NLR=1.5\r\n"
	s.observe(s.builder.UDP(s.phone, s.operator, wire.Signalling, fmt.Appendf(nil, "PUBLISH sip:c@x SIP/2.0\r\nVia: SIP/2.0/UDP y;branch=z9hG4bK1\r\n"+
		"From: <sip:204@x>;tag=1\r\nTo: <sip:204@x>\r\nCall-ID: p\r\nCSeq: 1 PUBLISH\r\nContent-Type: application/vq-rtcpxr\r\nContent-Length: %d\r\n\r\n%s", len(body), body)))
	for _, o := range s.found.objects {
		if q, ok := o.(*record.QualityReport); ok && q.CallID == "a@b" && q.Report == "session" && *q.Local.LossPercent == 1.5 {
			return
		}
	}
	t.Errorf("got %v, want a quality report", s.found.objects)
}
