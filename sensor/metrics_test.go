package sensor

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/bpf"
	"tollwatch/decoder"
	"tollwatch/decoder/sip/opinion"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/hep"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/metrics"
	"tollwatch/sensor/notify"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
	"tollwatch/sensor/store"
)

// busyState is one in which nothing is absent.
func busyState() *State {
	return &State{
		At: time.Now(), Backend: capture.TCX, Cost: bpf.Cost{Runs: 9, Time: time.Second},
		Evictions: map[string]uint64{"legs": 7}, Kernel: map[string]uint64{"refused_rtp": 12},
		Sizes:    map[string]decoder.Size{"legs": {Now: 3, Cap: 10}},
		Opinions: opinion.Counters{Messages: 100, Asked: 10, Disagreed: 2, Refused: 1, OddOver: 4, PlainOver: 5, HeadersOut: 6},
		Agents:   &hep.Counters{Accepted: 8, Key: 1},
		KPI:      kpi.Figures{Attempts: 20, Ended: 18, Answered: 9, Effective: 12},
		Detect:   detect.Snapshot{LiveCalls: 4, EURToday: 12.5, EURHour: 2.5, UsualDayEUR: 3, Warmup: 0.25},
		Books: decoder.Books{TLS: &decoder.TLS{Share: 0.25, Peers: []decoder.TLSPeer{{Peer: netip.MustParseAddrPort("192.0.2.1:5061")}}},
			Frames: 1 << 40, Ignored: map[string]uint64{"arp": 1}, Malformed: map[string]uint64{"sip": 2}, Dropped: map[string]uint64{"budget": 3}},
	}
}

// busySensor is a sensor of which every part is on; its points go to server.
func busySensor(t *testing.T, server string) *Sensor {
	t.Helper()
	kept, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	s := &Sensor{cfg: config.Default(), version: `1"\`, started: time.Now(), store: kept, keeper: NewQueue(1, nil), folder: &billFolder{}}
	c := influx.DefaultConfig()
	c.URL, c.Bucket = server, "tollwatch"
	if s.influx, err = influx.New(c, points.Identity{Site: "lyon"}); err != nil {
		t.Fatal(err)
	}
	hook := notify.DefaultConfig()
	hook.URL = server
	if s.webhook, err = notify.New(hook); err != nil {
		t.Fatal(err)
	}
	s.state.Store(busyState())
	s.traffic = &latestTraffic{}
	s.traffic.Put(&points.Traffic{CallsPeak: 6, UsualCalls: 2.5, CPSPeak: 3, ASR: 0.5, NER: 0.75, ACD: 60, PDD: 2, Registered: 11})
	return s
}

// scraped is what /metrics prints, without the metrics of the process.
func scraped(s *Sensor) string {
	var b strings.Builder
	s.WriteMetrics(&b)
	var out []string
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "tollwatch_") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// TestMetricsOfTheDecoder: how full its tables are, what the second parser said,
// and how much cannot be read.
func TestMetricsOfTheDecoder(t *testing.T) {
	text := scraped(busySensor(t, "http://127.0.0.1:9"))
	for _, want := range []string{
		`tollwatch_table_evictions_total{table="legs"} 7`, `tollwatch_table_size{table="legs"} 3`, `tollwatch_table_cap{table="legs"} 10`,
		`tollwatch_second_opinions_total{outcome="agreed"} 7`, `tollwatch_second_opinions_total{outcome="disagreed"} 2`,
		`tollwatch_second_opinions_total{outcome="refused"} 1`, `tollwatch_second_opinions_total{outcome="odd_over_budget"} 4`,
		`tollwatch_second_opinions_total{outcome="plain_over_budget"} 5`, `tollwatch_second_opinion_headers_out_total 6`,
		`tollwatch_signalling_encrypted_share 0.25`,
		`tollwatch_capture_backend{backend="tcx"} 1`, `tollwatch_capture_backend{backend="ebpf"} 0`, `tollwatch_kernel_frames_total{reason="refused_rtp"} 12`,
		`tollwatch_attempts_total 20`, `tollwatch_spent_today_eur 12.5`, `tollwatch_influx_trouble{kind="certificate"} 0`,
		`tollwatch_calls_usual 2.5`, `tollwatch_asr 0.5`, `tollwatch_registered 11`, `tollwatch_usual_day_eur 3`,
		`tollwatch_build_info{version="1\"\\",rules_version="4"} 1`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("got no %s", want)
		}
	}
}

// TestEveryMetricIsPrinted: what the catalogue promises is there, but the clock
// of a server that was never heard.
func TestEveryMetricIsPrinted(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	s := busySensor(t, server.URL)
	s.influx.Put(&points.Sensor{Time: time.Now()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.influx.Run(ctx); err != nil {
		t.Fatal(err)
	}
	text := scraped(s)
	for _, m := range metrics.Catalogue() {
		if !strings.Contains(text, "# TYPE "+m.Name+" "+m.Type()+"\n"+m.Name) {
			t.Errorf("got no %s with its type", m.Name)
		}
	}
	for _, line := range []string{"points_made_total 1", "points_found_total 0", `points_total{outcome="done"} 1`, "points_waiting 0"} {
		if !strings.Contains(text, "tollwatch_influx_"+line+"\n") {
			t.Errorf("got no %s: the books of points do not balance", line)
		}
	}
}

// TestMoneyIsOfThePrimary: two sensors of one site must not double it.
func TestMoneyIsOfThePrimary(t *testing.T) {
	s := busySensor(t, "http://127.0.0.1:9")
	s.cfg.Site.Primary = false
	if text := scraped(s); strings.Contains(text, "_eur") || !strings.Contains(text, "tollwatch_primary 0\n") {
		t.Errorf("got money of a sensor that is not primary:\n%s", text)
	}
}

// TestWhatIsNotKnownIsAbsent: a figure of nothing is no zero.
func TestWhatIsNotKnownIsAbsent(t *testing.T) {
	s := busySensor(t, "http://127.0.0.1:9")
	unknown := math.NaN()
	s.traffic.Put(&points.Traffic{UsualCalls: unknown, ASR: unknown, NER: unknown, ACD: unknown, PDD: unknown})
	s.state.Load().Detect.UsualDayEUR = unknown
	text := scraped(s)
	for _, name := range []string{metrics.CallsUsual, metrics.ASR, metrics.NER, metrics.ACD, metrics.PDD, metrics.UsualDay, metrics.ClockOffset, "NaN"} {
		if strings.Contains(text, name+" ") {
			t.Errorf("got %s, want nothing where it is not known", name)
		}
	}
}

// TestPrometheusText: a real server takes every line, and has every figure.
func TestPrometheusText(t *testing.T) {
	server := influxtest.Victoria(t)
	text := scraped(busySensor(t, server.URL))
	answer, err := http.Post(server.URL+"/api/v1/import/prometheus?timestamp="+fmt.Sprint(time.Now().UnixMilli()), "text/plain", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusNoContent {
		t.Fatalf("got %s %s", answer.Status, body)
	}
	var want, got []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			want = append(want, line[:strings.IndexAny(line, "{ ")]+" "+strings.TrimSpace(line[strings.LastIndex(line, " "):]))
		}
	}
	for _, series := range server.PromQL(t, `{__name__=~"tollwatch_.*"}`, time.Now()) {
		got = append(got, series.Name+" "+fmt.Sprint(series.Rows[0][1]))
	}
	slices.Sort(want)
	slices.Sort(got)
	if len(got) < 80 || len(got) != len(want) {
		t.Fatalf("got %d series, want the %d that were printed", len(got), len(want))
	}
	if series := server.PromQL(t, `tollwatch_build_info{version="1\"\\"}`, time.Now()); len(series) != 1 {
		t.Errorf("got %v, want the one with odd letters in its label", series)
	}
	if value := influxtest.Text(server.PromQL(t, `sum(tollwatch_second_opinions_total)`, time.Now())); value != "19" {
		t.Errorf("got %s second opinions, want 19", value)
	}
}
