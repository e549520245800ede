package influx

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

var technician = points.Identity{Site: "Lyon", View: "lan"}

// probe tries a place; a token is written to a file.
func probe(t *testing.T, cfg Config, secret string) []Finding {
	t.Helper()
	if secret != "" {
		cfg.TokenFile = token(t, secret)
	}
	return Probe(t.Context(), cfg, technician, "test")
}

// TestProbeInfluxDB1: a user that may only write proves the way and cannot read
// the retention; one that may read tells it, of the default policy and of one
// that is named.
func TestProbeInfluxDB1(t *testing.T) {
	server := influxtest.Influxd(t, influxtest.Login("admin", "secret"))
	for _, q := range []string{"CREATE DATABASE calls WITH DURATION 90d NAME season", "CREATE RETENTION POLICY long ON calls DURATION 104w REPLICATION 1",
		"CREATE USER box WITH PASSWORD 'boxed'", "GRANT WRITE ON calls TO box"} {
		server.InfluxQL(t, "", q)
	}
	found := probe(t, Config{URL: server.URL, Bucket: "calls", BucketAlerts: "calls/long"}, "admin:secret")
	if len(found) != 2 || found[0].Kind != None || found[1].Kind != None || found[0].Alerts || !found[1].Alerts {
		t.Fatalf("got %+v, want both written", found)
	}
	if a, b := found[0].Retention, found[1].Retention; a.Keeps != 90*24*time.Hour || b.Keeps != 104*7*24*time.Hour || !a.Known || !b.Known {
		t.Errorf("got retentions %+v and %+v, want 90 days and 104 weeks", a, b)
	}
	if got := influxtest.Text(server.InfluxQL(t, "calls", "SELECT site, written FROM check")); got != "Lyon 1" {
		t.Errorf("got %q, want the one point of the check", got)
	}
	found = probe(t, Config{URL: server.URL, Bucket: "calls"}, "box:boxed")
	if len(found) != 1 || found[0].Kind != None || !found[0].Alerts || found[0].Retention.Known || !strings.Contains(found[0].Retention.Why, "requires READ on calls") {
		t.Errorf("got %+v, want it written, and that the retention cannot be read", found)
	}
}

// TestProbeVictoriaMetrics: it takes anything, and is known by its name.
func TestProbeVictoriaMetrics(t *testing.T) {
	server := influxtest.Victoria(t)
	found := probe(t, Config{URL: server.URL, Org: "any", Bucket: "any"}, "any")
	if found[0].Kind != None || found[0].Server.String() != "VictoriaMetrics" || found[0].Retention.Known {
		t.Errorf("got %+v, want VictoriaMetrics", found[0])
	}
	if got := influxtest.Text(server.PromQL(t, `check_written{site="Lyon"}`, time.Now())); got != "1" {
		t.Errorf("got %q, want the point of the check", got)
	}
}

func TestProbeInfluxDB2(t *testing.T) {
	f := newFake(t, false)
	found := probe(t, Config{URL: f.URL, Org: "provider", Bucket: "calls", BucketAlerts: "alerts"}, "all")
	if found[0].Kind != None || found[1].Kind != None || found[0].Server.String() != "InfluxDB 2.7.12" {
		t.Fatalf("got %+v, want both written", found)
	}
	if a, b := found[0].Retention, found[1].Retention; !a.Known || a.Keeps != 0 || !b.Known || b.Keeps != 30*24*time.Hour {
		t.Errorf("got retentions %+v and %+v, want for ever and 30 days", a, b)
	}
	found = probe(t, Config{URL: f.URL, Org: "provider", Bucket: "calls", BucketAlerts: "alerts"}, "box")
	if found[0].Kind != None || found[0].Retention.Known || found[0].Retention.Why != "the token does not see the bucket" ||
		found[1].Kind != Forbidden || !strings.Contains(found[1].Found, `bucket "alerts" of organisation "provider"`) {
		t.Errorf("got %+v, want a token of one bucket: written, and forbidden", found)
	}
	for _, c := range []struct {
		org, bucket, token string
		want               Kind
		says               string
	}{
		{"", "calls", "all", NotFound, "wants an organisation"},
		{"other", "calls", "all", NotFound, `organization name "other" not found`},
		{"provider", "absent", "all", NotFound, `bucket "absent" of organisation "provider" is not there`},
		{"provider", "calls", "old", Unauthorised, "does not know the token"},
		{"provider", "calls", "", Unauthorised, "wants a token"},
	} {
		got := probe(t, Config{URL: f.URL, Org: c.org, Bucket: c.bucket}, c.token)[0]
		if got.Kind != c.want || !strings.Contains(got.Found, c.says) || got.Do == "" {
			t.Errorf("%+v: got %+v", c, got)
		}
	}
}

func TestProbeInfluxDB3(t *testing.T) {
	f := newFake(t, true)
	f.tokens["all"] = append(f.tokens["all"], "write new")
	for _, bucket := range []string{"calls", "new"} {
		got := probe(t, Config{URL: f.URL, Bucket: bucket}, "all")[0]
		if got.Kind != None || got.Server.String() != "InfluxDB 3.4.1" || got.Retention.Known || got.Retention.Why == "" {
			t.Errorf("%s: got %+v, want it written, the retention not known", bucket, got)
		}
	}
	if got := probe(t, Config{URL: f.URL, Bucket: "calls"}, "old")[0]; got.Kind != Unauthorised || !strings.Contains(got.Found, "not authenticated") {
		t.Errorf("got %+v of an unknown token", got)
	}
}

// certificate is a server's, for a name and a time, signed by an authority of
// the test.
func certificate(t *testing.T, name string, from, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sheet := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: from, NotAfter: until,
		DNSNames: []string{name}, IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	if name != "localhost" {
		sheet.IPAddresses = nil
	}
	der, err := x509.CreateCertificate(rand.Reader, sheet, sheet, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestProbeCertificates: each has its own words and its own advice.
func TestProbeCertificates(t *testing.T) {
	now := time.Now()
	year := 365 * 24 * time.Hour
	for name, c := range map[string]struct {
		host        string
		from, until time.Time
		trusted     bool
		want        Kind
		found, do   string
	}{
		"sound":      {"localhost", now.Add(-year), now.Add(year), true, None, "", ""},
		"expired":    {"localhost", now.Add(-year), now.Add(-time.Hour), true, Certificate, "expired or is not yet valid", "renew it, if this machine's clock is right"},
		"wrong name": {"influx.example.net", now.Add(-year), now.Add(year), true, Certificate, "doesn't contain any IP SANs", "a name that the certificate has"},
		"unknown":    {"localhost", now.Add(-year), now.Add(year), false, Certificate, "unknown authority", "update-ca-certificates"},
		"not yet":    {"localhost", now.Add(year), now.Add(2 * year), true, Certificate, "is before", "clock"}, // as on a box that wakes in 1970
	} {
		t.Run(name, func(t *testing.T) {
			own, pool := certificate(t, c.host, c.from, c.until)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
			server.TLS = &tls.Config{Certificates: []tls.Certificate{own}}
			quiet(server)
			defer server.Close()
			if !c.trusted {
				pool = x509.NewCertPool()
			}
			cfg := Config{URL: server.URL, Bucket: "b", transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
			got := probe(t, cfg, "")[0]
			if got.Kind != c.want || !strings.Contains(got.Found, c.found) || !strings.Contains(got.Do, c.do) {
				t.Errorf("got %+v, want %v, %q, %q", got, c.want, c.found, c.do)
			}
		})
	}
}

// TestRealInfluxDBBehindTLS: the same certificates at a real server, and plain
// HTTP to its port.
func TestRealInfluxDBBehindTLS(t *testing.T) {
	now, day := time.Now(), 24*time.Hour
	for name, c := range map[string]struct {
		host  string
		until time.Time
		plain bool
		want  Kind
		do    string
	}{
		"sound":      {"localhost", now.Add(day), false, NotFound, "CREATE DATABASE"}, // it answers
		"expired":    {"localhost", now.Add(-day), false, Certificate, "renew it"},
		"wrong name": {"influx.example.net", now.Add(day), false, Certificate, "a name that the certificate has"},
		"plain":      {"localhost", now.Add(day), true, NotInflux, "begin with https://"},
	} {
		t.Run(name, func(t *testing.T) {
			own, pool := certificate(t, c.host, now.Add(-2*day), c.until)
			server := influxtest.Influxd(t, influxtest.TLS(written(t, own)))
			cfg := Config{URL: server.URL, Bucket: "absent", transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
			if c.plain {
				cfg.URL = strings.Replace(server.URL, "https", "http", 1)
			}
			if got := probe(t, cfg, "")[0]; got.Kind != c.want || !strings.Contains(got.Do, c.do) {
				t.Errorf("got %+v, want %v and %q", got, c.want, c.do)
			}
		})
	}
}

// written is a certificate and its key as files.
func written(t *testing.T, c tls.Certificate) (certificate, key string) {
	t.Helper()
	private, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	file := func(kind string, der []byte) string {
		name := filepath.Join(t.TempDir(), "pem")
		if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	return file("CERTIFICATE", c.Certificate[0]), file("PRIVATE KEY", private)
}

// TestProbeTheWay: what stands between here and a server.
func TestProbeTheWay(t *testing.T) {
	serve := func(h http.HandlerFunc) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	secure := quiet(httptest.NewUnstartedServer(http.NotFoundHandler()))
	t.Cleanup(secure.Close)
	plain := serve(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for name, c := range map[string]struct {
		url       string
		want      Kind
		found, do string
	}{
		"portal": {serve(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>log in") }), NotInflux, "200 OK with text/html", "portal"},
		"redirect": {serve(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://login.example/", http.StatusFound)
		}), NotInflux, `302 to "https://login.example/"`, "portal"},
		"refused":       {"http://127.0.0.1:1", Unreachable, "connection refused", "nothing listens there"},
		"no name":       {"http://a.invalid", Unreachable, "a.invalid", "resolve"},
		"TLS where not": {strings.Replace(plain, "http", "https", 1), NotInflux, "speaks no TLS", "http://"},
		"plain to TLS":  {strings.Replace(secure.URL, "https", "http", 1), NotInflux, "400 Bad Request", "begin with https://"},
	} {
		got := probe(t, Config{URL: c.url, Bucket: "b"}, "")[0]
		if got.Kind != c.want || !strings.Contains(got.Found, c.found) || !strings.Contains(got.Do, c.do) {
			t.Errorf("%s: got %+v, want %v, %q, %q", name, got, c.want, c.found, c.do)
		}
	}
}

// TestProbeEnds: a server that hangs is given up with the time, both buckets at
// once.
func TestProbeEnds(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer s.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	found := Probe(ctx, Config{URL: s.URL, Bucket: "a", BucketAlerts: "b"}, technician, "test")
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	for _, f := range found {
		if f.Kind != Unreachable || !strings.Contains(f.Do, "nobody answers") {
			t.Errorf("got %+v, want that nobody answers", f)
		}
	}
}

// TestProbeTheClock: points of a wrong time are stored at the wrong place, or
// refused for being old; either way the clock is what is wrong.
func TestProbeTheClock(t *testing.T) {
	for name, c := range map[string]struct {
		offset time.Duration
		status int
		says   string
	}{
		"taken":            {-2 * time.Hour, 204, "ahead of the server's"},
		"refused, as 1970": {50 * 365 * 24 * time.Hour, 422, "behind the server's"},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(c.offset).UTC().Format(http.TimeFormat))
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(c.status)
			if c.status != 204 {
				fmt.Fprint(w, `{"code":"unprocessable entity","message":"partial write: points beyond retention policy dropped=1"}`)
			}
		}))
		defer s.Close()
		if got := probe(t, Config{URL: s.URL, Bucket: "b"}, "")[0]; got.Kind != Clock || !strings.Contains(got.Found, c.says) || !strings.Contains(got.Do, "NTP") {
			t.Errorf("%s: got %+v, want that the clock is %s", name, got, c.says)
		}
	}
}
