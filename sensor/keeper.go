package sensor

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"tollwatch/sensor/reconcile"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// Keeper is the sink that writes objects into the local store.
type Keeper struct{ store *store.Store }

// NewKeeper keeps in s; who made s closes it.
func NewKeeper(s *store.Store) *Keeper { return &Keeper{s} }

// Put implements Sink.
func (k *Keeper) Put(o record.Object) error {
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	switch o := o.(type) {
	case *record.Call:
		return k.store.PutCall(callRow(o, b))
	case *record.Stream:
		return k.store.PutStream(streamRow(o, b))
	case *record.Registration:
		return k.store.PutRegistration(store.RegistrationRow{AoR: o.AoR, Contact: o.Contact, Event: o.Event, Time: time.Time(o.Time), JSON: b})
	case *record.Alert:
		return k.alert(o, b)
	case *record.Summary:
		return k.watched(o)
	}
	return nil
}

// alert keeps it with the decision that made its score, for explain.
func (k *Keeper) alert(a *record.Alert, b []byte) error {
	row := store.AlertRow{Incident: a.Incident, Event: a.Event, Level: a.Level, Scheme: a.Scheme,
		Extension: a.Extension, Trunk: a.Trunk, Time: time.Time(a.Time), JSON: b}
	var unwritable error
	if a.Decision != nil {
		row.Decision, unwritable = json.Marshal(a.Decision)
	}
	return errors.Join(k.store.PutAlert(row), unwritable) // the alert is kept whatever becomes of its inputs
}

// watched notes the time that a capture covers, unless frames of it were lost.
func (k *Keeper) watched(s *record.Summary) error {
	w, err := loadWatched(k.store)
	if err != nil || time.Time(s.First).IsZero() || len(s.Lost) > 0 {
		return err
	}
	w.add(reconcile.Period{From: time.Time(s.First), Until: time.Time(s.Last)})
	return w.save(k.store)
}

func callRow(c *record.Call, b []byte) store.Row {
	row := store.Row{
		ID: c.CallID, Group: c.CallGroup, Start: time.Time(c.Start), End: time.Time(c.End), Direction: c.Direction,
		Extension: c.Extension, Trunk: c.Trunk, Number: c.Number, Country: c.DestCountry, Class: c.DestClass,
		State: c.State, Score: c.Score, JSON: b,
	}
	if row.Number == "" {
		row.Number = c.Dialled
	}
	if c.CostEUR != nil {
		row.Cost = *c.CostEUR
	}
	return row
}

func streamRow(s *record.Stream, b []byte) store.StreamRow {
	ssrc, _ := strconv.ParseUint(strings.TrimPrefix(s.SSRC, "0x"), 16, 32) // ours: always 0x and eight digits
	return store.StreamRow{Group: s.CallGroup, CallID: s.CallID, SSRC: uint32(ssrc), Src: s.Src, Dst: s.Dst,
		Start: time.Time(s.Start), JSON: b}
}
