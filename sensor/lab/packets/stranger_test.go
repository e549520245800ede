package packets

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// TestStrangersSpeakTheVersionOfTheSite: thieves of many addresses call in
// either version of IP, more of them than are kept.
func TestStrangersSpeakTheVersionOfTheSite(t *testing.T) {
	for _, c := range []struct {
		ip   int
		want gopacket.LayerType
	}{{4, layers.LayerTypeIPv4}, {6, layers.LayerTypeIPv6}} {
		m := generate(t, "court-a", 1, "ip", strconv.Itoa(c.ip), "media", "none", "length", "40m", "attack.length", "40m",
			"attack.from", "internet", "attack.addresses", "700")
		sources := map[string]bool{}
		m.each(t, func(_ time.Time, p gopacket.Packet) {
			if p.Layer(c.want) == nil {
				t.Fatalf("got %s, want %s", p, c.want)
			}
			if u, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP); ok && u.SrcPort == strangerPort {
				sources[p.NetworkLayer().NetworkFlow().Src().String()] = true
			}
		})
		if len(sources) != 700 {
			t.Errorf("IPv%d: got calls from %d addresses, want 700", c.ip, len(sources))
		}
	}
}

// TestTheTruthNamesSomeSources: of a flood from everywhere no list grows.
func TestTheTruthNamesSomeSources(t *testing.T) {
	m := generate(t, "court-a", 1, "media", "none", "length", "2m", "attack.length", "2m", "attack.kind", "wipe", "attack.calls_per_minute", "1000", "attack.addresses", "5000")
	if a := m.truth.Attacks[0]; len(a.Sources) != maxSources || a.Signs < 1500 {
		t.Errorf("got %d sources of %d signs, want the first %d", len(a.Sources), a.Signs, maxSources)
	}
}
