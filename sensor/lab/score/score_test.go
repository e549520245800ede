package score

import (
	"math"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/plan"
)

var noon = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

// stolen makes the n-th call of an attack: a minute apart, answered after ten
// seconds, to a country at two euro a minute.
func stolen(n int, talk time.Duration) *plan.Call {
	return &plan.Call{Start: noon.Add(time.Duration(n) * time.Minute), Direction: plan.Outbound, Outcome: plan.Answered, AnswerAfter: 10 * time.Second,
		Duration: talk, Number: "+22710000012"}
}

// TestLossAtThePage: calls that had begun, seconds since the first, and what was
// owed by then, by the second and by the started minute.
func TestLossAtThePage(t *testing.T) {
	a := NewAttack("x", "x-1")
	for n := range 3 {
		a.Call(stolen(n, 90*time.Second))
	}
	a.Page(noon.Add(2*time.Minute + 40*time.Second))
	// Talked by then: 90 s, 90 s, 30 s, at two euro a minute.
	r := a.Result()
	want := Result{Label: "x", Found: true, Calls: 3, Seconds: 160, Loss: Loss{BySecond: 7, ByMinute: 10}}
	if math.Abs(r.Loss.BySecond-want.Loss.BySecond) > 1e-9 || r.Loss.ByMinute != want.Loss.ByMinute || r.Calls != 3 || r.Seconds != 160 || !r.Found || r.Early {
		t.Errorf("got %+v, want %+v", r, want)
	}
	a.Page(noon.Add(time.Hour))
	a.Call(stolen(9, time.Minute))
	if again := a.Result(); again != r {
		t.Errorf("what came later changes the result: %+v", again)
	}
}

// TestNeverFound: the whole loss, and no time.
func TestNeverFound(t *testing.T) {
	a := NewAttack("x", "x-1")
	a.Call(stolen(0, 2*time.Minute))
	if r := a.Result(); r.Found || !math.IsInf(r.Seconds, 1) || r.Loss.ByMinute != 4 || r.Calls != 1 {
		t.Errorf("got %+v", r)
	}
}

// TestFoundEarly: an alert about the preparation comes before anything is lost.
func TestFoundEarly(t *testing.T) {
	a := NewAttack("x", "x-1")
	test := stolen(0, 10*time.Second)
	test.Preparation = true
	a.Call(test)
	a.Page(noon.Add(time.Minute))
	if r := a.Result(); !r.Early || r.Calls != 0 || r.Loss.BySecond != 0 {
		t.Errorf("got %+v, want found early", r)
	}
}

// TestOnwardCallsCost: what the site passes on is what costs.
func TestOnwardCallsCost(t *testing.T) {
	a := NewAttack("x", "x-1")
	a.Call(&plan.Call{Start: noon, Direction: plan.Inbound, Outcome: plan.Answered, Duration: time.Hour, Number: "+33199008123",
		Onward: &plan.Onward{Number: "+22710000012", After: 10 * time.Second, Duration: time.Minute}})
	if r := a.Result(); math.Abs(r.Loss.BySecond-2) > 1e-9 {
		t.Errorf("got %+v, want two euro", r.Loss)
	}
}

const truthDoc = `{"parameters":{"length":"48h0m0s"},"calls":[
{"id":1,"direction":"outbound","number":"+33199008123","start":"2026-03-06T11:00:00Z","legs":[{"call_id":"honest"}]},
{"id":2,"direction":"outbound","number":"+22710000012","label":"burst","attack_id":"burst-1","start":"2026-03-06T12:00:00Z","answer":"2026-03-06T12:00:05Z","duration":60,"legs":[{"call_id":"a"},{"call_id":"b"}]},
{"id":3,"direction":"outbound","number":"+22710000012","label":"burst","attack_id":"burst-1","start":"2026-03-06T12:01:00Z","answer":"2026-03-06T12:01:05Z","duration":60,"legs":[{"call_id":"c"}]}],
"attacks":[{"id":"burst-1","label":"burst","extension":"204","start":"2026-03-06T12:00:00Z","end":"2026-03-06T12:02:05Z"},
{"id":"scan-1","label":"scan","signs":9,"since":"2026-03-06T13:00:00Z","until":"2026-03-06T13:10:00Z","sources":["198.51.100.9"]},
{"id":"quiet-1","label":"quiet","signs":1,"since":"2026-03-06T15:00:00Z","until":"2026-03-06T15:10:00Z","sources":["198.51.100.10"]}]}`

// TestFiles: alerts are laid to attacks by their calls, else by source; the rest
// is false.
func TestFiles(t *testing.T) {
	alerts := strings.Join([]string{
		`{"type":"call","call_id":"a"}`,
		`{"type":"alert","event":"opened","time":"2026-03-06T12:00:01Z","incident":"1","level":"notice","call_ids":["b"]}`,
		`{"type":"alert","event":"raised","time":"2026-03-06T12:01:35Z","incident":"1","level":"critical","call_ids":["b","c"]}`,
		`{"type":"alert","event":"opened","time":"2026-03-06T13:05:00Z","incident":"2","level":"major","call_ids":[],"source":"198.51.100.9:5071"}`,
		`{"type":"alert","event":"opened","time":"2026-03-06T11:00:09Z","incident":"3","level":"major","call_ids":["honest"]}`,
		`{"type":"alert","event":"opened","time":"2026-03-06T11:00:09Z","incident":"4","level":"watch","call_ids":["honest"]}`,
		`{"type":"summary"}`}, "\n")
	s, err := Files(strings.NewReader(truthDoc), strings.NewReader(alerts))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]Row{}
	for _, r := range s.Rows() {
		rows[r.Label] = r
	}
	if r := rows["burst"]; r.Found != 1 || r.Calls.Median != 2 || r.Seconds.Median != 95 || r.ByMinute.Median != 4 {
		t.Errorf("burst: got %+v, want found at its second call after 95 s and 4 €", r)
	}
	if r := rows["scan"]; r.Found != 1 || r.Seconds.Median != 300 {
		t.Errorf("scan: got %+v, want found after 300 s", r)
	}
	if r := rows["quiet"]; r.Found != 0 {
		t.Errorf("quiet: got %+v, want not found", r)
	}
	if q := s.quiet["all"]; q.Pages != 1 || q.Notices != 1 || math.Abs(q.Months-2.0/30) > 1e-9 {
		t.Errorf("got %+v, want one false page and one false notice in two days", q)
	}
	var b strings.Builder
	if err := s.Write(&b); err != nil || !strings.Contains(b.String(), "| quiet | 0/1 | 0 | never / never | never / never |") {
		t.Errorf("got %v, %s", err, b.String())
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for _, c := range [][2]string{{"", ""}, {"{}", ""}, {"[]", ""}, {truthDoc, "no json\n"}, {truthDoc, "{\"type\":\"alert\",\"time\":7}\n"}} {
		if _, err := Files(strings.NewReader(c[0]), strings.NewReader(c[1])); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.20q, %q: got %v, want one line", c[0], c[1], err)
		}
	}
}
