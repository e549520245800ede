package sensor

import (
	"log/slog"
	"time"

	"tollwatch/bpf"
	"tollwatch/decoder"
	"tollwatch/decoder/media"
)

// Kernel counts RTP in the pipeline's stead: capture.Kernel, but for tests.
type Kernel interface {
	Announce(n *media.Notice)
	Forget(s media.StreamKey)
	Readings(dst []media.Reading) ([]media.Reading, error)
	Tallies() (bpf.Tallies, error)
}

// unknownFor is the patience with what is counted and has no stream: so long after
// its last packet it is forgotten.
const unknownFor = 10 * time.Second

// counting brings what the kernel counts into the pipeline, once a tick, and tells
// the kernel of endpoints. It belongs to the pipeline's goroutine.
type counting struct {
	kernel   Kernel
	log      *slog.Logger
	readings []media.Reading
	ended    []media.StreamKey
	read     int64 // when that was last, ns since 1970
	failed   bool  // the last time
	tallies  bpf.Tallies
}

// CountWith has the pipeline take the figures of streams from what counts RTP in its
// stead, before the first frame.
func (p *Pipeline) CountWith(k Kernel, log *slog.Logger) {
	p.counting = &counting{kernel: k, log: log}
	p.decoder.CountedElsewhere()
}

// notify hands on what the decoder learned of endpoints.
func (p *Pipeline) notify() {
	if p.counting == nil {
		return
	}
	for _, n := range p.decoder.Notices() {
		p.counting.kernel.Announce(&n)
	}
}

// count takes the kernel's figures; now is packet time.
func (p *Pipeline) count(now time.Time) {
	c := p.counting
	if c == nil {
		return
	}
	var err error
	if c.readings, err = c.kernel.Readings(c.readings[:0]); err != nil {
		c.fault(err)
		return
	}
	latest := c.read
	for i := range c.readings {
		r := &c.readings[i]
		events, known := p.decoder.ObserveCounters(r, c.read, now)
		p.judge(events)
		if !known && now.UnixNano()-r.Last >= int64(unknownFor) {
			c.kernel.Forget(media.StreamKey{Src: r.Src, Dst: r.Dst, SSRC: r.SSRC})
		}
		latest = max(latest, r.Last)
	}
	c.read = latest
	if c.tallies, err = c.kernel.Tallies(); err != nil {
		c.fault(err)
		return
	}
	p.decoder.ObserveElsewhere(elsewhere(&c.tallies))
	c.failed = false
}

// KernelFrames are what the kernel's programs did with each frame, by reason; nil
// where there are none.
func (p *Pipeline) KernelFrames() map[string]uint64 {
	if p.counting == nil {
		return nil
	}
	out := map[string]uint64{}
	for r := bpf.PassedSIP; r < bpf.Reasons; r++ {
		out[r.String()] = p.counting.tallies[r].Frames
	}
	return out
}

// forget lets the kernel go of streams that have ended.
func (p *Pipeline) forget() {
	c := p.counting
	if c == nil {
		return
	}
	c.ended = p.decoder.Ended(c.ended[:0])
	for _, s := range c.ended {
		c.kernel.Forget(s)
	}
}

// fault is logged once, until it has passed.
func (c *counting) fault(err error) {
	if !c.failed {
		c.log.Error("figures of the kernel not read: streams stand still until they are", "error", err)
	}
	c.failed = true
}

// elsewhere sorts the kernel's reasons into the books. Doubles of RTP, like all
// others, are ignored; ESP is a protocol that carries none of ours.
func elsewhere(t *bpf.Tallies) (e decoder.Elsewhere) {
	e.RTP, e.Doubles = t[bpf.RefusedRTP].Frames, t[bpf.RefusedDouble].Frames
	e.UDP, e.TCP, e.Protocols = t[bpf.RefusedUDP].Frames, t[bpf.RefusedTCP].Frames, t[bpf.RefusedESP].Frames
	for r := bpf.RefusedRTP; r < bpf.Reasons; r++ {
		e.Bytes += t[r].Bytes
	}
	return e
}
