package sensor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor/api"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/devices"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/notify"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/spool"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
	"tollwatch/sensor/systemd"
)

// The rhythm of a live sensor.
const (
	behindWall   = 250 * time.Millisecond // an idle tap's packet time is the wall clock less this: frames may be under way
	saveEvery    = time.Minute            // learned state; a crash forgets no more
	stalledAfter = 5 * time.Second        // without a frame or an idle turn: the loop hangs
	storeQueue   = 16_384                 // objects that wait for the store
)

// EngineState is the name under which the store keeps what was learned.
const EngineState = "detect"

// Sensor listens to one site until it is told to end.
type Sensor struct {
	cfg     config.Config
	version string
	prices  int // in the customer's tariff
	log     *slog.Logger
	id      string // of this sensor, in every alert and point

	engine   *detect.Engine
	pipeline *Pipeline
	source   *origins
	cards    *cards
	store    *store.Store
	keeper   *Queue
	influx   *influx.Output  // nil: off
	points   *PointSink      // in front of it
	delivery *delivery       // watches the way to it
	webhook  *notify.Webhook // nil: off
	server   *api.Server     // nil: off

	started      time.Time
	beaten       time.Time // the last heartbeat
	refusals     uint64    // of capture agents, when they were last logged
	refusalsTold time.Time // when that was
	losses       losses
	process      process
	usual        *kpi.Usual // how many calls there are at once in each hour of the week
	traffic      *latestTraffic
	state        atomic.Pointer[State]

	watched watched
	unkept  atomic.Uint64                      // writes to the store that failed
	folder  *billFolder                        // nil: off
	rates   atomic.Pointer[map[string]float64] // that bills have shown since the last turn
	reload  atomic.Pointer[reloaded]           // since the last turn

	manager   *systemd.Manager // that started the process
	described time.Time        // when it was last told how the sensor is
}

// New builds a sensor that does nothing yet: whatever is wrong with the
// configuration is said here.
func New(cfg config.Config, version string, log *slog.Logger) (*Sensor, error) {
	engineConfig, err := EngineConfig(cfg)
	if err != nil {
		return nil, err
	}
	engine, err := detect.New(engineConfig)
	if err != nil {
		return nil, err
	}
	s := &Sensor{cfg: cfg, version: version, log: log, engine: engine, prices: engineConfig.Prices.Len()}
	if cfg.Webhook.URL != "" {
		c := notify.DefaultConfig()
		c.URL, c.SecretFile = cfg.Webhook.URL, cfg.Webhook.SecretFile
		if s.webhook, err = notify.New(c); err != nil {
			return nil, err
		}
	}
	s.connect()
	return s, nil
}

// Run captures until ctx ends, and then delivers what it owes, for half a minute at
// most. It gives up, for the whole process and for good, the rights that capture
// does not take.
func (s *Sensor) Run(ctx context.Context) error {
	s.started = time.Now()
	if err := s.open(); err != nil {
		return err
	}
	defer s.close()
	s.lower()
	s.announce()
	s.told(s.manager.Ready())
	defer context.AfterFunc(ctx, func() { s.told(s.manager.Stopping()) })()

	// The sinks outlive the capture: they deliver what its last frames led to.
	sinks, ended := context.WithCancel(context.WithoutCancel(ctx))
	defer ended()
	var lost undelivered
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer ended()
		defer func() { lost = s.undelivered() }()
		return s.capture(ctx)
	})
	group.Go(func() error { return s.keeper.Run(sinks, s.report("keep in the store")) })
	group.Go(func() error { return s.store.Run(sinks, s.report("commit to the store")) })
	if s.influx != nil {
		group.Go(func() error { return s.influx.Run(sinks) })
	}
	if s.webhook != nil {
		group.Go(func() error { return s.webhook.Run(sinks) })
	}
	if s.server != nil {
		group.Go(func() error { return s.server.Run(sinks) })
	}
	if s.folder != nil {
		group.Go(func() error { return s.folder.run(sinks) })
	}
	defer func() { s.owed(lost) }()
	return group.Wait()
}

// announce logs what is listened to, and where points go.
func (s *Sensor) announce() {
	if file := s.cfg.Tariff.File; file != "" {
		s.log.Info("prices of the customer's tariff in force", "file", file, "prices", s.prices)
	}
	if s.source.taps != nil {
		backend, refused := s.source.taps.Backend()
		said := []any{"interfaces", s.cfg.Capture.Interfaces, "backend", backend, "store", s.cfg.Store.Dir}
		if len(refused) > 0 {
			said = append(said, "refused", refused.String())
		}
		s.log.Info("capture started", said...)
	}
	if a := s.source.agents; a != nil {
		senders := any(s.cfg.HEP.Senders)
		if len(s.cfg.HEP.Senders) == 0 {
			senders = "this host alone"
		}
		s.log.Info("listening to capture agents", "address", a.Addr().String(), "senders", senders, "key", s.cfg.HEP.KeyFile != "",
			"store", s.cfg.Store.Dir)
	}
	if in := &s.cfg.Influx; s.influx != nil {
		s.log.Info("points go to InfluxDB", "url", in.URL, "bucket", in.Bucket, "bucket_alerts", cmp.Or(in.BucketAlerts, in.Bucket))
	}
}

func (s *Sensor) open() (err error) {
	if err := ownFolder(s.cfg.Store.Dir); err != nil {
		return err
	}
	if s.store, err = store.Open(s.cfg.Store.Dir); err != nil {
		return fmt.Errorf("%w: the folder under [store] dir must be one that this user may write", err)
	}
	for _, damage := range s.store.Repaired() {
		s.log.Error("store damaged: moved aside and begun anew", "error", damage)
	}
	addresses, err := devices.Permanent()
	if err != nil {
		s.log.Warn("network cards not known: a clone of this machine would not be noticed", "error", err)
	}
	if s.id, err = identity(s.store, addresses, s.log); err != nil {
		return errors.Join(err, s.store.Close())
	}
	if err := s.openInflux(); err != nil {
		return errors.Join(err, s.store.Close())
	}
	s.recall()
	if s.watched, err = loadWatched(s.store); err != nil {
		s.log.Error("when the sensor watched before is not known", "error", err)
	}
	s.keeper = NewQueue(storeQueue, NewKeeper(s.store))
	sizes := decoder.DefaultConfig()
	sizes.Media.Seed = rand.Uint64() // a replay has none: the same capture gives the same answer
	sizes.WireHEP = false            // whoever reaches the tap could report calls that never were
	s.pipeline = NewPipeline(decoder.New(sizes), s.engine, s.sinks())
	s.pipeline.stamp = func(a *record.Alert) { a.WallTime, a.Sensor = record.Time(time.Now()), s.id }
	s.delivery = newDelivery(s)
	s.cards = watchedCards(s.cfg.Capture.Interfaces)
	if s.source, err = openOrigins(&s.cfg); err != nil {
		return errors.Join(err, s.store.Close())
	}
	if k := s.source.kernel(); k != nil {
		s.pipeline.CountWith(k, s.log)
	}
	s.traffic = &latestTraffic{}
	if s.influx != nil {
		s.traffic.next = s.influx
	}
	s.pipeline.MeasureTraffic(s.traffic, s.cfg.Site.Location(), s.usual)
	if err := s.closeLeftOpen(time.Now()); err != nil {
		s.log.Error("incidents of before this start may stay open", "error", err)
	}
	s.publish()
	if s.cfg.Reconcile.Folder != "" {
		if s.folder, err = newBillFolder(s); err != nil {
			return errors.Join(err, s.source.Close(), s.store.Close())
		}
	}
	if s.cfg.HTTP.Listen != "" {
		if s.server, err = api.Listen(s.cfg.HTTP.Listen, s); err != nil {
			return errors.Join(err, s.source.Close(), s.store.Close())
		}
	}
	return nil
}

func (s *Sensor) openInflux() (err error) {
	if s.cfg.Influx.URL == "" {
		s.lookForSpool()
		return nil
	}
	id, err := identify(s.cfg, s.id, s.store)
	if err != nil {
		return err
	}
	c := InfluxConfig(&s.cfg)
	c.Dir = s.cfg.Store.Dir
	c.Spool = spool.Limits{Bytes: int64(s.cfg.Influx.SpoolMB) << 20, Age: time.Duration(s.cfg.Influx.SpoolDays) * 24 * time.Hour}
	s.influx, err = influx.New(c, id)
	return err
}

// lookForSpool tells of points that nobody sends any more.
func (s *Sensor) lookForSpool() {
	file := filepath.Join(s.cfg.Store.Dir, influx.SpoolFile)
	if _, err := os.Stat(file); err == nil {
		s.log.Warn("a spool is left, and [influx] url is empty: points that wait in it stay there; delete it if they are not wanted", "file", file)
	}
}

// sinks are all that take objects: each has a queue, so that none makes
// capture wait.
func (s *Sensor) sinks() Sinks {
	out := Sinks{alertLog{s.log}, s.keeper}
	if s.webhook != nil {
		out = append(out, webhookSink{s.webhook})
	}
	if s.influx != nil {
		s.points = NewPointSink(s.influx)
		out = append(out, s.points)
	}
	return out
}

func (s *Sensor) close() {
	if k := s.source.kernel(); k != nil {
		defer k.Close()
	}
	if err := errors.Join(s.source.Close(), s.store.Close(), s.manager.Close()); err != nil {
		s.log.Error("close", "error", err)
	}
}

// recall loads what was learned before; what cannot be read is learned anew.
func (s *Sensor) recall() {
	b, err := s.store.LoadState(EngineState)
	if err == nil && len(b) > 0 {
		err = s.engine.LoadState(b)
	}
	if err != nil {
		aside := unread(b)
		s.log.Error("learned state not loaded: learning begins anew, the old state is kept in the store", "error", err, "name", aside,
			"kept", s.store.SaveState(aside, b) == nil)
	}
	rates, err := Rates(s.store)
	if err != nil {
		s.log.Error("prices that bills have shown not loaded", "error", err)
	}
	s.engine.SetRates(rates)
	if s.usual, err = loadUsual(s.store); err != nil {
		s.log.Error("usual numbers of calls not loaded: they are learned anew", "error", err)
	}
}

// unread names a state that this version cannot read, to be kept for one that can.
func unread(b []byte) string {
	return fmt.Sprintf("%s-unread-%08x", EngineState, crc32.ChecksumIEEE(b))
}

// capture is the loop that owns the pipeline.
func (s *Sensor) capture(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { s.source.Close() })
	defer stop()
	var frame capture.Frame
	beat, save := time.Now(), time.Now()
	for ctx.Err() == nil {
		if err := s.turn(&frame); err != nil {
			if ctx.Err() != nil {
				break
			}
			return err
		}
		if now := time.Now(); now.Sub(beat) >= tick {
			beat = now
			s.beat()
			if now.Sub(save) >= saveEvery {
				save = now
				s.save()
			}
		}
	}
	err := s.pipeline.Finish()
	s.save()
	s.publish()
	n, c := s.pipeline.Summary(), s.pipeline.Counts()
	s.log.Info("capture ended", "frames", n.Frames, "lost", s.source.Stats().KernelDrops, "legs", c.Calls, "alerts", c.Alerts)
	return err
}

// turn takes one frame, or lets idle time pass.
func (s *Sensor) turn(f *capture.Frame) error {
	err := s.source.Next(f)
	var gone *capture.InterfaceError
	switch {
	case err == nil:
		return s.pipeline.Observe(f)
	case errors.Is(err, capture.ErrIdle):
		return s.pipeline.Advance(time.Now().Add(-behindWall))
	case errors.As(err, &gone):
		s.log.Error("interface lost", "error", err, "left", gone.Left)
		return nil
	}
	return fmt.Errorf("capture: %w", err)
}

// save keeps what was learned.
func (s *Sensor) save() {
	err := errors.Join(s.store.SaveState(EngineState, s.engine.AppendState(nil)), s.watched.save(s.store), saveUsual(s.store, s.usual))
	if err != nil {
		s.log.Error("learned state not saved", "error", err)
	}
}

// report logs and counts what could not be kept.
func (s *Sensor) report(doing string) func(error) {
	return func(err error) {
		s.unkept.Add(1)
		s.log.Error(doing, "error", err)
	}
}
