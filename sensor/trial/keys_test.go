package trial

import (
	"bytes"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/decoder/call"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
)

// TestKeysAreHeardAsDecoded: of the PINs that are tried at a mailbox, the decoder
// tells from RTP as many keys, and which of them part what is entered, in the
// same order.
func TestKeysAreHeardAsDecoded(t *testing.T) {
	p := lookup(t, "office", "retransmit", "0", "media", "attack", "view", "trunk-only", "makes", "drawn", "honest.no_bye", "0", "vary", "0", "forms", "fixed")
	p.Start, p.Length = p.Start.Add(10*time.Hour), 6*time.Minute
	c, _ := attack.LookupCase("mailbox")
	p.Attacks = c.Draw(plan.NewRand(7, 7), p.Extensions)[:1]
	p.Attacks[0].Length, p.Attacks[0].Most = 5*time.Minute, 1
	pl, err := scenario.New(p, 3)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := (&Site{Profile: "office"}).engine()
	if err != nil {
		t.Fatal(err)
	}
	heard := ""
	w := NewWatch(engine, pl, false, func(*plan.Item) {}, func(*detect.Alert) {})
	w.spy = func(ev *call.Event) { heard += key(ev) }
	w.Run(p.Start.Add(time.Hour), func() bool { return false })
	if decoded := decodedKeys(t, p); decoded != heard || heard == "" {
		t.Errorf("got keys %q of the decoder and %q of the trial, want the same", decoded, heard)
	}
}

// key is # for a separator, and . for another key.
func key(ev *call.Event) string {
	switch {
	case ev.Kind != call.EventDTMF:
		return ""
	case ev.Separator:
		return "#"
	}
	return "."
}

func decodedKeys(t *testing.T, p scenario.Parameters) (keys string) {
	t.Helper()
	var pcap bytes.Buffer
	if _, err := packets.Generate(t.Context(), p, 3, &pcap, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles([]string{"-"}, &pcap)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	d := decoder.New(decoder.DefaultConfig())
	take := func(events []call.Event) {
		for i := range events {
			keys += key(&events[i])
		}
	}
	now := p.Start.Truncate(tick)
	var f capture.Frame
	for source.Next(&f) == nil {
		for next := now.Add(tick); !next.After(f.Time); next = next.Add(tick) {
			now = next
			take(d.Advance(next))
		}
		take(d.Observe(&decoder.Packet{Data: f.Data, Time: f.Time, WireLength: f.WireLength, Link: f.Link}))
	}
	return keys
}
