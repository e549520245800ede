package decoder

import (
	"strings"
	"testing"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/sip"
)

// TestALegKnowsThatParsersDisagree: the second parser's word reaches the leg
// with its first event. One whose end the capture cut is not asked about.
func TestALegKnowsThatParsersDisagree(t *testing.T) {
	plain := invite("plain")
	odd := strings.Replace(invite("odd"), "From: <sip:204@", "From: <sip:204@evil@", 1)
	for _, c := range []struct {
		message string
		cut     int
		want    sip.Anomaly
		asked   uint64
	}{
		{plain, 0, 0, 1},
		{odd, 0, sip.BadURI | sip.ParserDisagree, 1},
		{odd, 20, 0, 0},
	} {
		d := New(DefaultConfig())
		b := udp(t, c.message)
		events := d.Observe(&Packet{Data: b[:len(b)-c.cut], Time: began, WireLength: len(b), Link: frame.LinkRaw})
		if len(events) != 1 || events[0].Kind != call.EventAttempt {
			t.Fatalf("%q cut by %d: got %d events, want one attempt", c.message, c.cut, len(events))
		}
		got := sip.Anomaly(events[0].Leg.Anomalies) & (sip.BadURI | sip.ParserDisagree)
		if asked := d.Opinions().Asked; got != c.want || asked != c.asked {
			t.Errorf("%q cut by %d: got %q and %d asked, want %q and %d", c.message, c.cut, got, asked, c.want, c.asked)
		}
	}
}
