package packets

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"

	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/truth"
	"tollwatch/sensor/lab/wire"
)

// maxCalls is how many calls may run at once: the ports of a PBX, and what
// bounds the memory.
const maxCalls = 2000

// generator holds what lives at the same time.
type generator struct {
	p      scenario.Parameters
	seed   uint64
	site   *site // that calls find now
	home   *site
	moved  *site  // after a migration
	serial uint64 // of what is no call
	queue  queue
	tap    tap
	truth  *truth.Writer
	plan   *plan.Plan
	next   plan.Item
	totals truth.Totals

	registrars []*registrar
	attacks    []truth.Attack
	live       int
}

// Generate writes the capture of a scenario to pcap and its truth beside it.
// When ctx ends first, its error says so, and the truth holds the calls that
// were over.
func Generate(ctx context.Context, p scenario.Parameters, seed uint64, pcap, truthFile io.Writer) (truth.Totals, error) {
	g, err := newGenerator(p, seed, pcap, truthFile)
	if err != nil {
		return truth.Totals{}, err
	}
	g.queue.run(func() bool { return g.tap.err != nil || ctx.Err() != nil })
	if ctx.Err() != nil {
		g.close() // that it was stopped explains whatever cannot be written now
		return g.totals, fmt.Errorf("generate %s: stopped after %d calls, what is written is incomplete: %w", p.Name, g.totals.Calls, ctx.Err())
	}
	if err := g.tap.err; err != nil {
		return g.totals, err
	}
	return g.totals, g.close()
}

func newGenerator(p scenario.Parameters, seed uint64, pcap, truthFile io.Writer) (*generator, error) {
	p = scenario.Draw(p, seed)
	plan, err := scenario.New(p, seed)
	if err != nil {
		return nil, err
	}
	capture, err := wire.NewCapture(pcap, p.Wire.Nanoseconds)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(seed, streamSite))
	g := &generator{p: p, seed: seed, home: newSite(&p, rng, seed, lan), plan: plan}
	g.site, g.moved = g.home, g.home
	if !plan.Site.Migration.IsZero() {
		g.moved = newSite(&p, rng, blend(seed, 8), newLAN)
	}
	g.tap = tap{capture: capture, queue: &g.queue, totals: &g.totals, loss: p.Wire.SIPLoss, dice: rand.New(rand.NewPCG(seed, streamLoss))}
	g.truth = truth.NewWriter(truthFile, truth.Header{Scenario: p.Name, Seed: seed, Parameters: parameters(&p)})
	for i := range p.Attacks {
		g.attacks = append(g.attacks, truth.Attack{ID: p.Attacks[i].ID(i), Label: p.Attacks[i].Label})
	}
	g.background(rng)
	g.advance()
	return g, nil
}

// Streams of random numbers beside those of the scenario.
const (
	streamSite  = 1 << 16
	streamLegs  = 2 << 16
	streamPings = 3 << 16
	streamMoved = 4 << 16
	streamLoss  = 5 << 16
)

// background starts what goes on beside the calls.
func (g *generator) background(rng *rand.Rand) {
	start := g.p.Start.UnixNano()
	end := start + int64(g.p.Length)
	w := &g.p.Wire
	move := end
	if g.moved != g.home {
		move = min(g.plan.Site.Migration.UnixNano(), end)
	}
	if w.RegisterEvery > 0 {
		g.registerAll(g.home, rng, start, move, streamLegs)
		if move < end {
			g.registerAll(g.moved, rng, move, end, streamMoved)
		}
	}
	if w.KeepaliveEvery > 0 {
		k := &keepalive{tap: &g.tap, site: g.home, seed: blend(g.seed, streamPings), rng: rng, every: int64(w.KeepaliveEvery), end: end}
		g.queue.push(start+rng.Int64N(int64(w.KeepaliveEvery)), k)
	}
}

// registerAll keeps the telephones of a site registered.
func (g *generator) registerAll(s *site, rng *rand.Rand, start, end int64, stream uint64) {
	every := g.p.Wire.RegisterEvery
	for i, ext := range s.order {
		r := newRegistrar(&g.tap, s, ext, blend(g.seed, stream+uint64(i)), every, end)
		r.leg.visible = g.full() && g.plan.Site.SpeaksSIP(ext)
		g.registrars = append(g.registrars, r)
		g.queue.push(start+rng.Int64N(int64(every)), r)
	}
}

// parameters are those of the scenario as the truth repeats them.
func parameters(p *scenario.Parameters) map[string]any {
	all := map[string]any{}
	var attacks []map[string]string
	for range p.Attacks {
		attacks = append(attacks, map[string]string{})
	}
	for _, k := range scenario.Keys() {
		if !k.OfAttack() {
			all[k.Name] = k.Value(p, 0)
			continue
		}
		for i := range attacks {
			attacks[i][k.Name] = k.Value(p, i)
		}
	}
	all["attack"] = attacks
	return all
}

// advance fetches the next item and asks to be woken at its start.
func (g *generator) advance() {
	it, ok := g.plan.Next()
	if !ok {
		return
	}
	g.next = it
	g.queue.push(it.At.UnixNano(), g)
}

// step begins an item.
func (g *generator) step(now int64) (int64, bool) {
	g.do(&g.next, now)
	it, ok := g.plan.Next()
	g.next = it
	return max(it.At.UnixNano(), now), ok
}

func (g *generator) do(it *plan.Item, now int64) {
	switch {
	case it.Call != nil:
		g.begin(it.Call, now)
	case it.Registration != nil:
		r := it.Registration
		g.sign(it.At, r.AttackID, r.Extension, r.Address)
		g.register(now, r)
	case it.Probe != nil:
		p := it.Probe
		g.sign(it.At, p.AttackID, "", p.Address)
		g.probe(now, p)
	case it.Acknowledgment != nil:
		a := it.Acknowledgment
		g.sign(it.At, a.AttackID, a.Extension, netip.Addr{})
	}
}

// siteAt is the site before or after it moves to another PBX.
func (g *generator) siteAt(now int64) *site {
	if m := g.plan.Site.Migration; !m.IsZero() && now >= m.UnixNano() {
		return g.moved
	}
	return g.home
}

// close ends both documents and returns the first error.
func (g *generator) close() error {
	flushed := g.tap.capture.Flush()
	g.totals.Frames, g.totals.Bytes = g.tap.capture.Frames, g.tap.capture.Bytes
	registrations := []truth.Registration{}
	for _, r := range g.registrars {
		if r.record.Accepted > 0 {
			registrations = append(registrations, r.record)
		}
	}
	if g.attacks == nil {
		g.attacks = []truth.Attack{}
	}
	told := g.truth.Close(registrations, g.attacks, g.totals)
	if flushed != nil {
		return fmt.Errorf("write capture: %w", flushed)
	}
	return told
}
