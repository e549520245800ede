package window

import (
	"math"
	"time"
)

// Rate learns how often something happens and says how surprising a count is.
// Events are Poisson with a rate λ that is itself Gamma distributed: shape and
// exposure of the prior, plus events seen and time watched, both with a
// half-life. A count in the next window is then negative binomial. 72 bytes.
type Rate struct {
	Shape    float64       // of the prior, in events: 0.5
	Prior    float64       // of the prior, in windows: Shape over the mean count of one window
	Window   time.Duration // what counts are taken over: 10 minutes
	HalfLife time.Duration // of what was learned: 30 days

	n       float64 // learned events
	watched float64 // learned windows
	at      int64   // Unix nanoseconds up to which time was watched; 0 = not yet
}

// Observe learns events that happened up to now; 0 of them teach that nothing
// happened. What is suspicious must not be given to it.
func (r *Rate) Observe(now time.Time, events int) {
	r.advance(now)
	r.n += float64(events)
}

// Surprise returns −log10 of the probability of k or more events in one window.
func (r *Rate) Surprise(k int) float64 {
	shape, p := r.predict()
	return SurpriseNegBin(k, shape, p)
}

// Mean returns the expected events in one window.
func (r *Rate) Mean() float64 { return (r.Shape + r.n) / (r.Prior + r.watched) }

func (r *Rate) predict() (shape, p float64) {
	exposure := r.Prior + r.watched
	return r.Shape + r.n, exposure / (exposure + 1)
}

// advance lets events and time decay alike, and adds the time since.
func (r *Rate) advance(now time.Time) {
	t := now.UnixNano()
	if r.at == 0 || t <= r.at || r.Window <= 0 {
		r.at = max(r.at, t)
		return
	}
	age := float64(t - r.at)
	r.at = t
	kept, gained := 1.0, age
	if r.HalfLife > 0 { // time decays while it is gained: the integral of the decay
		life := float64(r.HalfLife) / math.Ln2
		kept = math.Exp(-age / life)
		gained = life * -math.Expm1(-age/life)
	}
	r.n *= kept
	r.watched = r.watched*kept + gained/float64(r.Window)
}

// AppendBinary appends what was learned, 25 bytes; the settings are no part of it.
func (r *Rate) AppendBinary(dst []byte) ([]byte, error) {
	return appendInt(appendFloat(appendFloat(appendVersion(dst), r.n), r.watched), r.at), nil
}

// UnmarshalBinary takes back what AppendBinary wrote.
func (r *Rate) UnmarshalBinary(data []byte) error {
	d := newDecoder(data)
	n, watched, at := d.amount(), d.amount(), d.int()
	if err := d.end(); err != nil {
		return err
	}
	r.n, r.watched, r.at = n, watched, at
	return nil
}
