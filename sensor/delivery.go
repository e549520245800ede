package sensor

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"tollwatch/detect"
	"tollwatch/detect/rules"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// deliveryState is the name under which the store keeps which troubles of the way
// were told.
const deliveryState = "delivery"

// How long a trouble lasts before it is told: lines fail and come back, a server
// that is started anew answers oddly for a while, and what is lost is lost.
const (
	lineFails   = time.Hour
	serverStart = time.Minute
)

// A trouble has passed when it was away for so long; one that came back on the
// same day, for longer, so that a way which comes and goes is no flood.
const (
	calm      = 10 * time.Minute
	calmAgain = time.Hour
)

// delivery tells of trouble on the way to InfluxDB as an incident of scheme
// sensor: one a kind and day, opened once it has lasted, closed when it has
// passed. Its level wakes nobody: points wait, and whoever can mend a token
// sleeps. It belongs to the capture loop.
type delivery struct {
	troubles func() []influx.Trouble
	tell     func(*detect.Alert)
	store    *store.Store
	zone     *time.Location
	sensor   string // its short name, a part of each incident's
	log      *slog.Logger
	outages  map[string]*outage // by the word of their kind
}

// outage is one kind of trouble.
type outage struct {
	Since    time.Time `json:"since"`
	Incident string    `json:"incident,omitempty"` // the latest that was told of it
	Open     bool      `json:"open"`
	Again    bool      `json:"again"` // it was told before on its day
	Text     string    `json:"text"`

	seen time.Time // last; zero: not since the start
}

func newDelivery(s *Sensor) *delivery {
	d := &delivery{store: s.store, zone: s.cfg.Site.Location(), sensor: s.id, log: s.log, outages: map[string]*outage{}}
	d.tell = func(a *detect.Alert) {
		a.Site, a.Customer = SiteName(s.cfg), s.cfg.Site.Customer
		s.pipeline.tell(record.NewAlert(a))
	}
	d.troubles = func() []influx.Trouble { return nil } // there is no way any more: what was open closes
	if s.influx != nil {
		d.troubles = s.influx.Troubles
	}
	b, err := s.store.LoadState(deliveryState)
	if err == nil && b != nil {
		err = json.Unmarshal(b, &d.outages)
	}
	if err != nil {
		s.log.Error("which troubles of the way were told is not known", "error", err)
	}
	return d
}

// look is called on each turn of the capture loop.
func (d *delivery) look(now time.Time) {
	for _, t := range d.troubles() {
		d.note(t, now)
	}
	for _, kind := range slices.Sorted(maps.Keys(d.outages)) {
		o := d.outages[kind]
		if o.seen.IsZero() { // told by an earlier run: it has as long as any other to show itself
			o.seen = now
		}
		away := now.Sub(o.seen)
		switch {
		case o.Open && away >= o.calm():
			o.Open = false
			d.change(detect.Closed, kind, o, now)
		case !o.Open && away >= calm && (o.Incident == "" || o.Incident != d.incident(kind, now)):
			delete(d.outages, kind)
		}
	}
}

func (o *outage) calm() time.Duration {
	if o.Again {
		return calmAgain
	}
	return calm
}

// note takes up a trouble that is there now.
func (d *delivery) note(t influx.Trouble, now time.Time) {
	kind := t.Kind.String()
	o := d.outages[kind]
	if o == nil {
		o = &outage{Since: t.Since}
		d.outages[kind] = o
	}
	if !o.Open && now.Sub(o.seen) >= calm && !o.seen.IsZero() {
		o.Since = t.Since
	}
	o.seen, o.Text = now, t.Text
	if o.Open || now.Sub(o.Since) < patience(t.Kind) {
		return
	}
	event := detect.Opened
	id := d.incident(kind, now)
	if o.Again = o.Incident == id; o.Again {
		event = detect.Reopened
	}
	o.Open, o.Incident = true, id
	d.change(event, kind, o, now)
}

// patience is how long a kind must last.
func patience(k influx.Kind) time.Duration {
	switch k {
	case influx.Unreachable, influx.ServerError, influx.Throttled:
		return lineFails
	case influx.RefusedPoints, influx.Disk, influx.Damaged:
		return 0
	}
	return serverStart
}

// incident names the trouble of a kind on a day of the site.
func (d *delivery) incident(kind string, now time.Time) string {
	return fmt.Sprintf("influx-%s-%s-%s", d.sensor, kind, now.In(d.zone).Format("20060102"))
}

func (d *delivery) change(event detect.Change, kind string, o *outage, now time.Time) {
	a := detect.Alert{
		Event: event, Time: now, Incident: o.Incident, Level: detect.Watch, Scheme: detect.SensorTrouble, RulesVersion: rules.Version,
		Reasons: []detect.Reason{{Rule: "influx_" + kind, Text: o.Text}}, Since: o.Since, Tariff: detect.Estimate, Visibility: detect.Full,
	}
	if event == detect.Closed {
		a.Closed = now
	}
	d.tell(&a)
	b, err := json.Marshal(d.outages)
	if err == nil {
		err = d.store.SaveState(deliveryState, b)
	}
	if err != nil {
		d.log.Error("which troubles of the way were told is not kept", "error", err)
	}
}
