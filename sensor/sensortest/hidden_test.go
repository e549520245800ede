package sensortest

import (
	"testing"
	"time"

	"tollwatch/sensor/lab/scenario"
)

// TestTheftBehindTLS: nothing of the signalling can be read. The attack in the
// first night is found by its media, though nobody is woken: the sensor knows the
// site for a day.
func TestTheftBehindTLS(t *testing.T) {
	file := generated(t, "office-court-a", 21, func(p *scenario.Parameters) {
		p.Wire.Transport, p.Wire.Media = "tls", "attack"
		p.Attacks[0].Length = 2 * time.Minute
	})
	found, err := Replay(t, []string{file})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Alerts) == 0 {
		t.Fatal("nobody was told")
	}
	a := found.Alerts[0]
	if a.Visibility != "media_only" || a.Scheme != "toll_fraud" || a.Reasons[0].Rule != "media_only" || a.TLSShare == nil || *a.TLSShare < 0.9 {
		t.Errorf("got %+v, want toll fraud known by media alone, of signalling that is all TLS", a)
	}
}

// TestOfficeBehindTLS: a working day, all of whose media are seen, is no alert.
func TestOfficeBehindTLS(t *testing.T) {
	file := generated(t, "office-day", 22, func(p *scenario.Parameters) {
		p.Wire.Transport, p.Wire.Media = "tls", "all"
		p.Honest.TalkMedian, p.Honest.Outbound = 30*time.Second, p.Honest.Outbound/2
	})
	found, err := Replay(t, []string{file})
	if err != nil {
		t.Fatal(err)
	}
	if found.Summary == nil || found.Summary.Streams == 0 || len(found.Alerts) > 0 {
		t.Errorf("got %d alerts of %+v, want streams and no alert", len(found.Alerts), found.Summary)
	}
}
