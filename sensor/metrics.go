package sensor

import (
	"io"
	"math"
	"time"

	"tollwatch/decoder/sip/opinion"
	"tollwatch/detect"
	"tollwatch/detect/rules"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/metrics"
	"tollwatch/sensor/notify"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/points"
	"tollwatch/sensor/store"
)

// WriteMetrics implements api.Status: one snapshot, printed. Reasons appear as
// they occur, so the set is drawn up anew each time.
func (s *Sensor) WriteMetrics(w io.Writer) {
	p := plate{metrics.New()}
	p.gauge(metrics.BuildInfo, 1, "version", s.version, "rules_version", rules.Version)
	p.gauge(metrics.Primary, one(s.cfg.Site.Primary))
	p.gauge(metrics.UptimeSeconds, time.Since(s.started).Seconds())
	if now := s.state.Load(); now != nil {
		p.state(now)
		p.calls(now)
		if s.cfg.Site.Primary {
			p.gauge(metrics.SpentToday, now.Detect.EURToday)
			p.gauge(metrics.SpentHour, now.Detect.EURHour)
			p.known(metrics.UsualDay, now.Detect.UsualDayEUR)
		}
	}
	if s.traffic != nil {
		p.traffic(s.traffic.last.Load())
	}
	p.counter(metrics.QueueDropped, s.keeper.Dropped(), "queue", "store")
	p.store(s.store.Counters())
	if s.folder != nil {
		p.gauge(metrics.BillsNewest, float64(s.folder.newest.Load()))
		p.counter(metrics.BillsUnread, s.folder.faulty.Load())
	}
	if s.influx != nil {
		p.influx(s.influx.Counters())
		p.counter(metrics.InfluxPoints, s.points.OverBudget(), "outcome", "over_budget")
		p.way(s.influx)
	}
	if s.webhook != nil {
		p.webhook(s.webhook.Counters())
	}
	p.WritePrometheus(w)
}

// plate is a set of metrics whose values are known when they are put there.
type plate struct{ *metrics.Metrics }

func (p plate) counter(name string, v uint64, labels ...string) {
	p.total(name, float64(v), labels...)
}

func (p plate) total(name string, v float64, labels ...string) {
	p.Counter(name, func() float64 { return v }, labels...)
}

func (p plate) gauge(name string, v float64, labels ...string) {
	p.Gauge(name, func() float64 { return v }, labels...)
}

func (p plate) by(name, label string, values map[string]uint64) {
	for word, v := range values {
		p.counter(name, v, label, word)
	}
}

func (p plate) state(n *State) {
	p.counter(metrics.Frames, n.Books.Frames)
	p.counter(metrics.FrameBytes, n.Books.Bytes)
	p.counter(metrics.FramesDecoded, n.Books.Decoded)
	p.counter(metrics.ClockSteps, n.Counts.ClockSteps)
	if n.Backend != "" {
		for _, b := range capture.Backends {
			p.gauge(metrics.CaptureBackend, one(b == n.Backend), "backend", string(b))
		}
	}
	p.by(metrics.KernelFrames, "reason", n.Kernel)
	p.gauge(metrics.InterfacesDown, float64(len(n.Capture.Down)))
	if a := n.Agents; a != nil {
		p.by(metrics.HEPPackets, "outcome", map[string]uint64{"accepted": a.Accepted, "sender": a.Sender, "key": a.Key, "not_hep": a.NotHEP,
			"lost": a.Full, "connections": a.Connections})
	}
	p.counter(metrics.FramesLost, n.Capture.KernelDrops, "reason", "ring_full")
	p.counter(metrics.FramesLost, n.Card, "reason", "card")
	if n.Cost.Runs > 0 {
		p.counter(metrics.KernelRuns, n.Cost.Runs)
		p.gauge(metrics.KernelSeconds, n.Cost.Time.Seconds())
	}
	p.by(metrics.FramesIgnored, "reason", n.Books.Ignored)
	p.by(metrics.FramesMalformed, "reason", n.Books.Malformed)
	p.by(metrics.FramesDropped, "reason", n.Books.Dropped)
	p.counter(metrics.SIPMessages, sum(n.Books.Requests), "kind", "request")
	responses := uint64(0)
	for _, v := range n.Books.Responses {
		responses += v
	}
	p.counter(metrics.SIPMessages, responses, "kind", "response")
	p.counter(metrics.Calls, n.Counts.Calls)
	p.counter(metrics.Streams, n.Counts.Streams)
	p.counter(metrics.Alerts, n.Counts.Alerts)
	p.gauge(metrics.CallsActive, float64(n.Detect.LiveCalls))
	p.gauge(metrics.Warmup, n.Detect.Warmup)
	for level := detect.Notice; level <= detect.Critical; level++ {
		p.gauge(metrics.Incidents, float64(n.Detect.OpenIncidents[level]), "level", level.String())
	}
	p.by(metrics.TableEvictions, "table", n.Evictions)
	for table, size := range n.Sizes {
		p.gauge(metrics.TableSize, float64(size.Now), "table", table)
		p.gauge(metrics.TableCap, float64(size.Cap), "table", table)
	}
	if n.Books.TLS != nil {
		p.gauge(metrics.TLSShare, n.Books.TLS.Share)
	}
	p.opinions(n.Opinions)
}

// calls are the figures of the field since the sensor started (docs/kpis.md).
func (p plate) calls(n *State) {
	k := &n.KPI
	p.counter(metrics.Attempts, k.Attempts)
	p.counter(metrics.Ended, k.Ended)
	p.counter(metrics.Answered, k.Answered)
	p.counter(metrics.Effective, k.Effective)
	p.counter(metrics.Rang, k.PDD.N())
	p.total(metrics.TalkSeconds, k.Talk.Sum())
	p.total(metrics.PDDSeconds, k.PDD.Sum())
}

// traffic is what the latest point of it says, if there was one.
func (p plate) traffic(t *points.Traffic) {
	if t == nil {
		return
	}
	p.gauge(metrics.CallsPeak, float64(t.CallsPeak))
	p.gauge(metrics.CPSPeak, float64(t.CPSPeak))
	p.gauge(metrics.Registered, float64(t.Registered))
	p.known(metrics.CallsUsual, t.UsualCalls)
	p.known(metrics.ASR, t.ASR)
	p.known(metrics.NER, t.NER)
	p.known(metrics.ACD, t.ACD)
	p.known(metrics.PDD, t.PDD)
}

// known is a gauge of a figure that may not be known.
func (p plate) known(name string, v float64) {
	if !math.IsNaN(v) {
		p.gauge(name, v)
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (p plate) opinions(c opinion.Counters) {
	p.by(metrics.SecondOpinions, "outcome", map[string]uint64{"agreed": c.Asked - c.Disagreed - c.Refused, "disagreed": c.Disagreed,
		"refused": c.Refused, "odd_over_budget": c.OddOver, "plain_over_budget": c.PlainOver})
	p.counter(metrics.HeadersLeftOut, c.HeadersOut)
}

func (p plate) store(c store.Counters) {
	p.by(metrics.StoreRows, "table", map[string]uint64{"calls": c.Calls, "streams": c.Streams, "registrations": c.Registrations, "alerts": c.Alerts})
	p.counter(metrics.StoreEvicted, c.Evicted)
	p.counter(metrics.StoreLost, c.Lost)
}

func (p plate) influx(c influx.Counters) {
	p.by(metrics.InfluxPoints, "outcome", map[string]uint64{"done": c.Done, "split": c.Split, "reject": c.Reject, "evicted": c.Evicted,
		"lost": c.Lost, "refused": c.Refused})
	p.counter(metrics.InfluxMade, c.Queued)
	p.counter(metrics.InfluxFound, c.Found)
	p.counter(metrics.InfluxRetries, c.Retry)
	p.gauge(metrics.InfluxWaiting, float64(c.Waiting))
	p.gauge(metrics.SpoolBytes, float64(c.Bytes))
	p.gauge(metrics.SpoolBatches, float64(c.Batches))
	p.gauge(metrics.SpoolAge, c.Age.Seconds())
}

// way is what is wrong between here and the server.
func (p plate) way(o *influx.Output) {
	now := map[influx.Kind]bool{}
	for _, t := range o.Troubles() {
		now[t.Kind] = true
	}
	for k := influx.Unauthorised; k <= influx.Clock; k++ {
		p.gauge(metrics.InfluxTrouble, one(now[k]), "kind", k.String())
	}
	if offset, known := o.ClockOffset(); known {
		p.gauge(metrics.ClockOffset, offset.Seconds())
	}
}

func (p plate) webhook(c notify.Counters) {
	p.by(metrics.WebhookPosts, "outcome", map[string]uint64{"done": c.Done, "retry": c.Retry, "failed": c.Failed, "lost": c.Lost})
}
