package influxtest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func write(t *testing.T, s *Server, lines string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.URL+"/api/v2/write?bucket=lab&precision=s", strings.NewReader(lines))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Token "+s.Token())
	if _, err := do(r); err != nil {
		t.Fatal(err)
	}
}

const lines = "call,site=a n=1i,text=\"x\" 1795780800\ncall,site=b n=2i 1795780800\n"

// TestInfluxd: it asks for the password, answers both languages, and has its
// points again after it was killed.
func TestInfluxd(t *testing.T) {
	s := Influxd(t, Login("admin", "secret"), Flux())
	s.InfluxQL(t, "", "CREATE DATABASE lab")
	write(t, s, lines)
	s.Kill()
	s.Start()
	if got := Text(s.InfluxQL(t, "lab", "SELECT n FROM call GROUP BY site")); got != "1; 2" {
		t.Errorf("got %q, want both points after a kill", got)
	}
	flux := s.Flux(t, `from(bucket: "lab/autogen") |> range(start: 2026-11-27T00:00:00Z, stop: 2026-11-28T00:00:00Z) |> filter(fn: (r) => r._field == "n")`)
	if len(flux) != 2 || len(flux[0].Rows) != 1 {
		t.Errorf("got %v, want a table a series", flux)
	}
	s.Password = "wrong"
	if _, err := s.AskInfluxQL("lab", "SELECT n FROM call"); err == nil || !strings.Contains(err.Error(), "authorization failed") {
		t.Errorf("got %v with a wrong password, want that authorization failed", err)
	}
}

func TestVictoria(t *testing.T) {
	s := Victoria(t)
	write(t, s, lines)
	if got := Text(s.PromQL(t, `sort(call_n)`, noon)); got != "1; 2" {
		t.Errorf("got %q, want both points", got)
	}
	all := s.PromQLRange(t, `call_n{site="b"}`, noon, noon.Add(30*time.Second), 30*time.Second)
	if len(all) != 1 || all[0].Tags["site"] != "b" || len(all[0].Rows) != 2 {
		t.Errorf("got %v, want two rows of site b", all)
	}
	if got := Text(s.PromQL(t, `call_text`, noon)); got != "0" {
		t.Errorf("got %q of a text, want 0: it keeps none", got)
	}
}

// TestATakenPortIsNoEnd: where a port was asked for, the reason is told; where
// none was, another is taken.
func TestATakenPortIsNoEnd(t *testing.T) {
	first := Victoria(t)
	taken := strings.TrimPrefix(first.URL, "http://")
	second := &Server{t: t, program: first.program, args: []string{"-httpListenAddr=" + taken, "-storageDataPath=" + t.TempDir()}, ready: "started server at"}
	if err := second.start(); err == nil || !strings.Contains(err.Error(), "ended before it listened") {
		t.Errorf("got %v of a taken port", err)
	}
	n := 0
	third := begin(t, options{}, func(address string) *Server {
		if n++; n == 1 {
			address = taken
		}
		return &Server{URL: "http://" + address, t: t, program: first.program, args: []string{"-httpListenAddr=" + address, "-storageDataPath=" + t.TempDir()}, ready: "started server at"}
	})
	if n != 2 || third.URL == first.URL {
		t.Errorf("got %s after %d tries, want another port at the second", third.URL, n)
	}
}
