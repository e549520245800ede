package quality

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// termination is what a telephone sends when it hangs up.
const termination = "VQSessionReport: CallTerm\r\n" +
	"CallID: 77aa01-4f12@192.0.2.77\r\n" +
	"LocalID: \"Desk <204>\" <sip:204@pbx.example.org>\r\n" +
	"RemoteID: <tel:+22790123456>\r\n" +
	"OrigID: sip:204@pbx.example.org\r\n" +
	"LocalGroup: phones\r\n" +
	"LocalAddr: IP=192.0.2.77 PORT=16384 SSRC=1a3b5c7d\r\n" +
	"RemoteAddr: IP=198.51.100.4 PORT=30002 SSRC=0x2468abcd\r\n" +
	"LocalMetrics:\r\n" +
	"Timestamps: START=2026-03-14T02:13:20Z STOP=2026-03-14T02:14:50Z\r\n" +
	"SessionDesc: PT=8 PD=PCMA FMTP=\"a=1 SR=16000 b=2\" SR=8000 FD=20 FO=160 FPP=1 PPS=50 PLC=3 SSUP=on\r\n" +
	"JitterBuffer: JBA=3 JBR=2 JBN=40 JBM=80 JBX=120\r\n" +
	"PacketLoss: NLR=5.25 JDR=2.0\r\n" +
	"BurstGapLoss: BLD=0 BD=0 GLD=2.0 GD=500 GMIN=16\r\n" +
	"Delay: RTD=200 ESD=140 SOWD=100 IAJ=2 MAJ=10\r\n" +
	"Signal: SL=-21 NL=-50 RERL=55\r\n" +
	"QualityEst: RLQ=90 RCQ=85 EXTRI=90 MOSLQ=4.2 MOSCQ=4.125 QoEEstAlg=P.564\r\n" +
	"RemoteMetrics:\r\n" +
	"Timestamps:START=2026-03-14T04:13:21.5+02:00 STOP=2026-03-13T21:44:49-04:30\r\n" +
	"SessionDesc: PT=127\r\n" +
	"PacketLoss: NLR=0.0 JDR=127\r\n" +
	"Delay: ESD=127 IAJ=0\r\n" +
	"QualityEst: RLQ=127 RCQ=127 MOSLQ=127 MOSCQ=3.9\r\n" +
	"DialogID: 77aa01-4f12@192.0.2.77;to-tag=1;from-tag=2\r\n"

// unknown is what is known of metrics of which nothing is said.
func unknown(change func(m *Metrics)) Metrics {
	m := Metrics{PayloadType: -1, SampleRate: -1, Loss: -1, Discard: -1, RoundTrip: -1, EndSystem: -1, Jitter: -1,
		RLQ: -1, RCQ: -1, MOSLQ: -1, MOSCQ: -1}
	change(&m)
	return m
}

func terminated() Report {
	return Report{
		Kind: Session, CallID: []byte("77aa01-4f12@192.0.2.77"), LocalID: []byte("sip:204@pbx.example.org"),
		RemoteID: []byte("tel:+22790123456"), OrigID: []byte("sip:204@pbx.example.org"),
		Local: Metrics{
			Start: time.Date(2026, 3, 14, 2, 13, 20, 0, time.UTC), Stop: time.Date(2026, 3, 14, 2, 14, 50, 0, time.UTC),
			PayloadType: 8, Codec: []byte("PCMA"), SampleRate: 8000, Loss: 5.25, Discard: 2,
			RoundTrip: 200 * time.Millisecond, EndSystem: 140 * time.Millisecond, Jitter: 2 * time.Millisecond,
			RLQ: 90, RCQ: 85, MOSLQ: 4.2, MOSCQ: 4.125,
		},
		Remote: unknown(func(m *Metrics) {
			m.Start, m.Stop = time.Date(2026, 3, 14, 2, 13, 21, 0, time.UTC), time.Date(2026, 3, 14, 2, 14, 49, 0, time.UTC)
			m.PayloadType, m.Loss, m.EndSystem, m.Jitter, m.MOSCQ = 127, 0, 127*time.Millisecond, 0, 3.9
		}),
	}
}

// TestTermination reads a whole report, and the same in other dress.
func TestTermination(t *testing.T) {
	for _, c := range []struct{ name, in string }{
		{"as RFC 6035 has it", termination},
		{"LF alone", strings.ReplaceAll(termination, "\r\n", "\n")},
		{"no blank behind the colon", strings.ReplaceAll(termination, ": ", ":")},
		{"blanks before the colon", strings.ReplaceAll(termination, ": ", " : ")},
		{"blanks at the end", strings.ReplaceAll(termination, "\r\n", " \t\r\n")},
		{"two blanks between figures", strings.ReplaceAll(termination, " MOSLQ", "  \tMOSLQ")},
		{"names in lower case", strings.NewReplacer("CallID", "callid", "LocalMetrics", "localmetrics", "MOSLQ", "moslq",
			"Timestamps", "TimeStamps", "VQSession", "vqsession").Replace(termination)},
		{"empty lines", "\r\n\r\n" + strings.ReplaceAll(termination, "RemoteMetrics", "\r\nRemoteMetrics")},
		{"no reason for the report", strings.Replace(termination, ": CallTerm", "", 1)},
		{"said twice", strings.Replace(termination, "RemoteMetrics:", "QualityEst: MOSLQ=1.0\r\nTimestamps: START=2000-01-01T00:00:00Z\r\nCallID: evil\r\nRemoteMetrics:", 1)},
		{"lines of its own kind", strings.ReplaceAll(termination, "Signal:", "x-vendor: MOSLQ=1.0\r\nno colon\r\n=\r\n:\r\nSignal:")},
		{"cut within the last line", termination[:len(termination)-9]},
	} {
		var r Report
		if !Parse([]byte(c.in), &r) {
			t.Errorf("%s: refused", c.name)
			continue
		}
		if d := cmp.Diff(terminated(), r); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		in   string
		kind Kind
		name string
	}{
		{"VQSessionReport\r\n", Session, "session"},
		{"VQIntervalReport\r\n", Interval, "interval"},
		{"VQAlertReport: Type=NLR Severity=Critical Dir=local\r\n", Alert, "alert"},
		{"VQSessionReport : CallTerm", Session, "session"},
		{"VQSessionReports\r\n", 0, ""},
		{"CallID: a\r\nVQSessionReport\r\n", 0, ""},
		{"v=0\r\n", 0, ""},
		{"\r\n\r\n", 0, ""},
		{"", 0, ""},
	} {
		r := Report{Kind: Alert, CallID: []byte("former")}
		if ok := Parse([]byte(c.in), &r); ok != (c.kind != 0) || r.Kind != c.kind || r.Kind.String() != c.name || r.CallID != nil {
			t.Errorf("%q: got %v, kind %q, call %q, want kind %q of no call", c.in, ok, r.Kind, r.CallID, c.name)
		}
	}
	for _, c := range []struct {
		in   string
		want bool
	}{{"application/vq-rtcpxr", true}, {"Application/VQ-RTCPXR ; charset=utf-8", true}, {"application/sdp", false}, {"application/vq-rtcpxr2", false}, {"", false}} {
		if got := IsReport([]byte(c.in)); got != c.want {
			t.Errorf("%q: got %v, want %v", c.in, got, c.want)
		}
	}
}

// TestUnknown: what cannot be, or cannot be read, is not known.
func TestUnknown(t *testing.T) {
	for _, line := range []string{
		"QualityEst: MOSLQ=127 RLQ=127 RCQ=120.1 MOSCQ=0.0", "QualityEst: MOSLQ=5.1 MOSCQ=0.9 RLQ=-1 RCQ=", "QualityEst: MOSLQ MOSCQ= RLQ=x RCQ=1x",
		"QualityEst: MOSLQ=4. MOSCQ=.4 RLQ=4.2.1 RCQ=1e1", "QualityEst: MOSLQ=NaN MOSCQ=Inf RLQ=0x10 RCQ=+5", "QualityEst: MOSLQ=\"4.2\"",
		"QualityEst: MOSLQ = 4.2", "PacketLoss: NLR=100.1 JDR=9999999999999999999999", "PacketLoss: NLR=1234567890 JDR=0.1234567890",
		"Delay: RTD=65536 ESD=-1 IAJ=1000000000", "SessionDesc: PT=128 SR=8000.5 PD=\"\"", "SessionDesc: PT=-1 SR=99999999",
		"Timestamps: START=2026-13-14T02:13:20Z STOP=2026-03-14", "Timestamps: START=2026-03-14T24:13:20Z STOP=2026-03-14T02:13:20+2:00",
		"Timestamps: START=20260314.2.13.20 STOP=2026-03-14T02:13:20Zulu", "Timestamps: START=2026-03-14T02:13:20+24:00 STOP=x",
		"Timestamps: START=2026/03/14T02:13:20Z STOP=2026-03-1\xff4T02:13:2", "Timestamps: START=2026-00-14T02:13:20Z STOP=2026-03-32T02:13:20Z",
		"Timestamps: START=2026-03-00T02:13:20Z STOP=2026-03-14T02:13:61Z", "Timestamps: START=2026-03-14T02:60:20Z STOP=2026-03-14T02:13:20*02:00",
		"Timestamps: START=2026-03-14T02:13:20+02:60", "Delay RTD=5", "XDelay: RTD=5",
	} {
		var r Report
		Parse([]byte("VQSessionReport\r\nLocalMetrics:\r\n"+line+"\r\n"), &r)
		if d := cmp.Diff(unknown(func(*Metrics) {}), r.Local); d != "" {
			t.Errorf("%s (-want +got):\n%s", line, d)
		}
	}
}

// TestLimits: the last figures that can be.
func TestLimits(t *testing.T) {
	var r Report
	Parse([]byte("VQIntervalReport\r\nQualityEst: RLQ=120 RCQ=0 MOSLQ=5.0 MOSCQ=1\r\nPacketLoss: NLR=100 JDR=0.123456789\r\n"+
		"Delay: RTD=65535 ESD=0.5 IAJ=0\r\nSessionDesc: PT=0 SR=48000 PD=\"opus\"\r\nTimestamps: START=2026-12-31t23:59:60z"), &r)
	want := Metrics{Start: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Codec: []byte("opus"), SampleRate: 48000, Loss: 100, Discard: 0.123456789,
		RoundTrip: 65535 * time.Millisecond, EndSystem: 500 * time.Microsecond, RLQ: 120, MOSLQ: 5, MOSCQ: 1}
	if d := cmp.Diff(want, r.Local); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestIdentities: whose report it is.
func TestIdentities(t *testing.T) {
	for in, want := range map[string]string{
		"Alice <sip:a@x>": "sip:a@x", "<sip:a@x;y>;tag=1": "sip:a@x;y", `"<sip:evil@x>" <sip:a@x>`: "sip:a@x", `"\"<sip:evil@x>" <sip:a@x>`: "sip:a@x",
		"sip:a@x": "sip:a@x", "< sip:a@x >": "sip:a@x", "<sip:a@x": "sip:a@x", `"<sip:evil@x>`: `"<sip:evil@x>`, "<>": "", "": "",
	} {
		var r Report
		Parse([]byte("VQSessionReport\r\nLocalID: "+in+"\r\n"), &r)
		if got := string(r.LocalID); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestAllocations(t *testing.T) {
	var r Report
	bodies := [][]byte{[]byte(termination), []byte("v=0\r\n"), []byte("VQAlertReport\nTimestamps: START=x STOP=2026-03-14T02:13:20+25:00\nDelay: RTD=x")}
	if n := testing.AllocsPerRun(100, func() {
		for _, b := range bodies {
			Parse(b, &r)
		}
	}); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

// FuzzParse: texts are pieces of the body, figures are in range or unknown,
// and reading twice gives the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(termination))
	f.Add([]byte("VQAlertReport: Type=NLR\nPacketLoss: NLR=9999999999.9 \"JDR=1\nTimestamps: START=0000-00-00T00:00:00+00:00"))
	f.Add([]byte("VQIntervalReport\nCallID:<\nLocalID:\"\\\nDelay:=\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := Report{Kind: Alert, CallID: []byte("former")}
		again := Report{}
		ok := Parse(body, &r)
		if Parse(body, &again) != ok || !cmp.Equal(r, again) {
			t.Fatalf("read twice, got two reports: %q", body)
		}
		if ok != (r.Kind != 0) {
			t.Fatalf("got %v and kind %d: %q", ok, r.Kind, body)
		}
		for _, text := range [][]byte{r.CallID, r.LocalID, r.RemoteID, r.OrigID, r.Local.Codec, r.Remote.Codec} {
			if !bytes.Contains(body, text) {
				t.Fatalf("%q is no part of %q", text, body)
			}
		}
		checkMetrics(t, &r.Local)
		checkMetrics(t, &r.Remote)
	})
}

func checkMetrics(t *testing.T, m *Metrics) {
	t.Helper()
	const second = float64(time.Second)
	for _, c := range []struct {
		name               string
		got, least, atMost float64
	}{
		{"PT", float64(m.PayloadType), 0, 127}, {"SR", float64(m.SampleRate), 0, 1 << 20}, {"NLR", m.Loss, 0, 100}, {"JDR", m.Discard, 0, 100},
		{"RTD", float64(m.RoundTrip) / second, 0, 65.535}, {"ESD", float64(m.EndSystem) / second, 0, 65.535}, {"IAJ", float64(m.Jitter) / second, 0, 65.535},
		{"RLQ", m.RLQ, 0, 120}, {"RCQ", m.RCQ, 0, 120}, {"MOSLQ", m.MOSLQ, 1, 5}, {"MOSCQ", m.MOSCQ, 1, 5},
	} {
		if !(c.got < 0 || c.got >= c.least && c.got <= c.atMost) {
			t.Fatalf("%s is %v, want %v to %v, or negative", c.name, c.got, c.least, c.atMost)
		}
	}
	for _, at := range []time.Time{m.Start, m.Stop} {
		if !at.IsZero() && (at.Year() < -1 || at.Year() > 10000) {
			t.Fatalf("time %v", at)
		}
	}
}

// BenchmarkParse reads one report, and one of ten times the size.
func BenchmarkParse(b *testing.B) {
	for _, c := range []struct {
		name string
		body string
	}{{"report", termination}, {"6kB", termination + strings.Repeat("QualityEst: A=\"", 400)}, {"60kB", termination + strings.Repeat("QualityEst: A=\"", 4000)}} {
		b.Run(c.name, func(b *testing.B) {
			var r Report
			b.ReportAllocs()
			for body := []byte(c.body); b.Loop(); {
				Parse(body, &r)
			}
		})
	}
}
