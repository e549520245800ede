package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

type status struct{ err error }

func (s status) Ready() error             { return s.err }
func (s status) WriteMetrics(w io.Writer) { io.WriteString(w, "tollwatch_frames_total 7\n") }

func TestServer(t *testing.T) {
	for _, c := range []struct {
		path string
		err  error
		code int
		body string
	}{
		{"/livez", nil, 200, "ok"},
		{"/livez", errors.New("no frames"), 200, "ok"},
		{"/readyz", nil, 200, "ok"},
		{"/readyz", errors.New("eth1: interface is down"), 503, "eth1: interface is down"},
		{"/metrics", nil, 200, "tollwatch_frames_total 7"},
		{"/nothing", nil, 404, "404"},
	} {
		s, err := Listen("127.0.0.1:0", status{c.err})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		r, err := http.Get("http://" + s.Addr() + c.path)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != c.code || !strings.Contains(string(b), c.body) {
			t.Errorf("GET %s with %v: got %d %q, want %d %q", c.path, c.err, r.StatusCode, b, c.code, c.body)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	}
}

func TestOnlyLoopback(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", "192.0.2.1:80", "[::]:0", "localhost:1", "8480", ""} {
		if s, err := Listen(address, status{}); err == nil {
			t.Errorf("Listen(%q) was accepted on %s, want an error", address, s.Addr())
		}
	}
}
