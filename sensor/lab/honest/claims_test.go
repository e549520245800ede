package honest

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
)

// All bounds are four standard errors, computed from the number of what was
// counted.

var measured = sync.OnceValue(func() map[string]*Measured {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	all := map[string]*Measured{}
	for _, p := range Profiles() {
		all[p.Name] = Measure(p, 11, zone)
	}
	return all
})

// TestClaims holds each kind of site to the laws that it claims.
func TestClaims(t *testing.T) {
	all := measured()
	for _, p := range Profiles() {
		m, tr := all[p.Name], p.Traffic
		if len(m.Days) != 130 || len(m.Gaps) < 1000 {
			t.Fatalf("%s: %d working days, %d gaps", p.Name, len(m.Days), len(m.Gaps))
		}
		n := float64(len(m.Talks))
		labtest.Near(t, p.Name+": answered", m.Answered, tr.Answer, 4*math.Sqrt(tr.Answer*(1-tr.Answer)/float64(m.Calls)))

		logs := make([]float64, len(m.Talks))
		for i, s := range m.Talks {
			logs[i] = math.Log(s)
		}
		mu, sigma := labtest.Moments(logs)
		law := lawOfTalks(&tr)
		labtest.Near(t, p.Name+": mean of ln seconds", mu, law.mu, 4*law.sigma/math.Sqrt(n))
		labtest.Near(t, p.Name+": sigma of ln seconds", sigma, law.sigma, 4*law.sigma*math.Sqrt((law.kurtosis-1)/4/n))
		labtest.Near(t, p.Name+": mean talk", m.Mean, law.mean, 4*law.deviation/math.Sqrt(n))
		// The sample median's error is 1/(2 f √n), f being the density there.
		labtest.Near(t, p.Name+": median talk", m.Median, tr.TalkMedian.Seconds(), 4*tr.TalkMedian.Seconds()*tr.TalkSigma*math.Sqrt(math.Pi/2/n))

		days := float64(len(m.Days))
		mean, _ := labtest.Moments(m.Days)
		variance, fourth := lawOfDays(tr.Outbound, tr.DaySpread)
		labtest.Near(t, p.Name+": calls of a day", mean, tr.Outbound, 4*math.Sqrt(variance/days))
		labtest.Near(t, p.Name+": Fano factor", m.Fano(), tr.FanoExpected(), 4*math.Sqrt((fourth-variance*variance)/days)/tr.Outbound)

		// A distance of 2.28 is as improbable as four standard errors: 2 exp(−2d²) = 6.3e−5.
		if d := m.Distance(); d > 2.28 {
			t.Errorf("%s: gaps are %.2f from what chance makes", p.Name, d)
		}
	}
}

// TestPublished compares with figures that others have published, where the
// kinds of site claim to follow them.
func TestPublished(t *testing.T) {
	all := measured()
	// Brown et al., JASA 100 (2005): services of a call centre of people, mean 188 s, median 114 s.
	office := all["office"]
	p, _ := Lookup("office")
	n, law := float64(len(office.Talks)), lawOfTalks(&p.Traffic)
	labtest.Near(t, "mean talk", office.Mean, 188, 4*law.deviation/math.Sqrt(n))
	labtest.Near(t, "median talk", office.Median, 114, 4*114*math.Sqrt(math.Pi/2/n))
	// Avaya's guide: 0.25 (light) to 0.75 (heavy) calls out by telephone in the busy hour. Rooms of a hotel and beds of
	// a clinic call less, those whom a dialler helps far more.
	for name, m := range all {
		p, _ := Lookup(name)
		phones := float64(p.Extensions)
		hour := m.BusiestHour * phones
		by := 4 * math.Sqrt((hour+hour*hour*math.Expm1(sq(p.Traffic.DaySpread)))/float64(len(m.Days))) / phones
		least, most := .25-by, .75+by
		switch name {
		case "hotel", "hospital":
			least, most = 0, .25+by
		case "call_centre":
			least, most = .75, math.Inf(1)
		}
		if m.BusiestHour < least || m.BusiestHour > most {
			t.Errorf("%s: %.2f calls by telephone in the busiest hour, want %.2f to %.2f", name, m.BusiestHour, least, most)
		}
	}
}

// TestGapsOfAClock: what is not chance is seen: a machine's calls, as many as an
// office makes.
func TestGapsOfAClock(t *testing.T) {
	m := &Measured{}
	var c counter
	start := time.Date(2026, time.February, 2, 8, 0, 0, 0, time.UTC)
	for i := range 2000 {
		c.take(m, start.Add(time.Duration(i)*4*time.Minute))
	}
	if d := m.Distance(); d < 5 {
		t.Errorf("calls by the clock are %.2f from chance, want far more", d)
	}
}

// law is that of talks: lognormal, but not under a second or over the longest.
type law struct{ mu, sigma, kurtosis, mean, deviation float64 }

func lawOfTalks(t *Traffic) law {
	moment := func(f func(seconds float64) float64) float64 {
		const step = 1e-3
		sum := 0.0
		for z := -8.0; z <= 8; z += step {
			s := min(max(t.TalkMedian.Seconds()*math.Exp(t.TalkSigma*z), 1), t.TalkMost.Seconds())
			sum += f(s) * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * step
		}
		return sum
	}
	var l law
	l.mu = moment(math.Log)
	l.sigma = math.Sqrt(moment(func(s float64) float64 { return sq(math.Log(s) - l.mu) }))
	l.kurtosis = moment(func(s float64) float64 { return sq(sq((math.Log(s) - l.mu) / l.sigma)) })
	l.mean = moment(func(s float64) float64 { return s })
	l.deviation = math.Sqrt(moment(func(s float64) float64 { return sq(s - l.mean) }))
	return l
}

// lawOfDays is the variance and the fourth central moment of Poisson counts
// whose mean is lognormal: their k-th factorial moment is m^k exp(k(k−1)s²/2).
func lawOfDays(m, s float64) (variance, fourth float64) {
	f := func(k float64) float64 { return math.Pow(m, k) * math.Exp(k*(k-1)*s*s/2) }
	m1, m2, m3, m4 := f(1), f(2)+f(1), f(3)+3*f(2)+f(1), f(4)+6*f(3)+7*f(2)+f(1)
	return m2 - m1*m1, m4 - 4*m1*m3 + 6*m1*m1*m2 - 3*m1*m1*m1*m1
}

// TestContactsFollowZipf: the most called number is called twice as often as the
// second, and so on, at home and abroad, at a site of each kind.
func TestContactsFollowZipf(t *testing.T) {
	const n = 20000
	for _, p := range Profiles() {
		for _, abroad := range []float64{0, 1} {
			s, tr := site(t, p, 4, time.Hour), p.Traffic
			tr.International, tr.Guests, tr.NewCountry = abroad, 0, 0
			c := newContacts(s, &tr)
			numbers := c.home
			if abroad == 1 {
				numbers = c.abroad
			}
			rng, counts := s.Rand(1), map[string]float64{}
			for range n {
				counts[c.draw(rng, s.Start)]++
			}
			share := map[string]float64{} // a number may stand twice
			for k, number := range numbers {
				share[number] += 1 / float64(k+1) / harmonic(len(numbers))
			}
			for k, number := range numbers[:min(5, len(numbers))] {
				want := share[number]
				labtest.Near(t, fmt.Sprintf("%s: contact %d", p.Name, k+1), counts[number]/n, want, 4*math.Sqrt(want*(1-want)/n))
			}
		}
	}
}

func harmonic(n int) float64 {
	sum := 0.0
	for k := range n {
		sum += 1 / float64(k+1)
	}
	return sum
}

// TestCallsAbroad: so many go abroad, of them so many to this week's guests, to
// anywhere and to prone countries.
func TestCallsAbroad(t *testing.T) {
	const n = 40000
	for _, p := range Profiles() {
		s, tr := site(t, p, 4, time.Hour), p.Traffic
		tr.ContactsAbroad = 10000 // so that the share of prone ones among them is that of all
		c := newContacts(s, &tr)
		known := map[string]bool{}
		for _, number := range c.abroad {
			known[number] = true
		}
		rng := s.Rand(1)
		abroad, guests := 0.0, 0.0
		for range n {
			number := c.draw(rng, s.Start)
			if number[:len(plan.HomePrefix)] == plan.HomePrefix {
				continue
			}
			abroad++
			if !known[number] && tr.Guests > 0 && c.ofGuests(number, s.Start) {
				guests++
			}
		}
		labtest.Near(t, p.Name+": abroad", abroad/n, tr.International, 4*math.Sqrt(tr.International*(1-tr.International)/n))
		if tr.Guests > 0 && guests/abroad < tr.Guests*.8 {
			t.Errorf("%s: %.2f of calls abroad are to guests' countries, want about %.2f", p.Name, guests/abroad, tr.Guests)
		}
		prone := 0.0
		for _, number := range c.abroad {
			if r, _ := plan.Block(number); r.Kind == plan.Prone {
				prone++
			}
		}
		labtest.Near(t, p.Name+": contacts in prone countries", prone/1e4, tr.Prone, 4*math.Sqrt(tr.Prone*(1-tr.Prone)/1e4))
	}
}
