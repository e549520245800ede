package pointstest

import (
	"bytes"
	"math"
	"net/http"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// Noon is when the data by hand ends; they begin an hour before.
var Noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// Awkward is a name that a query must not break on.
const Awkward = "Court/A (b)"

// Incident is the id that the primary sensor of the awkward site gave to what is open
// there; the other one sees it too, and has an id of its own.
const Incident = "20261127-113000-abcd"

// lines collects points of several sensors.
type lines struct {
	t testing.TB
	bytes.Buffer
}

func (l *lines) add(line []byte, err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
	l.Write(line)
	l.WriteByte('\n')
}

// Hand are lines of three sensors: two at one site of a customer, with all that can go wrong,
// and one of a site of its own that fell silent ten minutes before Noon.
func Hand(t testing.TB) []byte {
	l := &lines{t: t}
	primary := points.NewEncoder(points.Identity{Site: Awkward, Customer: "Martin", Sensor: "aaaa", View: "lan", Primary: true})
	second := points.NewEncoder(points.Identity{Site: Awkward, Customer: "Martin", Sensor: "bbbb", View: "trunk"})
	alone := points.NewEncoder(points.Identity{Site: "lyon", Sensor: "cccc", View: "all", Primary: true})
	for i := range 360 {
		at := Noon.Add(time.Duration(i-359) * 10 * time.Second)
		l.add(primary.Encode(heartbeat(i, at, true)))
		l.add(second.Encode(heartbeat(i, at, false)))
		l.add(primary.Encode(tenSeconds(i, at, 8)))
		l.add(second.Encode(tenSeconds(i, at, 6)))
		if i < 300 {
			l.add(alone.Encode(heartbeat(i, at, true)))
			l.add(alone.Encode(tenSeconds(i, at, 2)))
		}
	}
	l.calls(primary, Incident)
	l.calls(second, "20261127-113000-bbbb")
	return l.Bytes()
}

func heartbeat(i int, at time.Time, primary bool) *points.Sensor {
	n := uint64(i)
	return &points.Sensor{Time: at, Version: "1.2.3", Backend: "ebpf", RulesVersion: "4", Uptime: time.Duration(i) * 10 * time.Second,
		Frames: 1000 * n, Bytes: 200000 * n, Decoded: 990 * n, Lost: 2 * n, LostByCard: n, Malformed: n, Dropped: n, Calls: 8,
		Incidents: 4, ByLevel: [4]int{1, 1, 1, 1}, CPU: 0.25, MemoryBytes: 60 << 20, InterfacesDown: 1, TLSShare: 0.4, Warmup: 0.5, Primary: primary,
		SpoolBytes: 1 << 20, SpoolPoints: 5000, SpoolAge: time.Minute, PointsLost: n, PointsRefused: n, PointsOverBudget: n, ClockOffset: -2.5}
}

func tenSeconds(i int, at time.Time, calls int) *points.Traffic {
	return &points.Traffic{Time: at, Calls: calls, CallsPeak: calls + 1, CPSPeak: 2, Attempts: 3, Ended: 2, Answered: 1, Effective: 2, Rang: 2, TalkSeconds: 90, PDDSeconds: 5,
		ASR: 0.5, NER: 1, ACD: 90, PDD: 2.5, UsualCalls: 3, Registered: 15, SpentTodayEUR: float64(i), SpentHourEUR: 55, UsualDayEUR: 12}
}

// calls are one stolen call of two legs, its streams, registrations and an incident.
func (l *lines) calls(e *points.Encoder, incident string) {
	call := points.Call{ID: "a@b", Group: "g", End: Noon.Add(-30 * time.Minute), Trunk: "trunk-1", Direction: "outbound", Class: "high_risk", Country: "KY", State: "answered",
		Extension: "214", Number: "+13455550173", Src: "192.168.10.114:5060", Dst: "192.168.10.5:5060", UserAgent: "x", Status: 200, Attempts: 2, EndBy: "caller",
		Ringing: 2 * time.Second, Duration: 90 * time.Second, OneWay: true, CostEUR: math.NaN(), Score: 77, MOS: 3}
	l.add(e.Encode(&call))
	call.ID, call.CostEUR = "c@d", 3
	l.add(e.Encode(&call))
	l.add(e.Encode(&points.Stream{Group: "g", CallID: "a@b", SSRC: "0x1", Start: call.End.Add(-90 * time.Second), End: call.End, Codec: "PCMA", Trunk: "trunk-1", Direction: "outbound",
		Src: "192.168.10.114:4000", Dst: "192.168.10.5:4000", Packets: 900, Lost: 100, JitterMeanMS: 30, JitterMaxMS: 90, RFactor: 60, MOS: 3, MeasuredAt: "between"}))
	for _, event := range []string{"new", "refused"} {
		l.add(e.Encode(&points.Registration{Time: call.End, Event: event, AoR: "214@x", Contact: "sip:214@y", Src: "192.168.10.114:5060", UserAgent: "x", Failures: 1}))
	}
	for i, event := range []string{"opened", "raised", "updated", "acknowledged"} {
		l.add(e.Encode(&points.Alert{Incident: incident, Event: event, Time: call.End.Add(time.Duration(i) * time.Minute), Since: call.End, Level: []string{"watch", "critical", "critical", "critical"}[i],
			Scheme: "toll_fraud", Rule: "rate", Trunk: "trunk-1", Extension: "214", Source: "192.168.10.114:5060", Number: "+13455550173", Country: "KY", Text: "3 calls to new destinations in ten minutes (38.5)",
			Open: true, Pages: true, By: []string{"", "", "", "anne"}[i], Visibility: "full", Tariff: "estimate", Score: 126.5, Calls: 3 + i, Concurrent: 3, Answered: 2,
			SpentEUR: float64(i + 1), SpentLowEUR: float64(i), SpentHighEUR: float64(i + 4), BurnEURPerHour: 240, UsualEURPerHour: 1, ForecastEUR: 12000, WorstEURPerHour: 500}))
	}
}

// Send writes lines as the sensor does.
func Send(t testing.TB, s *influxtest.Server, body []byte) {
	t.Helper()
	sendTo(t, s, Database, body)
}

// SendApart writes them as a sensor does that has a bucket for alerts.
func SendApart(t testing.TB, s *influxtest.Server, body []byte) {
	t.Helper()
	var metrics, alerts []byte
	for line := range bytes.Lines(body) {
		if bytes.HasPrefix(line, []byte("alert,")) {
			alerts = append(alerts, line...)
			continue
		}
		metrics = append(metrics, line...)
	}
	sendTo(t, s, Database, metrics)
	sendTo(t, s, Alerts, alerts)
}

func sendTo(t testing.TB, s *influxtest.Server, bucket string, body []byte) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.URL+"/api/v2/write?bucket="+bucket+"&precision=ns", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		t.Fatalf("writing answered %s", answer.Status)
	}
}

// Database is where Send writes to, Alerts where SendApart writes alerts to.
const (
	Database = "tollwatch"
	Alerts   = "tollwatch_alerts"
)
