package sensortest

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
	labtruth "tollwatch/sensor/lab/truth"
)

// lossy is a source of which every so many frames are lost, by a rule that
// knows nothing of what is in them.
type lossy struct {
	capture.Source
	rng       *rand.Rand
	one       uint64 // of so many is lost; 0 = none
	lost, all int
}

func (s *lossy) Next(f *capture.Frame) error {
	for {
		if err := s.Source.Next(f); err != nil {
			return err
		}
		s.all++
		if s.one == 0 || s.rng.Uint64N(s.one) != 0 {
			return nil
		}
		s.lost++
	}
}

// joining counts calls by what became of their legs.
type joining struct {
	right  int // all legs that were seen are one call
	missed int // some legs stand apart
	wrong  int // with a leg of another call
	alone  int // of two legs only one was seen, or none
}

// legsOf replays a scenario with loss, and compares its calls with the truth.
func legsOf(t *testing.T, seed, lossOneIn uint64, base string, change func(*scenario.Parameters)) (j joining) {
	t.Helper()
	p, err := scenario.Load(base)
	if err != nil {
		t.Fatal(err)
	}
	p.Wire.Media = "none"
	change(&p)
	file := filepath.Join(t.TempDir(), "capture.pcap")
	var told bytes.Buffer
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := packets.Generate(t.Context(), p, seed, f, &told); err != nil {
		t.Fatal(err)
	}
	var doc struct{ Calls []labtruth.Call }
	if err := json.Unmarshal(told.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	groups := groupsOf(t, file, seed, lossOneIn)
	owner := map[string]uint64{} // of a group: the call of its first leg
	mixed := map[string]bool{}
	for _, c := range doc.Calls {
		for _, l := range c.Legs {
			g, seen := groups[l.CallID]
			if first, taken := owner[g]; seen && taken && first != c.ID {
				mixed[g] = true
			} else if seen {
				owner[g] = c.ID
			}
		}
	}
	for _, c := range doc.Calls {
		j.count(c.Legs, groups, mixed)
	}
	return j
}

func (j *joining) count(legs []labtruth.Leg, groups map[string]string, mixed map[string]bool) {
	seen := map[string]int{}
	n, wrong := 0, false
	for _, l := range legs {
		if g, ok := groups[l.CallID]; ok {
			seen[g]++
			n++
			wrong = wrong || mixed[g]
		}
	}
	switch {
	case wrong:
		j.wrong++
	case n < 2:
		j.alone++
	case len(seen) == 1:
		j.right++
	default:
		j.missed++
	}
}

// groupsOf replays a capture of which frames are lost. It returns the call group
// of each Call-ID.
func groupsOf(t *testing.T, file string, seed, lossOneIn uint64) map[string]string {
	t.Helper()
	engineConfig, err := sensor.EngineConfig(config.Default())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := detect.New(engineConfig)
	if err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	found, from := &Found{}, &lossy{Source: source, rng: rand.New(rand.NewPCG(seed, 1)), one: lossOneIn}
	if err := sensor.Replay(t.Context(), from, sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), engine, found)); err != nil {
		t.Fatal(err)
	}
	if share := float64(from.lost) / float64(from.all); lossOneIn > 0 && (share < 0.75/float64(lossOneIn) || share > 1.25/float64(lossOneIn)) {
		t.Fatalf("lost %.4f of the frames, want one in %d", share, lossOneIn)
	}
	groups := map[string]string{}
	for _, c := range found.Calls {
		groups[c.CallID] = c.CallGroup
	}
	return groups
}

// TestLegsOfACall: at least 99.5 % of the calls whose legs were seen are put
// together, and none is put together wrongly: in an office, and when a machine
// sets up sixty calls a second to twenty numbers, from one extension or from six,
// with every frame and with one in fifty lost. Where all sixty go to one number,
// as no people and few machines do, nothing but the moments tells them apart:
// those that were lost leave some legs apart.
func TestLegsOfACall(t *testing.T) {
	office := func(p *scenario.Parameters) {
		p.Extensions, p.Honest.Outbound, p.Honest.Inbound, p.Honest.Internal = 80, 900, 900, 300
	}
	burst := func(perSecond float64, extensions ...string) func(*scenario.Parameters) {
		return func(p *scenario.Parameters) {
			a := p.Attacks[0]
			a.Length, a.CallsPerMinute, a.Answer, a.Numbers = 15*time.Second, 60*perSecond, 0.8, 10
			p.Attacks = nil
			for _, e := range extensions {
				a.Extension = e
				p.Attacks = append(p.Attacks, a)
			}
		}
	}
	for _, c := range []struct {
		name, base string
		change     func(*scenario.Parameters)
		right      float64 // share that must be
	}{
		{"office", "office-day", office, 0.995},
		{"office, numbers without prefix, national trunk", "office-day", func(p *scenario.Parameters) {
			office(p)
			p.Wire.OutsidePrefix, p.Wire.TrunkFormat = "", string(plan.National)
		}, 0.995},
		{"office over TCP and IPv6, trunk with 00", "office-day", func(p *scenario.Parameters) {
			office(p)
			p.Wire.Transport, p.Wire.IP, p.Wire.TrunkFormat = "tcp", 6, string(plan.International00)
		}, 0.995},
		{"sixty a second from one extension", "court-a", burst(60, "203"), 0.995},
		{"sixty a second to one number", "court-a", func(p *scenario.Parameters) {
			burst(60, "203")(p)
			p.Attacks[0].Destinations, p.Attacks[0].Numbers = []string{"+1345"}, 1
		}, 0.98},
		{"sixty a second from six extensions", "court-a", burst(10, "201", "202", "203", "204", "205", "206"), 0.995},
	} {
		for _, loss := range []uint64{50, 0} {
			var sum joining
			for seed := uint64(61); seed < 64; seed++ {
				j := legsOf(t, seed, loss, c.base, c.change)
				sum.right, sum.missed, sum.wrong, sum.alone = sum.right+j.right, sum.missed+j.missed, sum.wrong+j.wrong, sum.alone+j.alone
			}
			share := float64(sum.right) / float64(sum.right+sum.missed+sum.wrong)
			t.Logf("%-50s loss 1/%-3d right %5d (%.2f %%) missed %3d wrong %3d alone %4d", c.name, loss, sum.right, 100*share, sum.missed, sum.wrong, sum.alone)
			if share < c.right || sum.wrong > 0 || sum.right < 1000 {
				t.Errorf("%s, loss 1/%d: %+v: got %.2f %% of the calls put together rightly and %d wrongly, want %.1f and none",
					c.name, loss, sum, 100*share, sum.wrong, 100*c.right)
			}
		}
	}
}
