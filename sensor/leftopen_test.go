package sensor

import (
	"context"
	"encoding/json"
	"io"
	"testing"
	"time"

	"tollwatch/sensor/config"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// TestWhatWasOpenAtAStopIsClosedAtTheStart: detection's incidents, once; a bill's stays.
func TestWhatWasOpenAtAStopIsClosedAtTheStart(t *testing.T) {
	cfg := config.Default()
	cfg.Store.Dir = t.TempDir()
	night := record.Time(time.Date(2026, 3, 7, 2, 0, 0, 0, time.UTC))
	kept, err := store.Open(cfg.Store.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []*record.Alert{
		{Type: "alert", Incident: "20260307-020000-ab12", Event: "updated", Time: night, Level: "critical", SpentEUR: 6.77},
		{Type: "alert", Incident: "20260306-020000-cd34", Event: "closed", Time: night, Closed: night},
		{Type: "alert", Incident: "bill-0123456789ab", Event: "opened", Time: night},
	} {
		if err := NewKeeper(kept).Put(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s := opened(t, cfg, io.Discard)
		ended, end := context.WithCancel(t.Context())
		end()
		s.keeper.Run(ended, func(err error) { t.Error(err) })
		got := map[string]int{}
		for b, err := range s.store.Alerts(store.Filter{}) {
			var a record.Alert
			if err == nil {
				err = json.Unmarshal(b, &a)
			}
			if err != nil {
				t.Fatal(err)
			}
			got[a.Incident+" "+a.Event]++
			if a.Event == "closed" && a.Incident == "20260307-020000-ab12" && (a.Closed.IsZero() || a.SpentEUR != 6.77) {
				t.Errorf("got %+v, want when it was closed, and its money", a)
			}
		}
		if len(got) != 4 || got["20260307-020000-ab12 closed"] != 1 || got["bill-0123456789ab opened"] != 1 {
			t.Errorf("got %v, want the one of detection closed, once", got)
		}
		s.close()
	}
}
