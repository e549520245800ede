package influx

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
)

// TestAnswersAsServersGiveThem: the bodies are those of the servers named (2 and
// 3 as their source has them); what they say reaches the person, and decides
// whether points wait.
func TestAnswersAsServersGiveThem(t *testing.T) {
	json := "application/json; charset=utf-8"
	for name, c := range map[string]struct {
		status     int
		kind, body string
		signed     bool
		want       Kind
		outcome    Outcome // of two lines, asked for the hundredth time
		says       string
	}{
		"1.6 has no such path":    {404, "text/plain", "404 page not found\n", true, NotInflux, Retry, "is InfluxDB 1.8.3, which has no /api/v2/write: InfluxDB 1.8 or later is needed"},
		"1 password":              {401, json, `{"error":"authorization failed"}`, true, Unauthorised, Retry, "401 authorization failed"},
		"1 no colon":              {401, json, `{"error":"unable to parse authentication credentials"}`, true, Unauthorised, Retry, "write user:password"},
		"1 privilege":             {403, json, `{"error":"\"box\" user is not authorized to write to database \"b\""}`, true, Forbidden, Retry, `"box" user is not authorized`},
		"1 policy, a 500":         {500, json, `{"error":"retention policy not found: long"}`, true, NotFound, Retry, "CREATE RETENTION POLICY"},
		"1 a body it cannot read": {500, json, `{"error":"gzip: invalid header"}`, true, ServerError, Retry, "500 gzip: invalid header"},
		"2 token":                 {401, json, `{"code":"unauthorized","message":"unauthorized access"}`, true, Unauthorised, Retry, "401 unauthorized access"},
		"2 no organisation":       {400, json, `{"code":"invalid","message":"Please provide either orgID or org"}`, true, NotFound, Retry, "give org in [influx]"},
		"2 another organisation":  {404, json, `{"code":"not found","message":"organization name \"o\" not found"}`, true, NotFound, Retry, "correct org"},
		"2 bucket":                {404, json, `{"code":"not found","message":"bucket \"b\" not found"}`, true, NotFound, Retry, `bucket "b" of organisation "o" is not there`},
		"2 scope":                 {403, json, `{"code":"forbidden","message":"insufficient permissions for write"}`, true, Forbidden, Retry, "insufficient permissions for write"},
		"2 a batch with a fault":  {400, json, `{"code":"invalid","message":"unable to parse 'x': missing fields"}`, true, RefusedPoints, Split, "unable to parse 'x'"},
		"2 part of a batch":       {422, json, `{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict dropped=1"}`, true, RefusedPoints, Reject, "field type conflict"},
		"3 token":                 {401, "", `{"error": "the request was not authenticated"}`, false, Unauthorised, Retry, "401 the request was not authenticated"},
		"3 part of a batch":       {400, "", `{"error":"partial write of line protocol occurred","data":[{"original_line":"x","line_number":2,"error_message":"No fields were provided"}]}`, false, RefusedPoints, Reject, "line 2: No fields were provided dropped=1"},
		"3 all of a batch":        {400, "", `{"error":"parsing failed for write_lp endpoint","data":{"original_line":"x","line_number":1,"error_message":"No fields were provided"}}`, false, RefusedPoints, Split, "line 1: No fields were provided"},
		"3 databases":             {422, "", `{"error":"partial write of line protocol occurred","data":[{"line_number":1,"error_message":"Adding a new database would exceed limit of 5 databases"}]}`, false, NotFound, Retry, "one database too many"},
		"a number for a code":     {400, "application/json", `{"code":1004,"error":"invalid line protocol"}`, false, RefusedPoints, Split, "400 invalid line protocol"},
		"VictoriaMetrics":         {400, "text/plain", "cannot unmarshal line", true, RefusedPoints, Split, "cannot unmarshal line"},
		"TLS wanted":              {400, "", "Client sent an HTTP request to an HTTPS server.\n", false, NotInflux, Retry, "let url in [influx] begin with https://"},
		"a proxy's 400":           {400, "text/html", "<html>Bad Request</html>", false, NotInflux, Retry, "400 Bad Request with text/html"},
		"a firewall's 403":        {403, "text/html; charset=utf-8", "<html>Blocked</html>", false, NotInflux, Retry, "a portal or a proxy"},
		"a proxy's 502":           {502, "text/html", "<html>Bad Gateway</html>", false, ServerError, Retry, "is ill (502)"},
		"a proxy's 413":           {413, "text/html", "<html>Too Large</html>", false, RefusedPoints, Split, "413"},
		"Prometheus":              {404, "text/plain", "404 page not found\n", false, NotFound, Retry, "has nothing that takes points"},
		"a web server":            {404, "text/html", "<html>Not Found</html>", false, NotInflux, Retry, "404 Not Found with text/html"},
		"a web server of files":   {501, "text/html;charset=utf-8", "<html>Unsupported method ('POST')</html>", false, NotInflux, Retry, "501 Not Implemented with text/html"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil // do not guess one
				if c.kind != "" {
					w.Header().Set("Content-Type", c.kind)
				}
				if c.signed {
					w.Header().Set("X-Influxdb-Version", "1.8.3")
				}
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			}))
			defer server.Close()
			w := NewWriter(Config{URL: server.URL, Org: "o", Timeout: 10 * time.Second, TokenFile: token(t, "secret")}, "b")
			err := w.Write(t.Context(), "x y=1\nx y=2\n")
			kind, text := Diagnose(err, w.Place())
			if kind != c.want || !strings.Contains(text, c.says) || strings.ContainsAny(text, "\r\n<") {
				t.Errorf("got %v and %q, want %v and that it says %q", kind, text, c.want, c.says)
			}
			if got := judge(err, 2); got != c.outcome {
				t.Errorf("got %v, want %v", got, c.outcome)
			}
		})
	}
}

// TestATokenOfTwoLines never leaves, and is not printed.
func TestATokenOfTwoLines(t *testing.T) {
	w := NewWriter(Config{URL: "http://127.0.0.1:1", Timeout: time.Second, TokenFile: token(t, "first\nsecond")}, "b")
	if kind, text := Diagnose(w.Write(t.Context(), "x y=1\n"), w.Place()); kind != Unauthorised || !strings.Contains(text, "more than one line") || strings.Contains(text, "first") {
		t.Errorf("got %v and %q", kind, text)
	}
}

func token(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestRealInfluxDBSaysWhatIsWrong: with its login on, each mistake that an
// installer makes.
func TestRealInfluxDBSaysWhatIsWrong(t *testing.T) {
	server := influxtest.Influxd(t, influxtest.Login("admin", "secret"))
	for _, q := range []string{"CREATE DATABASE calls", "CREATE USER box WITH PASSWORD 'boxed'", "GRANT WRITE ON calls TO box",
		"CREATE USER reader WITH PASSWORD 'reads'", "GRANT READ ON calls TO reader", "CREATE RETENTION POLICY long ON calls DURATION 104w REPLICATION 1"} {
		server.InfluxQL(t, "", q)
	}
	for _, c := range []struct {
		token, bucket string
		want          Kind
		says          string
	}{
		{"box:boxed", "calls", None, ""},
		{"box:boxed", "calls/long", None, ""},
		{"box:wrong", "calls", Unauthorised, "does not know the token (401 authorization failed)"},
		{"box", "calls", Unauthorised, "write user:password of InfluxDB 1"},
		{"", "calls", Unauthorised, "wants a token (401 unable to parse authentication credentials)"},
		{"reader:reads", "calls", Forbidden, `"reader" user is not authorized to write to database "calls"`},
		{"box:boxed", "absent", NotFound, `database "absent" is not there`},
		{"box:boxed", "calls/absent", NotFound, "retention policy not found: absent"},
	} {
		file := ""
		if c.token != "" {
			file = token(t, c.token)
		}
		w := NewWriter(Config{URL: server.URL, Timeout: 10 * time.Second, TokenFile: file}, c.bucket)
		err := w.Write(t.Context(), "x y=1\n")
		kind, text := Diagnose(err, w.Place())
		if kind != c.want || !strings.Contains(text, c.says) {
			t.Errorf("%s to %s: got %v and %q, want %v and that it says %q", c.token, c.bucket, kind, text, c.want, c.says)
		}
		if want := map[bool]Outcome{true: Done, false: Retry}[c.want == None]; judge(err, 1) != want {
			t.Errorf("%s to %s: got %v, want %v", c.token, c.bucket, judge(err, 1), want)
		}
	}
}

// TestAServerThatHangsUp is told in the same words each time: our own port is none of
// them.
func TestAServerThatHangsUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.ReadAtLeast(c, make([]byte, 16), 16)
			c.(*net.TCPConn).SetLinger(0) // a reset
			c.Close()
		}
	}()
	w := NewWriter(Config{URL: "http://" + l.Addr().String(), Timeout: 10 * time.Second}, "b")
	want := "http://" + l.Addr().String() + " cannot be reached: read tcp " + l.Addr().String() + ": read: connection reset by peer: the other end hangs up: "
	for range 2 {
		if kind, text := Diagnose(w.Write(t.Context(), "x y=1\n"), w.Place()); kind != Unreachable || !strings.HasPrefix(text, want) {
			t.Errorf("got %v and %q, want %q", kind, text, want)
		}
	}
}

// TestTheKeyThatIsWrong is named: of a bucket for alerts it is another.
func TestTheKeyThatIsWrong(t *testing.T) {
	f := newFake(t, false)
	for _, c := range []struct{ calls, alerts, want string }{
		{"absent", "", "check bucket, org"},
		{"absent", "alerts", "check bucket, org"},
		{"calls", "absent", "check bucket_alerts, org"},
	} {
		found := probe(t, Config{URL: f.URL, Org: "provider", Bucket: c.calls, BucketAlerts: c.alerts}, "all")
		if c.calls == "calls" {
			found = found[1:]
		}
		if found[0].Kind != NotFound || !strings.HasPrefix(found[0].Do, c.want) {
			t.Errorf("%+v: got %+v", c, found[0])
		}
	}
	server := status(404, `database not found: \"absent\"`)
	one := httptest.NewServer(server)
	defer one.Close()
	w := NewWriter(Config{URL: one.URL, Bucket: "calls", BucketAlerts: "absent", Timeout: 10 * time.Second}, "absent")
	if _, text := Diagnose(w.Write(t.Context(), "x y=1\n"), w.Place()); !strings.Contains(text, "or correct bucket_alerts in [influx]") {
		t.Errorf("got %q", text)
	}
}

// TestNobodyIsOneCause, whatever each of two requests met; a bucket's own fault is not.
func TestNobodyIsOneCause(t *testing.T) {
	of := func(k Kind, found string) *Finding { return &Finding{Diagnosis: Diagnosis{k, found, ""}} }
	for _, c := range []struct {
		a, b *Finding
		want bool
	}{
		{of(None, ""), of(None, ""), false},
		{of(Unreachable, "EOF"), of(Unreachable, "timeout"), true},
		{of(Certificate, "expired"), of(Certificate, "expired"), true},
		{of(Forbidden, "bucket a"), of(Forbidden, "bucket b"), false},
		{of(Unreachable, "EOF"), of(None, ""), false},
	} {
		if got := c.b.SameCause(c.a); got != c.want {
			t.Errorf("%v and %v: got %v", c.a, c.b, got)
		}
	}
}

// TestAForeignPort: one that speaks no HTTP, one that speaks no TLS, and one that wants it.
func TestAForeignPort(t *testing.T) {
	for _, c := range []struct{ scheme, banner, says string }{
		{"http", "SSH-2.0-OpenSSH_9.2\r\n", "answers in something else than HTTP: let url in [influx] have InfluxDB's port"},
		{"http", "\x15\x03\x01\x00\x02\x02\x46", "answers in something else than HTTP: let url in [influx] have InfluxDB's port"}, // TLS, of OpenSSL
		{"https", "SSH-2.0-OpenSSH_9.2\r\n", "speaks no TLS: let url in [influx] begin with http://"},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			conn.Read(make([]byte, 1024))
			io.WriteString(conn, c.banner)
			conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, conn)
		}()
		w := NewWriter(Config{URL: c.scheme + "://" + l.Addr().String(), Timeout: 5 * time.Second}, "b")
		if kind, text := Diagnose(w.Write(t.Context(), "x y=1\n"), w.Place()); kind != NotInflux || !strings.Contains(text, c.says) {
			t.Errorf("%s to %q: got %v and %q", c.scheme, c.banner, kind, text)
		}
		l.Close()
	}
}
