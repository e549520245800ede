package media

import (
	"strings"
	"time"
)

// The E-model, ITU-T G.107 §7, with all parameters at their defaults but
// packet loss and delay: R = 93.2 - Id - Ie,eff. docs/formulas.md has the
// formulas with worked numbers.
const (
	defaultR = 93.2 // R0 - Is at default values, G.107 Table 3

	// The one-way delay is not visible from one tap. What is known to be in it
	// is taken: a packet's length and a jitter buffer of twice the jitter.
	packetTime = 20 * time.Millisecond
	buffers    = 2
)

// minPackets is how many packets a figure of quality needs: one second.
const minPackets = 50

// impairment is what a codec costs (ITU-T G.113 Appendix I): Ie without loss,
// and Bpl, its robustness against random loss with its own concealment.
type impairment struct{ Ie, Bpl float64 }

// impairments has the codecs whose figures G.113 Appendix I gives. G.711 is
// taken with packet loss concealment (G.711 Appendix I), as telephones have it.
var impairments = map[string]impairment{
	"PCMU": {0, 25.1}, "PCMA": {0, 25.1},
	"G729":    {11, 19}, // G.729A with VAD, Table I.4
	"G723":    {15, 16.1},
	"GSM-EFR": {5, 10},
}

// rating is R and MOS, or why there are none.
type rating struct {
	R, MOS   float64
	withheld string
}

// rate judges a stream by its loss and jitter.
func rate(codec string, audio bool, c *Counters) rating {
	if !audio {
		return rating{withheld: "no audio"}
	}
	if codec == "" {
		return rating{withheld: "codec not known"}
	}
	i, ok := impairments[strings.ToUpper(codec)]
	if !ok {
		return rating{withheld: "no impairment figures for " + codec}
	}
	if c.Packets < minPackets {
		return rating{withheld: "too few packets"}
	}
	loss := 100 * float64(c.Lost()) / float64(c.Expected())
	delay := packetTime + time.Duration(buffers*c.JitterMean())
	r := max(defaultR-delayImpairment(delay)-i.effective(loss), 0)
	return rating{R: r, MOS: MOS(r)}
}

// effective is Ie,eff of G.107 §7.5 for random loss (BurstR = 1); loss in per
// cent.
func (i impairment) effective(loss float64) float64 {
	return i.Ie + (95-i.Ie)*loss/(loss+i.Bpl)
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
