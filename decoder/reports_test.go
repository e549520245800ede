package decoder

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

// publish is a request with a quality report of a call, which says how much was
// lost.
func publish(method, callID, loss string) []byte {
	body := "VQSessionReport: CallTerm\r\nCallID: " + callID + "\r\nLocalID: <sip:204@pbx>\r\nRemoteID: <sip:0013455550123@pbx>\r\n" +
		"LocalMetrics:\r\nTimestamps: START=2026-03-07T02:00:00Z STOP=2026-03-07T02:00:10Z\r\nSessionDesc: PT=8 PD=PCMA\r\n" +
		"PacketLoss: NLR=" + loss + "\r\nDelay: RTD=80 IAJ=4\r\nQualityEst: MOSLQ=4.1\r\n"
	return fmt.Appendf(nil, "%s sip:collector@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKp\r\nFrom: <sip:204@pbx>;tag=1\r\n"+
		"To: <sip:204@pbx>\r\nCall-ID: p\r\nCSeq: 1 %s\r\nEvent: vq-rtcpxr\r\nContent-Type: application/vq-rtcpxr\r\nContent-Length: %d\r\n\r\n%s",
		method, method, len(body), body)
}

func reported(events []call.Event) (out []*call.Quality) {
	for _, ev := range events {
		if ev.Kind == call.EventQuality {
			out = append(out, ev.Quality)
		}
	}
	return out
}

// TestAQualityReport becomes an event, once however often its request is sent.
func TestAQualityReport(t *testing.T) {
	for _, method := range []string{"PUBLISH", "NOTIFY"} {
		d := New(DefaultConfig())
		b := udp(t, string(publish(method, "a@b", "1.5")))
		got := reported(observe(d, b))
		if len(got) != 1 {
			t.Fatalf("%s: got %d reports, want one", method, len(got))
		}
		unknown := call.Heard{Loss: -1, Discard: -1, Jitter: -1, RoundTrip: -1, RLQ: -1, RCQ: -1, MOSLQ: -1, MOSCQ: -1}
		local := unknown
		local.Loss, local.Jitter, local.RoundTrip, local.MOSLQ = 1.5, 4*time.Millisecond, 80*time.Millisecond, 4.1
		want := call.Quality{CallID: "a@b", Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("192.0.2.2:5060"), Reporter: "sip:204@pbx", Peer: "sip:0013455550123@pbx",
			Kind: "session", Codec: "PCMA", Start: began, End: began.Add(10 * time.Second), Local: local, Remote: unknown}
		if *got[0] != want {
			t.Errorf("%s: got %+v, want %+v", method, *got[0], want)
		}
		again := &Packet{Data: b, Time: began.Add(time.Second), WireLength: len(b), Link: frame.LinkRaw}
		if n := len(reported(d.Observe(again))); n != 0 {
			t.Errorf("%s: got %d reports from the request sent again, want none", method, n)
		}
	}
}

// TestWhatIsNoQualityReport: another method, another type, a body that the
// capture cut.
func TestWhatIsNoQualityReport(t *testing.T) {
	whole := string(publish("PUBLISH", "a@b", "1"))
	for name, c := range map[string]struct {
		message string
		cut     int
	}{
		"another method": {strings.ReplaceAll(whole, "PUBLISH", "MESSAGE"), 0},
		"another type":   {strings.Replace(whole, "application/vq-rtcpxr", "text/plain", 1), 0},
		"another body":   {strings.Replace(whole, "VQSessionReport", "VQOtherReport!!", 1), 0},
		"cut":            {whole, 5},
	} {
		d := New(DefaultConfig())
		b := udp(t, c.message)
		if got := reported(d.Observe(&Packet{Data: b[:len(b)-c.cut], Time: began, WireLength: len(b), Link: frame.LinkRaw})); len(got) != 0 {
			t.Errorf("%s: got %+v, want no report", name, got[0])
		}
	}
}

// TestReportsAreBounded: of a source, by its budget; and their texts.
func TestReportsAreBounded(t *testing.T) {
	d := New(DefaultConfig())
	send := func(src, id string, at time.Duration) []*call.Quality {
		b := between(t, src, "192.0.2.2:5060", &layers.UDP{}, layers.IPProtocolUDP, publish("PUBLISH", id, "1"))
		return reported(d.Observe(&Packet{Data: b, Time: began.Add(at), WireLength: len(b), Link: frame.LinkRaw}))
	}
	n := 0
	for i := range 100 {
		n += len(send("192.0.2.7:5060", fmt.Sprint(i), 0))
	}
	if n != reportBurst || d.Evictions()["reports_suppressed"] != 100-reportBurst {
		t.Errorf("got %d reports of a hundred at once and %d suppressed, want %d", n, d.Evictions()["reports_suppressed"], reportBurst)
	}
	if len(send("192.0.2.8:5060", "other", 0)) != 1 {
		t.Error("another source paid for the first one's flood")
	}
	if a, b := len(send("192.0.2.7:5060", "x", reportEvery)), len(send("192.0.2.7:5060", "y", reportEvery)); a != 1 || b != 0 {
		t.Errorf("got %d and %d reports after %v, want one", a, b, reportEvery)
	}
	long := send("192.0.2.9:5060", strings.Repeat("x", 1000), 0)
	if len(long) != 1 || len(long[0].CallID) != maxReported {
		t.Errorf("got %d bytes of a long Call-ID, want %d", len(long[0].CallID), maxReported)
	}
}
