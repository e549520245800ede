package media

import (
	"math"
	"time"
)

// The E-model, ITU-T G.107 §7 and its wideband form G.107.1, with all parameters
// at their defaults but packet loss and delay. docs/formulas.md has the formulas
// with worked numbers.
const (
	defaultR  = 93.2 // R0 - Is at default values, G.107 Table 3
	wideR     = 129  // the same of G.107.1
	wideScale = 1.29 // from its scale to that of G.107 (G.107.1 §7.7)

	// The one-way delay is not visible from one tap. What is known to be in it
	// is taken: a packet's length and a jitter buffer of twice the jitter.
	packetTime = 20 * time.Millisecond
	buffers    = 2
)

// minPackets is how many packets a figure of quality needs: one second.
const minPackets = 50

// rating is R and MOS, or why there are none.
type rating struct {
	R, MOS   float64
	withheld string
}

// rate judges the stream; lossy says that the sensor itself may have lost
// packets of it.
func (s *stream) rate(lossy bool) rating {
	switch {
	case s.fax:
		return rating{withheld: "fax"}
	case !s.audio && s.place != nil:
		return rating{withheld: "no audio"}
	case lossy:
		return rating{withheld: "the sensor lost frames"}
	case s.mixed:
		return rating{withheld: "the codec changed"}
	}
	return rate(s.codec.Name, &s.Counters)
}

// rate judges speech by its loss and jitter.
func rate(codec string, c *Counters) rating {
	if codec == "" {
		return rating{withheld: "codec not known"}
	}
	i, ok := impairmentOf(codec)
	switch {
	case !ok:
		return rating{withheld: "no impairment figures for " + codec}
	case c.Packets < minPackets:
		return rating{withheld: "too few packets"}
	case i.Bpl == 0 && c.Lost() > 0:
		return rating{withheld: "no figures for loss with " + codec}
	}
	delay := packetTime + time.Duration(buffers*c.JitterMean())
	impaired := i.effective(c.lossPercent(), c.BurstRatio())
	r := defaultR - delayImpairment(delay) - impaired
	if i.wide {
		r = (wideR - wideDelay(delay) - impaired) / wideScale
	}
	r = max(r, 0)
	return rating{R: r, MOS: MOS(r)}
}

func (c *Counters) lossPercent() float64 {
	if e := c.Expected(); e > 0 {
		return 100 * float64(c.Lost()) / float64(e)
	}
	return 0
}

// The range in which the burst ratio holds (G.107 Table 2): up to 8, and up to 2
// from a loss of 2 per cent on.
const (
	maxBurst     = 8
	maxBurstHigh = 2
	highLoss     = 2
)

// effective is Ie,eff of G.107 §7.5; loss in per cent.
func (i impairment) effective(loss, burst float64) float64 {
	if loss == 0 {
		return i.Ie
	}
	burst = min(burst, maxBurst)
	if loss >= highLoss {
		burst = min(burst, maxBurstHigh)
	}
	return i.Ie + (95-i.Ie)*loss/(loss/burst+i.Bpl)
}

// delayImpairment is Id as R. Cole and J. Rosenbluth reduced it (2001) for a
// connection without echo: linear, with a knee at 177.3 ms.
func delayImpairment(d time.Duration) float64 {
	ms := float64(d) / float64(time.Millisecond)
	id := 0.024 * ms
	if ms > 177.3 {
		id += 0.11 * (ms - 177.3)
	}
	return id
}

// wideDelay is Idd of G.107.1 §7.4, which is that of G.107: nothing up to 100 ms.
func wideDelay(d time.Duration) float64 {
	x := math.Log2(float64(d) / float64(100*time.Millisecond))
	if x <= 0 {
		return 0
	}
	return 25 * (math.Pow(1+math.Pow(x, 6), 1./6) - 3*math.Pow(1+math.Pow(x/3, 6), 1./6) + 2)
}

// MOS turns R into the mean opinion score (G.107 Annex B).
func MOS(r float64) float64 {
	switch {
	case r <= 0:
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1+0.035*r+r*(r-60)*(100-r)*7e-6, 1)
}
