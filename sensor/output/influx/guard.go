package influx

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
)

// guard is the client's way to the server. It follows no redirect, which would
// turn a POST into a GET and call it a success, and takes no 2xx but 204: a
// captive portal says 200 to everything. It notes the server's clock.
type guard struct {
	client *http.Client
	clock  atomic.Pointer[time.Duration] // the server's less ours
}

func newGuard(way http.RoundTripper, timeout time.Duration) *guard {
	return &guard{client: &http.Client{
		Transport:     way,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do is what influxdb-client-go wants of a Doer.
func (g *guard) Do(r *http.Request) (*http.Response, error) {
	if err := squeeze(r); err != nil {
		return nil, err
	}
	answer, err := g.client.Do(r)
	if err != nil {
		return nil, err
	}
	s := answer.StatusCode
	if s >= 200 && s < 300 && s != http.StatusNoContent {
		answer.Body.Close()
		return nil, &oddAnswer{status: answer.Status, kind: answer.Header.Get("Content-Type")}
	}
	if s < 400 {
		answer.Body.Close() // the client would read all of it
		answer.Body = http.NoBody
		answer.Header.Del("Content-Type")
	}
	if s == http.StatusNoContent || s >= 400 {
		g.look(answer.Header.Get("Date"), time.Now())
	}
	if s >= 400 {
		if err := hear(answer); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// look notes the server's clock, which tells seconds. The answer was under way
// for less than the timeout.
func (g *guard) look(date string, now time.Time) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	offset := at.Sub(now.Truncate(time.Second))
	g.clock.Store(&offset)
}

func (g *guard) offset() (time.Duration, bool) {
	if o := g.clock.Load(); o != nil {
		return *o, true
	}
	return 0, false
}

// worthwhile is from how many bytes on a body is compressed.
const worthwhile = 1024

// squeezers are kept: each has tables of a megabyte, which the client's own
// compression makes anew for every request.
var squeezers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	return z
}}

// cargo is the lines of a request, which are compressed once for all its tries.
type cargo struct {
	lines  string
	once   sync.Once
	packed []byte
	err    error
}

// ofRequest is the key of a cargo among the values of a request's context.
type ofRequest struct{}

func (b *cargo) pack() ([]byte, error) {
	b.once.Do(func() {
		var packed bytes.Buffer
		z := squeezers.Get().(*gzip.Writer)
		defer squeezers.Put(z)
		z.Reset(&packed)
		_, b.err = io.WriteString(z, b.lines)
		if err := z.Close(); b.err == nil {
			b.err = err
		}
		b.packed = packed.Bytes()
	})
	return b.packed, b.err
}

// squeeze compresses the body of a request.
func squeeze(r *http.Request) error {
	b, ok := r.Context().Value(ofRequest{}).(*cargo)
	if !ok || r.Body == nil || len(b.lines) < worthwhile {
		return nil
	}
	packed, err := b.pack()
	if err != nil {
		return err
	}
	r.Body.Close()
	r.Header.Set("Content-Encoding", "gzip")
	r.ContentLength = int64(len(packed))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed)), nil }
	r.Body, err = r.GetBody()
	return err
}
