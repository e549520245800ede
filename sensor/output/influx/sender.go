package influx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tollwatch/sensor/output/points"
)

// patience is how long a sender tries one batch while the way fails.
const patience = 30 * time.Second

// Sender brings points to a server while its caller waits: a replay has nothing else
// to do, and whoever started it wants to know what arrived. It keeps nothing on
// disk.
type Sender struct {
	ctx      context.Context
	encode   *points.Encoder
	metrics  sending
	alerts   sending
	minPause time.Duration
	patience time.Duration

	sent, refused, unsent int
	why                   string // the server refused points
	broken                string // nothing is tried any more
}

// sending is a batch that is being filled.
type sending struct {
	writer *Writer
	lines  []byte
	n      int
}

// NewSender is inert until points come. Its requests end with ctx.
func NewSender(ctx context.Context, cfg Config, id points.Identity) (*Sender, error) {
	if cfg.URL == "" || cfg.Bucket == "" {
		return nil, errors.New("send to InfluxDB: a url and a bucket are needed in [influx]")
	}
	return &Sender{
		ctx: ctx, encode: points.NewEncoder(id), minPause: cfg.MinPause, patience: patience,
		metrics: sending{writer: NewWriter(cfg, cfg.Bucket)}, alerts: sending{writer: NewWriter(cfg, cmp.Or(cfg.BucketAlerts, cfg.Bucket))},
	}, nil
}

// Put takes a point. What the server does with it, Close tells.
func (s *Sender) Put(p points.Point) error {
	line, err := s.encode.Encode(p)
	if err != nil {
		s.refused++
		s.why = err.Error()
		return nil
	}
	b := &s.metrics
	if _, ok := p.(*points.Alert); ok {
		b = &s.alerts
	}
	if b.n >= maxLines || len(b.lines)+len(line) > maxBytes {
		s.flush(b)
	}
	b.lines = append(b.lines, line...)
	b.n++
	return nil
}

// Close sends what is left. The error says what did not arrive, and why.
func (s *Sender) Close() error {
	s.flush(&s.metrics)
	s.flush(&s.alerts)
	all := s.sent + s.refused + s.unsent
	switch {
	case s.unsent > 0:
		return fmt.Errorf("send to InfluxDB: %d of %d points did not arrive: %s", s.unsent+s.refused, all, s.broken)
	case s.refused > 0:
		return fmt.Errorf("send to InfluxDB: %d of %d points were refused: %s", s.refused, all, s.why)
	}
	return nil
}

// Sent is how many points the server has taken.
func (s *Sender) Sent() int { return s.sent }

func (s *Sender) flush(b *sending) {
	s.send(b.writer, string(b.lines), b.n)
	b.lines, b.n = b.lines[:0], 0
}

// send stays with lines until they have arrived, are refused, or nothing helps.
func (s *Sender) send(w *Writer, lines string, n int) {
	if n == 0 {
		return
	}
	if s.broken != "" {
		s.unsent += n
		return
	}
	err := s.try(w, lines, n)
	switch judge(err, n) {
	case Done:
		s.sent += n
	case Split:
		first, rest := halve(lines, n)
		s.send(w, first, n/2)
		s.send(w, rest, n-n/2)
	case Reject:
		bad := refused(err, n)
		s.sent, s.refused = s.sent+n-bad, s.refused+bad
		s.why = reasonOf(err, w.Place())
	default:
		s.unsent += n
		s.broken = reasonOf(err, w.Place())
	}
}

// try repeats a write as long as another one may help.
func (s *Sender) try(w *Writer, lines string, n int) error {
	end := time.Now().Add(s.patience)
	for pause := s.minPause; ; pause = min(2*pause, 8*s.minPause) {
		err := w.Write(s.ctx, lines)
		if judge(err, n) != Retry || !passing(err, w.Place()) {
			return err
		}
		wait := max(pause, retryAfter(err, time.Now()))
		if time.Now().Add(wait).After(end) || !sleep(s.ctx, wait) {
			return err
		}
	}
}

// passing says that a trouble may pass while somebody waits.
func passing(err error, at Place) bool {
	switch kind, _ := Diagnose(err, at); kind {
	case Unreachable, ServerError, Throttled:
		return true
	}
	return statusOf(err) == http.StatusRequestTimeout
}

// reasonOf is what is wrong in one line. Of points that are too old the servers say
// so, and not what to do.
func reasonOf(err error, at Place) string {
	_, text := Diagnose(err, at)
	if strings.Contains(text, "retention") && statusOf(err) != http.StatusInternalServerError {
		text += ": the capture is older than what the bucket keeps; send it to one with a longer retention"
	}
	return points.Clean(text, 2*maxLogged)
}
