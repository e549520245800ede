package influx

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
)

// maxAnswer is how much of an error's text is read.
const maxAnswer = 64 << 10

// guard is the client's way to the server. It follows no redirect, which would
// turn a POST into a GET and call it a success, and takes no 2xx but 204: a
// captive portal says 200 to everything.
type guard struct{ client *http.Client }

func newGuard(cfg Config) *guard {
	return &guard{&http.Client{
		Timeout:       cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do is what influxdb-client-go wants of a Doer.
func (g *guard) Do(r *http.Request) (*http.Response, error) {
	answer, err := g.client.Do(r)
	if err != nil {
		return nil, err
	}
	if s := answer.StatusCode; s >= 200 && s < 300 && s != http.StatusNoContent {
		answer.Body.Close()
		return nil, fmt.Errorf("answered %d where InfluxDB answers 204: is it InfluxDB, or a portal before it?", s)
	}
	answer.Body = limited{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

type limited struct {
	io.Reader
	io.Closer
}

// write sends lines to a bucket by the blocking writer. The token is read each
// time, so that a new one needs no restart.
func (o *Output) write(ctx context.Context, bucket string, lines []string) error {
	token, err := readToken(o.cfg.TokenFile)
	if err != nil {
		return err
	}
	options := influxdb2.DefaultOptions().SetUseGZip(true).SetApplicationName("tollwatch")
	options.HTTPOptions().SetHTTPDoer(o.guard)
	server := influxdb2.NewClientWithOptions(o.cfg.URL, token, options)
	return server.WriteAPIBlocking(o.cfg.Org, bucket).WriteRecord(ctx, lines...)
}

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
