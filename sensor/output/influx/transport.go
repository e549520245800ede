package influx

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
)

// Writer is the way to one bucket, with connections of its own. It writes once;
// what an error means is Diagnose's to say.
type Writer struct {
	place Place
	guard *guard
}

// NewWriter is inert; bucket is one of cfg's.
func NewWriter(cfg Config, bucket string) *Writer {
	transport := cfg.transport
	if transport == nil {
		transport = newTransport(cfg.Timeout, cfg.resolver)
	}
	place := Place{URL: cfg.URL, Org: cfg.Org, Bucket: bucket, TokenFile: cfg.TokenFile}
	if bucket != cfg.Bucket && bucket == cfg.BucketAlerts {
		place.BucketKey = "bucket_alerts"
	}
	return &Writer{place, newGuard(transport, cfg.Timeout)}
}

// newTransport is the library's with connections that a dead line does not keep:
// a request on one that has been silent would wait for its timeout. Each connection
// asks for the name itself: one resolver lets those who ask for the same name wait
// for the first question, which may have been lost with the line, for five seconds.
func newTransport(timeout time.Duration, resolver func() *net.Resolver) http.RoundTripper {
	if resolver == nil {
		resolver = func() *net.Resolver { return &net.Resolver{} }
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{Timeout: timeout / 2, KeepAlive: 15 * time.Second, Resolver: resolver()}
		return d.DialContext(ctx, network, address)
	}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dial, ForceAttemptHTTP2: false,
		MaxIdleConns: 2, IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: timeout / 2, ResponseHeaderTimeout: timeout,
		MaxResponseHeaderBytes: maxAnswer,
	}
}

// Place is where the writer writes.
func (w *Writer) Place() Place { return w.place }

// Write sends lines, each with its line break, by one request. The token is read
// each time, so that a new one needs no restart.
func (w *Writer) Write(ctx context.Context, lines string) error {
	return w.write(ctx, &cargo{lines: lines})
}

func (w *Writer) write(ctx context.Context, b *cargo) error {
	token, err := readToken(w.place.TokenFile)
	if err != nil {
		return err
	}
	options := influxdb2.DefaultOptions().SetApplicationName("tollwatch")
	options.HTTPOptions().SetHTTPDoer(w.guard)
	server := influxdb2.NewClientWithOptions(w.place.URL, token, options)
	return server.WriteAPIBlocking(w.place.Org, w.place.Bucket).WriteRecord(context.WithValue(ctx, ofRequest{}, b), b.lines)
}

// renew gives idle connections up: a line that was dead has killed them, and the
// next request would find out only by its timeout; or they lead to a machine that is
// retired and still answers.
func (w *Writer) renew() { w.guard.client.CloseIdleConnections() }

// ClockOffset is the server's clock less ours, as its last answer told.
func (w *Writer) ClockOffset() (offset time.Duration, known bool) { return w.guard.offset() }

func readToken(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read token: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}
