package report

import (
	"strings"
	"testing"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/record"
)

func at(hour, minute int) record.Time {
	return record.Time(time.Date(2026, 3, 7, hour, minute, 0, 0, time.UTC))
}

func euroOf(x float64) *float64 { return &x }

// printed is the summary of the objects given.
func printed(t *testing.T, objects ...record.Object) string {
	t.Helper()
	r := New(time.UTC)
	for _, o := range objects {
		if err := r.Put(o); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func alert(incident, event, level string, score float64) *record.Alert {
	return &record.Alert{
		Type: "alert", Incident: incident, Event: event, Level: level, Scheme: "toll_fraud", Extension: "204", Trunk: "trunk-1",
		Score: score, Since: at(2, 0), Time: at(2, 1), Calls: 3, SpentEUR: 0.07, BurnEURPerHour: 413, Tariff: "estimate",
		Reasons:      []record.Reason{{Rule: "class", Points: score, Text: "because of " + incident}},
		Destinations: []record.Destination{{Number: "+13455550123", Country: "KY", Calls: 3}},
		Frequency:    &record.Criterion{Observed: 25, Unit: "calls/hour", NeverBefore: true},
		ForecastEUR:  euroOf(19800), ForecastUntil: at(8, 0),
	}
}

func TestIncidentThatPages(t *testing.T) {
	got := printed(t, alert("a", "opened", "watch", 55), alert("a", "raised", "critical", 98), alert("a", "updated", "critical", 98),
		&record.Summary{Type: "summary", Frames: 7})
	for _, want := range []string{
		"CRITICAL: toll fraud, extension 204 through trunk-1", "at call 3, 60.0 s after its first call, with 0.07 € lost",
		"413.00 € an hour; at this pace 19,800 € by Sat 7 Mar 2026 08:00:00 UTC", "+13455550123 KY (3 calls)",
		"25.0 calls/hour, never before", "score 98 when it alerted", "block extension 204", "+98.0  because of a",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q in it", got, want)
		}
	}
}

func TestClosedIncidentHasNoForecast(t *testing.T) {
	closed := alert("a", "closed", "critical", 98)
	closed.Closed, closed.ForecastUntil = at(3, 0), record.Time{}
	got := printed(t, alert("a", "opened", "critical", 98), closed, &record.Summary{Type: "summary"})
	if strings.Contains(got, "at this pace") || !strings.Contains(got, "closed       Sat 7 Mar 2026 03:00:00 UTC") {
		t.Errorf("got\n%s\nwant when it closed, and no forecast", got)
	}
}

// TestBreakIn: an alert about no call says who came before it and what to do,
// and nothing of money.
func TestBreakIn(t *testing.T) {
	a := &record.Alert{Type: "alert", Incident: "b", Event: "opened", Level: "critical", Scheme: "account_takeover", Extension: "204",
		Source: "198.51.100.77:5060", Score: 85, Since: at(2, 0), Time: at(2, 1), Reasons: []record.Reason{{Rule: "breach", Points: 85, Text: "it guessed"}},
		Chain: []record.Link{{Time: at(1, 0), Scheme: "scan", Incident: "s", Source: "198.51.100.77"}}}
	got := printed(t, a, &record.Summary{Type: "summary"})
	for _, want := range []string{
		"CRITICAL: account takeover, extension 204 from 198.51.100.77:5060", "before       Sat 7 Mar 2026 01:00:00 UTC: scan, from 198.51.100.77 (incident s)",
		"change the password of extension 204 and remove its registrations; block 198.51.100.77 at the router", "+85.0  it guessed",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q in it", got, want)
		}
	}
	for _, not := range []string{"lost", "burns", "€ an hour", "EXT", "SOURCE"} {
		if strings.Contains(got, not) {
			t.Errorf("got\n%s\nwant no %q in it", got, not)
		}
	}
}

// TestEverySchemeHasAdvice: whoever is woken is told what to do.
func TestEverySchemeHasAdvice(t *testing.T) {
	for s := detect.TollFraud; s.String() != ""; s++ {
		got := doNow(&record.Alert{Scheme: s.String()})
		if full := doNow(&record.Alert{Scheme: s.String(), Extension: "204", Source: "[2001:db8::1]:5060"}); full == "" || strings.Contains(full+got, "EXT") {
			t.Errorf("%v: got advice %q and %q", s, got, full)
		}
	}
}

func TestQuietIncidentIsOneLine(t *testing.T) {
	got := printed(t, alert("a", "opened", "notice", 45), &record.Summary{Type: "summary"})
	if !strings.Contains(got, "notice") || strings.Contains(got, "when it alerted") {
		t.Errorf("got\n%s\nwant one line for a notice", got)
	}
}

func TestIncidentsAreBounded(t *testing.T) {
	r := New(time.UTC)
	for i := range 1000 {
		r.Put(alert(string(rune('A'+i%26))+strings.Repeat("x", i/26), "opened", "critical", float64(65+i%30)))
	}
	if n := len(r.incidents); n != maxIncidents {
		t.Errorf("got %d incidents kept, want %d", n, maxIncidents)
	}
	if r.more != 1000-maxIncidents {
		t.Errorf("got %d counted as more, want %d", r.more, 1000-maxIncidents)
	}
	for id, i := range r.incidents {
		if i.latest.Score < 94 {
			t.Errorf("kept %s with score %v, want the highest to stay", id, i.latest.Score)
		}
	}
}

func TestNothing(t *testing.T) {
	got := printed(t, &record.Summary{Type: "summary"})
	for _, want := range []string{"0 frames", "no frames", "calls          none", "alerts         none"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q in it", got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{grouped(1234567), "1,234,567"}, {grouped(7), "7"}, {bytes(999), "999 bytes"}, {bytes(12_345_678), "12.3 MB"},
		{duration(3*time.Hour + 4*time.Minute), "3 h 04 min"}, {duration(65 * time.Second), "1 min 05 s"},
		{plural(1, "call"), "1 call"}, {plural(0, "call"), "0 calls"}, {list(map[string]int{"answered": 2, "busy": 3}), "3 busy, 2 answered"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestEncryptedSignalling: one line says how much of it nobody can look into.
func TestEncryptedSignalling(t *testing.T) {
	peer := func(addr string, signalling bool) record.TLSPeer {
		return record.TLSPeer{Peer: addr, Signalling: signalling}
	}
	for _, c := range []struct {
		tls  *record.TLS
		want string // empty: no line
	}{
		{nil, ""},
		{&record.TLS{Peers: []record.TLSPeer{peer("198.51.100.8:443", false)}}, ""},
		{&record.TLS{Share: 0.4, Peers: []record.TLSPeer{peer("203.0.113.5:5061", true), peer("198.51.100.8:443", false)}},
			"40 % of the signalling is encrypted (TLS with 203.0.113.5:5061): calls in it cannot be seen, and only the number of conversations at once is guarded"},
		{&record.TLS{Share: 0.001, Peers: []record.TLSPeer{peer("a", true), peer("b", true), peer("c", true), peer("d", true), peer("e", true)}},
			"less than 1 % of the signalling is encrypted (TLS with a, b, c and 2 more)"},
		{&record.TLS{Share: 0.999, Peers: []record.TLSPeer{peer("a", true)}}, "more than 99 % of the signalling"},
		{&record.TLS{Share: 1, Peers: []record.TLSPeer{peer("a", true)}}, "100 % of the signalling"},
	} {
		got := printed(t, &record.Summary{Type: "summary", Frames: 7, TLS: c.tls})
		if c.want == "" && strings.Contains(got, "encrypted") || !strings.Contains(got, c.want) {
			t.Errorf("got\n%s\nwant %q in it for %+v", got, c.want, c.tls)
		}
	}
}

// TestFiguresOfTheField: those that are known, in one line.
func TestFiguresOfTheField(t *testing.T) {
	r := &record.Call{Type: "call", CallGroup: "c1", Direction: "outbound", State: "answered"}
	share, delay := 0.784, 1.25
	got := printed(t, r, &record.Summary{Type: "summary", KPI: &record.KPI{Attempts: 127, PeakCalls: 6, PeakCPS: 2, ASR: &share, PDD: &delay}})
	if want := "127 attempts, 6 at once, 2 a second at most, ASR 78 %, PDD 1.2 s\n"; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant %q in it", got, want)
	}
}
