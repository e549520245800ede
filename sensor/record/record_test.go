package record

import (
	"bytes"
	"math"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder"
	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
	"tollwatch/detect"
	"tollwatch/detect/numbering"
)

var at = time.Date(2026, 3, 7, 2, 0, 0, 120_000_000, time.FixedZone("", 3600))

func printed(t *testing.T, o Object) string {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	if err := w.Put(o); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestObjects holds every object of the contract to the letter.
func TestObjects(t *testing.T) {
	leg := &call.Leg{
		ID: 2, Call: 1, CallID: "a@b", Transport: call.TCP, Source: call.Wire,
		Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("[2001:db8::1]:5060"),
		From: call.Party{User: "204", Host: "pbx"}, To: call.Party{User: "x"}, Request: call.Party{User: "0013455550123"},
		Start: at, Answer: at.Add(time.Second), End: at.Add(3500 * time.Millisecond), State: call.Answered, Status: 200,
		EndBy: call.Caller, Attempts: 2,
	}
	verdict := &detect.Verdict{
		Direction: detect.Outbound, Extension: "204", Trunk: "trunk-1", Score: 98.5, CostEUR: 0.0833333, Rated: true,
		Number: numbering.Number{E164: "+13455550123", Country: "KY", Class: numbering.HighRisk},
	}
	copied := *leg
	copied.Recording, copied.Anomalies = true, uint64(sip.BareLF|sip.ParserDisagree)
	living := *leg
	living.End, living.Answer = time.Time{}, time.Time{}
	alert := &detect.Alert{
		Event: detect.Opened, Time: at, Incident: "i", Level: detect.Critical, Scheme: detect.TollFraud, Site: "s", Extension: "204",
		Score: 65, Reasons: []detect.Reason{{Rule: "class", Points: 25, Text: "<KY>"}, {Rule: "rate", Points: 40, Text: "3 calls"}},
		RulesVersion: "1", Calls: 3, Concurrent: 3, Since: at, Destinations: []detect.Destination{{Number: "+1345", Country: "KY", Calls: 3}},
		CallIDs: []string{"a"}, SpentEUR: .07, SpentLow: .03, SpentHigh: 4, Tariff: detect.Estimate, BurnEURPerHour: 360, Visibility: detect.Full,
		Frequency: detect.Criterion{Observed: 3, Unit: "calls/hour", NeverBefore: true},
		Duration:  detect.Criterion{Observed: 30, Usual: 10, Ratio: 3, Unit: "minutes/day", Since: at},
	}
	for _, c := range []struct {
		object Object
		want   string
	}{
		{NewCall(leg, verdict), `{"type":"call","call_id":"a@b","call_group":"c1","direction":"outbound","transport":"tcp","src":"192.0.2.1:5060",` +
			`"dst":"[2001:db8::1]:5060","from_user":"204","from_host":"pbx","to_user":"x","request_user":"0013455550123","dialled":"0013455550123",` +
			`"number":"+13455550123","dest_country":"KY","dest_class":"high_risk","extension":"204","trunk":"trunk-1","score":98.5,` +
			`"start":"2026-03-07T01:00:00.120000000Z","answer":"2026-03-07T01:00:01.120000000Z","end":"2026-03-07T01:00:03.620000000Z",` +
			`"state":"answered","status":200,"end_by":"caller","duration":2.5,"cost_eur":0.0833,"invites":2,"source":"wire"}`},
		{NewCall(&living, nil), `{"type":"call","call_id":"a@b","call_group":"c1","direction":"unknown","transport":"tcp","src":"192.0.2.1:5060",` +
			`"dst":"[2001:db8::1]:5060","from_user":"204","from_host":"pbx","to_user":"x","request_user":"0013455550123","dialled":"0013455550123",` +
			`"score":0,"start":"2026-03-07T01:00:00.120000000Z","state":"active","status":200,"invites":2,"source":"wire"}`},
		{NewCall(&copied, nil), `{"type":"call","call_id":"a@b","call_group":"c1","direction":"unknown","transport":"tcp","src":"192.0.2.1:5060",` +
			`"dst":"[2001:db8::1]:5060","from_user":"204","from_host":"pbx","to_user":"x","request_user":"0013455550123","dialled":"0013455550123",` +
			`"score":0,"start":"2026-03-07T01:00:00.120000000Z","answer":"2026-03-07T01:00:01.120000000Z","end":"2026-03-07T01:00:03.620000000Z",` +
			`"state":"answered","status":200,"end_by":"caller","duration":2.5,"invites":2,"source":"wire","recording":true,` +
			`"anomalies":["bare_lf","parser_disagree"]}`},
		{NewStream(&call.Stream{Call: 1, CallID: "a@b", Src: leg.Src, Dst: leg.Dst, SSRC: 0xfeed, PayloadType: 8, Codec: "PCMA", ClockRate: 8000,
			Packets: 100, Lost: 1, JitterMean: 1500 * time.Microsecond, JitterMax: 2 * time.Millisecond, Start: at, End: at.Add(2 * time.Second),
			RFactor: 88.04, MOS: 4.287, MeasuredAt: call.Between}),
			`{"type":"stream","call_group":"c1","call_id":"a@b","src":"192.0.2.1:5060","dst":"[2001:db8::1]:5060","ssrc":"0x0000feed","payload_type":8,` +
				`"codec":"PCMA","clock_rate":8000,"packets":100,"lost":1,"duplicates":0,"reordered":0,"jitter_mean_ms":1.5,"jitter_max_ms":2,` +
				`"start":"2026-03-07T01:00:00.120000000Z","end":"2026-03-07T01:00:02.120000000Z","r_factor":88,"mos":4.29,"measured_at":"between",` +
				`"encrypted":false,"dtmf_events":0}`},
		{NewStream(&call.Stream{Src: leg.Src, Dst: leg.Dst, SSRC: 1, Codec: "PCMA", Start: at, End: at, MOSWithheld: "codecs", MeasuredAt: call.Between,
			CodecChanges: 2, SwitchedToFax: true, Reported: &call.Reported{Reports: 3, Time: at, Lost: -1, LossMax: 12.5, Jitter: 3 * time.Millisecond,
				RoundTripMax: 80 * time.Millisecond, MOSLQ: 4.1}}),
			`{"type":"stream","src":"192.0.2.1:5060","dst":"[2001:db8::1]:5060","ssrc":"0x00000001","payload_type":0,"codec":"PCMA","packets":0,"lost":0,` +
				`"duplicates":0,"reordered":0,"start":"2026-03-07T01:00:00.120000000Z","end":"2026-03-07T01:00:00.120000000Z","mos_withheld":"codecs",` +
				`"measured_at":"between","encrypted":false,"dtmf_events":0,"codec_changes":2,"switched_to_fax":true,"reported":{"reports":3,` +
				`"time":"2026-03-07T01:00:00.120000000Z","lost":-1,"loss_max_percent":12.5,"jitter_ms":3,"round_trip_max_ms":80,"mos_lq":4.1}}`},
		{NewRegistration(at, &call.Registration{AoR: "204@pbx", Contact: "sip:204@192.0.2.1", Src: leg.Src, Change: call.BindingNew}),
			`{"type":"registration","aor":"204@pbx","contact":"sip:204@192.0.2.1","src":"192.0.2.1:5060","event":"new",` +
				`"time":"2026-03-07T01:00:00.120000000Z","failures":0}`},
		{NewQualityReport(at, &call.Quality{CallID: "a@b", Src: leg.Src, Dst: leg.Dst, Reporter: "sip:204@pbx", Peer: "sip:x@pbx", Kind: "session",
			Codec: "PCMA", Start: at, End: at.Add(time.Second),
			Local:  call.Heard{Loss: 1.25, Discard: 0, Jitter: 2500 * time.Microsecond, RoundTrip: -1, RLQ: 88, RCQ: math.NaN(), MOSLQ: 4.2, MOSCQ: math.Inf(1)},
			Remote: call.Heard{Loss: -1, Discard: -1, Jitter: -1, RoundTrip: -1, RLQ: -1, RCQ: -1, MOSLQ: -1, MOSCQ: -1}}),
			`{"type":"quality_report","time":"2026-03-07T01:00:00.120000000Z","call_id":"a@b","src":"192.0.2.1:5060","dst":"[2001:db8::1]:5060",` +
				`"reporter":"sip:204@pbx","peer":"sip:x@pbx","report":"session","codec":"PCMA","start":"2026-03-07T01:00:00.120000000Z",` +
				`"end":"2026-03-07T01:00:01.120000000Z","local":{"loss_percent":1.25,"discard_percent":0,"jitter_ms":2.5,"r_lq":88,"mos_lq":4.2}}`},
		{NewAlert(alert), `{"type":"alert","event":"opened","time":"2026-03-07T01:00:00.120000000Z","incident":"i","level":"critical","scheme":"toll_fraud",` +
			`"site":"s","extension":"204","score":65,"reasons":[{"rule":"class","points":25,"text":"<KY>"},{"rule":"rate","points":40,"text":"3 calls"}],` +
			`"calls":3,"concurrent":3,"answered":0,"since":"2026-03-07T01:00:00.120000000Z","destinations":[{"number":"+1345","country":"KY","calls":3}],` +
			`"call_ids":["a"],"spent_eur":0.07,"spent_eur_low":0.03,"spent_eur_high":4,"tariff":"estimate","burn_eur_per_hour":360,"visibility":"full",` +
			`"rules_version":"1","frequency":{"observed":3,"never_before":true,"unit":"calls/hour"},` +
			`"duration":{"observed":30,"usual":10,"ratio":3,"unit":"minutes/day","since":"2026-03-07T01:00:00.120000000Z"}}`},
		{NewSummary(decoder.Books{Frames: 3, Bytes: 300, Decoded: 1, Ignored: map[string]uint64{"not_ip": 2}, Malformed: map[string]uint64{},
			Dropped: map[string]uint64{}, Requests: map[string]uint64{"INVITE": 1}, Responses: map[int]uint64{200: 1}}, at, at),
			`{"type":"summary","frames":3,"bytes":300,"decoded":1,"lost":{},"ignored":{"not_ip":2},"malformed":{},"dropped":{},` +
				`"sip_messages":{"requests":{"INVITE":1},"responses":{"200":1}},"calls":0,"answered":0,"streams":0,` +
				`"first":"2026-03-07T01:00:00.120000000Z","last":"2026-03-07T01:00:00.120000000Z","wall_seconds":0}`},
		{NewSummary(decoder.Books{TLS: &decoder.TLS{Share: 2. / 3, Peers: []decoder.TLSPeer{
			{Peer: netip.MustParseAddrPort("203.0.113.5:5061"), Connections: 1, Records: 20, Bytes: 9000, Signalling: true},
			{Peer: netip.MustParseAddrPort("198.51.100.8:443"), Connections: 3, Records: 5, Bytes: 700}}}}, time.Time{}, time.Time{}),
			`{"type":"summary","frames":0,"bytes":0,"decoded":0,"lost":{},"ignored":null,"malformed":null,"dropped":null,` +
				`"sip_messages":{"requests":null,"responses":{}},"calls":0,"answered":0,"streams":0,"wall_seconds":0,` +
				`"tls":{"peers":[{"peer":"203.0.113.5:5061","connections":1,"records":20,"bytes":9000,"signalling":true},` +
				`{"peer":"198.51.100.8:443","connections":3,"records":5,"bytes":700,"signalling":false}],"share":0.6667}}`},
	} {
		if diff := cmp.Diff(c.want+"\n", printed(t, c.object)); diff != "" {
			t.Errorf("%s: %s", c.object.Kind(), diff)
		}
	}
}

func TestOnlyPagingAlertsPage(t *testing.T) {
	for level, want := range map[string]bool{"notice": false, "watch": false, "major": true, "critical": true} {
		if got := (&Alert{Level: level}).Pages(); got != want {
			t.Errorf("%s: got %v, want %v", level, got, want)
		}
	}
}

func TestACallHasTheMOSOfItsWorstStream(t *testing.T) {
	c := &Call{}
	for _, mos := range []float64{0, 4.2, 3.1, 4.4} {
		c.Heard(mos)
	}
	if c.MOS == nil || *c.MOS != 3.1 {
		t.Errorf("got %v, want 3.1", c.MOS)
	}
}

// TestEveryAnomalyIsDocumented, by the name that a call bears it under.
func TestEveryAnomalyIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	names := anomalies(math.MaxUint64)
	if len(names) < 29 {
		t.Errorf("got %d names, want those of 29 bits at least", len(names))
	}
	for _, name := range names {
		if !bytes.Contains(doc, []byte("`"+name+"`")) {
			t.Errorf("docs/json.md does not explain the anomaly %s", name)
		}
	}
}
