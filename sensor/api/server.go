// Package api serves the sensor's state over HTTP, on loopback: whether it
// lives, whether it is ready, and its metrics. It reads snapshots and changes
// nothing; it never waits for the pipeline.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Status is what the server asks of the sensor.
type Status interface {
	// Ready is nil when frames are being read and what they come to is kept,
	// else the reason why not.
	Ready() error
	// WriteMetrics prints the metrics in Prometheus's text format.
	WriteMetrics(w io.Writer)
}

// Server answers on one address until its context ends.
type Server struct {
	listener net.Listener
	http     *http.Server
}

// Listen opens the address, a loopback one: anything else would need a login.
func Listen(address string, s Status) (*Server, error) {
	endpoint, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: want ip:port: %w", address, err)
	}
	if !endpoint.Addr().IsLoopback() {
		return nil, fmt.Errorf("listen on %s: only loopback addresses (127.0.0.1, ::1) are served without a login", endpoint)
	}
	listener, err := net.Listen("tcp", endpoint.String())
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", endpoint, err)
	}
	return &Server{listener: listener, http: &http.Server{
		Handler: Handler(s), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
	}}, nil
}

// Addr is the address that is served, with the port that was free when 0 was
// asked for.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Run serves until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { s.http.Close() })
	defer stop()
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Handler routes the three paths.
func Handler(s Status) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := s.Ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.WriteMetrics(w)
	})
	return mux
}
