package sensor

import (
	"context"
	"errors"

	"tollwatch/sensor/config"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/store"
)

// replayed is the tag sensor of what a replay sends: it is no sensor's own, and may
// be deleted by it.
const replayed = "replay"

// ErrNoInflux says that there is nowhere to send to.
var ErrNoInflux = errors.New("send to InfluxDB: [influx] url is empty: name the server in the configuration, and give that with --config")

// Sending is the way of a replay's points to the configured InfluxDB. Their time is
// the packets'.
type Sending struct {
	*PointSink
	sender *influx.Sender
	cfg    *config.Config
}

// NewSending is inert until points come. The store, which may be nil, has the key of
// hashes where no file has it.
func NewSending(ctx context.Context, cfg config.Config, s *store.Store) (*Sending, error) {
	if cfg.Influx.URL == "" {
		return nil, ErrNoInflux
	}
	id, err := identify(cfg, replayed, s)
	if err != nil {
		return nil, err
	}
	sender, err := influx.NewSender(ctx, InfluxConfig(&cfg), id)
	if err != nil {
		return nil, err
	}
	return &Sending{NewPointSink(sender), sender, &cfg}, nil
}

// Measure has the pipeline's traffic sent as well.
func (s *Sending) Measure(p *Pipeline) {
	p.MeasureTraffic(s.sender, s.cfg.Site.Location(), &kpi.Usual{})
}

// Close delivers what is left; the error says what did not arrive.
func (s *Sending) Close() error { return s.sender.Close() }

// Sent is how many points have arrived.
func (s *Sending) Sent() int { return s.sender.Sent() }

// InfluxConfig is where points go, without a spool.
func InfluxConfig(cfg *config.Config) influx.Config {
	c := influx.DefaultConfig()
	c.URL, c.Org, c.TokenFile = cfg.Influx.URL, cfg.Influx.Org, cfg.Influx.TokenFile
	c.Bucket, c.BucketAlerts = cfg.Influx.Bucket, cfg.Influx.BucketAlerts
	return c
}
