package trial

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder"
	"tollwatch/decoder/call"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
)

// spoken is what the engine is told of a leg, without times and identities of
// headers that are drawn.
func spoken(ev *call.Event) string {
	l := ev.Leg
	return fmt.Sprintf("%s %s %s>%s from %s to %s request %s as %s auth %s %v%v heard %v %s %d end %v %s", ev.Kind, l.Diversion, l.Src.Addr(), l.Dst.Addr(), l.From, l.To, l.Request, l.Asserted,
		l.AuthUser, l.Credentials, l.Challenged, l.HeardOther, l.State, l.Status, !l.Live(), l.EndBy)
}

func lookup(t *testing.T, name string, set ...string) scenario.Parameters {
	t.Helper()
	p, ok := scenario.Lookup(name)
	if !ok {
		t.Fatalf("no scenario %s", name)
	}
	for i := 0; i+1 < len(set); i += 2 {
		if err := p.Set(set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// TestEarHearsWhatTheDecoderHears: the events that stand for a scenario are
// those that the decoder makes of its packets: the same legs, said in the same
// words, in the same number, and the same alerts follow.
func TestEarHearsWhatTheDecoderHears(t *testing.T) {
	for _, view := range []string{"full", "trunk-only"} {
		p := lookup(t, "office-court-a", "view", view, "retransmit", "0", "media", "none", "attack.length", "3m")
		heard, alerts := byEvents(t, p)
		decoded, truth := byPackets(t, p)
		if len(decoded) < 100 {
			t.Fatalf("%s: got %d kinds of events, want a day's", view, len(decoded))
		}
		if diff := cmp.Diff(decoded, heard); diff != "" {
			t.Errorf("%s: decoded (-) and heard (+) differ: %s", view, diff)
		}
		if diff := cmp.Diff(truth, alerts); diff != "" || len(alerts) == 0 {
			t.Errorf("%s: %d alerts after packets (-) and events (+): %s", view, len(alerts), diff)
		}
	}
}

func byEvents(t *testing.T, p scenario.Parameters) (said map[string]int, alerts []string) {
	t.Helper()
	engine, err := (&Site{Profile: "office"}).engine()
	if err != nil {
		t.Fatal(err)
	}
	pl, err := scenario.New(p, 5)
	if err != nil {
		t.Fatal(err)
	}
	said = map[string]int{}
	w := NewWatch(engine, pl, p.Wire.View == "full", func(*plan.Item) {}, func(a *detect.Alert) { alerts = told(alerts, a) })
	w.spy = func(ev *call.Event) { note(said, ev) }
	w.Run(p.Start.Add(p.Length+3*time.Hour), func() bool { return false })
	return said, alerts
}

func note(said map[string]int, ev *call.Event) {
	if ev.Leg != nil && ev.Kind != call.EventMedia && ev.Kind != call.EventDTMF {
		said[spoken(ev)]++
	}
}

// told adds what an alert says of calls and extensions, unless it says so again
// because a minute has passed.
func told(alerts []string, a *detect.Alert) []string {
	if a.Event == detect.Updated || a.Event == detect.Closed {
		return alerts
	}
	return append(alerts, fmt.Sprintf("%s %s %s calls %d", a.Event, a.Level, a.Extension, a.Calls))
}

func byPackets(t *testing.T, p scenario.Parameters) (said map[string]int, alerts []string) {
	t.Helper()
	var pcap bytes.Buffer
	if _, err := packets.Generate(t.Context(), p, 5, &pcap, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	engine, err := (&Site{Profile: "office"}).engine()
	if err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles([]string{"-"}, &pcap)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	d := decoder.New(decoder.DefaultConfig())
	said = map[string]int{}
	take := func(events []call.Event) {
		for i := range events {
			note(said, &events[i])
			for _, a := range engine.Observe(events[i]).Alerts {
				alerts = told(alerts, &a)
			}
		}
	}
	now := p.Start.Truncate(tick)
	var f capture.Frame
	for source.Next(&f) == nil {
		for next := now.Add(tick); !next.After(f.Time); next = next.Add(tick) {
			now = next
			take(d.Advance(next))
			for _, a := range engine.Advance(next).Alerts {
				alerts = told(alerts, &a)
			}
		}
		take(d.Observe(&decoder.Packet{Data: f.Data, Time: f.Time, WireLength: f.WireLength, Link: f.Link}))
	}
	return said, alerts
}
