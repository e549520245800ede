package points

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/influxdata/line-protocol/v2/lineprotocol"
)

var (
	night = time.Date(2026, 11, 7, 3, 0, 12, 345678901, time.UTC)
	lyon  = Identity{Site: "Lyon 2, rue de la Ré", Customer: "dupont", Sensor: "5f0c", View: "trunk", Primary: true}
)

// cayman is the third call of a night, to the Cayman Islands.
func cayman(n int) *Call {
	return &Call{ID: fmt.Sprintf("c%d@pbx", n), Group: fmt.Sprintf("g%d", n), End: night, Trunk: "trunk-1", Direction: "outbound",
		Class: "high_risk", Country: "KY", State: "answered", Extension: "201", Number: "+13459261234", Status: 200, Attempts: 2,
		Ringing: 1500 * time.Millisecond, Duration: 7 * time.Second, CostEUR: 0.31, Score: 62, MOS: 4.2}
}

func anAlert() *Alert {
	return &Alert{Incident: "i-1", Event: "opened", Time: night, Level: "critical", Scheme: "toll_fraud", Trunk: "trunk-1",
		Extension: "201", Number: "+13459261234", Country: "KY", Text: "never called \"KY\" before +25\nfour at once +20", Score: 87,
		Calls: 3, Concurrent: 3, SpentEUR: 0.93, BurnEURPerHour: 120}
}

// fields parses a line and gives its parts back as text.
func fields(t *testing.T, line []byte) (measurement, tags, values string) {
	t.Helper()
	d := lineprotocol.NewDecoderWithBytes(line)
	if !d.Next() {
		t.Fatalf("no line in %q", line)
	}
	m, err := d.Measurement()
	for err == nil {
		var k, v []byte
		if k, v, err = d.NextTag(); k == nil {
			break
		}
		tags += fmt.Sprintf("%s=%s ", k, v)
	}
	for err == nil {
		var k []byte
		var v lineprotocol.Value
		if k, v, err = d.NextField(); k == nil {
			break
		}
		values += fmt.Sprintf("%s=%v ", k, v.Interface())
	}
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return string(m), tags, values
}

func TestCallPoint(t *testing.T) {
	line, err := NewEncoder(lyon).Encode(cayman(1))
	if err != nil {
		t.Fatal(err)
	}
	m, tags, values := fields(t, line)
	want := "call | customer=dupont dest_class=high_risk dest_country=KY direction=outbound sensor=5f0c site=Lyon 2, rue de la Ré " +
		"state=answered trunk=trunk-1 view=trunk | call_id=c1@pbx call_group=g1 extension=201 number=+1345926**** range=+1345926 status=200 " +
		"attempts=2 duration=7 pdd=1.5 one_way=0 cost_eur=0.31 score=62 mos=4.2 "
	if diff := cmp.Diff(want, m+" | "+tags+"| "+values); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(values, "1234") {
		t.Errorf("%s holds the end of the number", line)
	}
}

func TestAlertAndSensorPoints(t *testing.T) {
	e := NewEncoder(Identity{Site: "s", Primary: true})
	a, err := e.Encode(anAlert())
	if err != nil {
		t.Fatal(err)
	}
	m, tags, values := fields(t, a)
	want := "alert | level=critical scheme=toll_fraud site=s trunk=trunk-1 | incident=i-1 event=opened open=0 pages=0 extension=201 " +
		`number=+1345926**** range=+1345926 country=KY text=never called "KY" before +25 four at once +20 drill=false normal=0 score=87 calls=3 ` +
		"concurrent=3 answered=0 spent_eur=0.93 spent_eur_low=0 spent_eur_high=0 burn_eur_per_hour=120 usual_eur_per_hour=0 forecast_eur=0 worst_eur_per_hour=0 "
	if diff := cmp.Diff(want, m+" | "+tags+"| "+values); diff != "" {
		t.Error(diff)
	}
	s, err := e.Encode(&Sensor{Time: night, Version: "1", Uptime: time.Minute, Frames: math.MaxUint64, Lost: 3, LostByCard: 2})
	if err != nil {
		t.Fatal(err)
	}
	m, _, values = fields(t, s)
	want = "sensor version=1 primary=0 uptime=60 frames=9223372036854775807 bytes=0 decoded=0 lost=3 lost_by_card=2 ignored=0 malformed=0 dropped=0 calls=0 incidents=0 " +
		"incidents_notice=0 incidents_watch=0 incidents_major=0 incidents_critical=0 cpu=0 memory=0 interfaces_down=0 tls_share=0 warmup=0 " +
		"spool=0 spool_points=0 spool_age=0 points_lost=0 points_refused=0 points_over_budget=0 clock_offset=0 "
	if diff := cmp.Diff(want, m+" "+values); diff != "" {
		t.Error(diff)
	}
}

func TestAPointNeedsATime(t *testing.T) {
	if line, err := NewEncoder(lyon).Encode(&Call{}); err == nil {
		t.Errorf("got %s, want it refused", line)
	}
}

// FuzzEncode: whatever the texts and figures, a line is one line that the
// protocol's own decoder reads, with at least one field.
func FuzzEncode(f *testing.F) {
	f.Add("site", "trunk-1", "+13459261234", "reasons", 1.5, int64(0))
	f.Add("a b,c=d\\", "\x00\xff\n", "\u2028", "\"\\\" \\", math.NaN(), int64(-1))
	f.Add(strings.Repeat("é", 200), "\\", "+", strings.Repeat("x", 1023)+"é", math.Inf(1), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, site, trunk, number, text string, amount float64, at int64) {
		e := NewEncoder(Identity{Site: site, View: trunk})
		when := time.Unix(0, at)
		for range 2 {
			c, err1 := e.Encode(&Call{Trunk: trunk, State: text, Number: number, CostEUR: amount, End: when, ID: text})
			checkLine(t, c, err1)
			a, err2 := e.Encode(&Alert{Trunk: trunk, Level: site, Number: number, Text: text, SpentEUR: amount, Time: when, Incident: number})
			checkLine(t, a, err2)
		}
	})
}

func checkLine(t *testing.T, line []byte, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(strings.TrimSuffix(string(line), "\n"), "\n\r") {
		t.Fatalf("%q is not one line", line)
	}
	if _, _, values := fields(t, line); values == "" {
		t.Fatalf("%q has no field", line)
	}
}
