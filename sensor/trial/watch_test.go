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
	"tollwatch/sensor/lab/attack"
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
// words, in the same number, and the same alerts follow. Machines take their
// milliseconds in packets: where many alerts are a hair's breadth from another
// level, those of the first hours are compared. Calls of a dialler that begin
// in the same instant, with the same numbers, are joined later by the decoder.
func TestEarHearsWhatTheDecoderHears(t *testing.T) {
	usual := []string{"retransmit", "0", "media", "none", "makes", "drawn", "honest.no_bye", "0", "forms", "fixed"}
	for _, c := range []struct {
		scenario string
		seed     uint64
		set      []string
		events   int // at least, of different words
		alerts   bool
	}{
		{"office-court-a", 5, []string{"view", "full", "attack.length", "3m"}, 100, true},
		{"office-court-a", 5, []string{"view", "trunk-only", "attack.length", "3m"}, 100, true},
		{"office", 1, []string{"length", "96h"}, 100, false},
		{"office", 3, []string{"length", "48h", "honest.premium", "0.1", "honest.faxes_in", "10", "honest.terminals", "10", "honest.lifts", "6", "honest.cleaning", "5", "honest.monitoring", "24"}, 100, false},
		{"hotel", 2, []string{"length", "48h", "trunks", "2", "trunk_format", "national"}, 100, false},
		{"school", 2, []string{"length", "72h", "trunks", "2", "trunk_address", "shared", "outside_prefix", ""}, 100, false},
		{"trading", 3, []string{"length", "48h", "view", "trunk-only"}, 100, false},
		{"hospital", 4, []string{"length", "24h"}, 100, false},
		{"ngo", 5, []string{"length", "16h", "honest.travels", "40", "honest.conferences", "10"}, 100, false},
		{"call_centre", 6, []string{"length", "34h", "honest.outbound", "500", "honest.overdial", "0"}, 100, false},
	} {
		p := lookup(t, c.scenario, append(usual, c.set...)...)
		heard, alerts := byEvents(t, p, c.seed)
		decoded, truth := byPackets(t, p, c.seed)
		if len(decoded) < c.events {
			t.Fatalf("%s %v: got %d kinds of events, want a day's", c.scenario, c.set, len(decoded))
		}
		if diff := cmp.Diff(decoded, heard); diff != "" {
			t.Errorf("%s %v: decoded (-) and heard (+) differ: %s", c.scenario, c.set, diff)
		}
		if diff := cmp.Diff(truth, alerts); diff != "" || c.alerts && len(alerts) == 0 {
			t.Errorf("%s %v: %d alerts after packets (-) and events (+): %s", c.scenario, c.set, len(alerts), diff)
		}
	}
}

func byEvents(t *testing.T, p scenario.Parameters, seed uint64) (said map[string]int, alerts []string) {
	t.Helper()
	engine, err := (&Site{Profile: "office"}).engine()
	if err != nil {
		t.Fatal(err)
	}
	pl, err := scenario.New(p, seed)
	if err != nil {
		t.Fatal(err)
	}
	said = map[string]int{}
	w := NewWatch(engine, pl, p.Wire.View == "full", func(*plan.Item) {}, func(a *detect.Alert) { alerts = told(alerts, a) })
	w.spy = func(ev *call.Event) { note(said, ev) }
	w.Run(p.Start.Add(p.Length+24*time.Hour), func() bool { return false })
	return said, alerts
}

func note(said map[string]int, ev *call.Event) {
	if r := ev.Registration; r != nil && r.User == plan.TrunkAccount && r.Change != call.BindingExpired {
		said[fmt.Sprintf("%s %s %s>%s contact %s for %v", r.Change, r.User, r.Src.Addr(), r.Dst.Addr(), r.Contact, r.Expires)]++
	}
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

func byPackets(t *testing.T, p scenario.Parameters, seed uint64) (said map[string]int, alerts []string) {
	t.Helper()
	var pcap bytes.Buffer
	if _, err := packets.Generate(t.Context(), p, seed, &pcap, &bytes.Buffer{}); err != nil {
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

// TestAttacksAreHeardAsDecoded: the same for each attack, its parts moved together into two hours.
func TestAttacksAreHeardAsDecoded(t *testing.T) {
	for _, c := range attack.Cases() {
		p := lookup(t, "office", "retransmit", "0", "media", "none", "makes", "drawn", "honest.no_bye", "0", "vary", "0", "forms", "fixed")
		p.Start = p.Start.Add(10 * time.Hour)
		p.Attacks = c.Draw(plan.NewRand(7, 7), p.Extensions)
		p.Length = time.Duration(len(p.Attacks)) * 20 * time.Minute
		for i := range p.Attacks {
			a := &p.Attacks[i]
			a.After, a.Length = time.Duration(i)*20*time.Minute, 20*time.Minute
			a.CallsPerMinute = min(max(a.CallsPerMinute, 1), 20)
		}
		heard, _ := byEvents(t, p, 3)
		decoded, _ := byPackets(t, p, 3)
		if diff := cmp.Diff(decoded, heard); diff != "" {
			t.Errorf("%s: decoded (-) and heard (+) differ: %s", c.Name, diff)
		}
	}
}
