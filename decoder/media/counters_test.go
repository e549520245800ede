package media

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// sequences counts packets with these sequence numbers, 20 ms apart.
func sequences(numbers ...uint16) *Counters {
	var c Counters
	c.SetTick(tick(8000))
	for i, s := range numbers {
		c.ObservePacket(s, uint32(s)*160, 160, true, epoch.Add(time.Duration(i)*20*time.Millisecond).UnixNano())
	}
	return &c
}

func tick(clockRate int) float64 { return 1e9 / float64(clockRate) }

// through is the numbers from first to last, across the wrap.
func through(first, last uint16) (out []uint16) {
	for s := first; s != last; s++ {
		out = append(out, s)
	}
	return append(out, last)
}

func join(parts ...[]uint16) (out []uint16) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func doubled(in []uint16) (out []uint16) {
	for _, s := range in {
		out = append(out, s, s)
	}
	return out
}

func TestSequence(t *testing.T) {
	type books struct{ expected, lost, duplicates, reordered, restarts uint64 }
	for _, c := range []struct {
		name string
		in   []uint16
		want books
	}{
		{"none", nil, books{}},
		{"one", []uint16{7}, books{expected: 1}},
		{"in order", through(1, 100), books{expected: 100}},
		{"one lost", []uint16{1, 2, 4, 5}, books{expected: 5, lost: 1}},
		{"lost across the wrap", []uint16{65534, 65535, 1, 2}, books{expected: 5, lost: 1}},
		{"wrapped twice", join(through(0, 65535), through(0, 65535), through(0, 9)), books{expected: 131082}},
		{"duplicate", []uint16{1, 2, 2, 3}, books{expected: 3, duplicates: 1}},
		{"all doubled", doubled(through(1, 50)), books{expected: 50, duplicates: 50}},
		{"a duplicate does not hide a loss", []uint16{1, 2, 2, 4}, books{expected: 4, lost: 1, duplicates: 1}},
		{"reordered", []uint16{1, 3, 2, 4}, books{expected: 4, reordered: 1}},
		{"reordered across the wrap", []uint16{65535, 1, 0, 2}, books{expected: 4, reordered: 1}},
		{"reordered, then doubled", []uint16{1, 3, 2, 2, 4}, books{expected: 4, reordered: 1, duplicates: 1}},
		{"before the first", []uint16{10, 9, 11}, books{expected: 3, reordered: 1}},
		{"before the first, across the wrap", []uint16{0, 65535, 1}, books{expected: 3, reordered: 1}},
		{"late by the window", join(through(0, 4), through(6, 1028), []uint16{5}), books{expected: 1029, reordered: 1}},
		{"longest loss", []uint16{1, 3000}, books{expected: 3000, lost: 2998}},
		{"restarted after a jump", join(through(1, 10), through(40000, 40009)), books{expected: 20, restarts: 1}},
		{"restarted backwards", join(through(5000, 5009), through(1, 10)), books{expected: 20, restarts: 1}},
		{"restarted, all doubled", doubled(join(through(1, 10), through(40000, 40009))), books{expected: 20, duplicates: 20, restarts: 1}},
		{"restarted in disorder", join(through(1, 5), []uint16{40000, 40001, 40003, 40002}), books{expected: 9, reordered: 1, restarts: 1}},
		{"lost before and after a restart", []uint16{1, 3, 40000, 40001, 40003}, books{expected: 7, lost: 2, restarts: 1}},
		{"restarted where a number was missing, then doubled", []uint16{1, 3, 40962, 40963, 40962}, books{expected: 5, lost: 1, duplicates: 1, restarts: 1}},
		{"restarted one before where a number was missing, then doubled", []uint16{1, 3, 40961, 40962, 40962}, books{expected: 5, lost: 1, duplicates: 1, restarts: 1}},
		{"a stray", join(through(1, 5), []uint16{40000}, through(6, 10)), books{expected: 11}},
		{"a stray, doubled", join(through(1, 5), []uint16{40000, 40000}, through(6, 10)), books{expected: 11, duplicates: 1}},
	} {
		got := sequences(c.in...)
		b := books{got.Expected(), got.Lost(), got.Duplicates(), got.Reordered(), uint64(got.Restarts())}
		if b != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, b, c.want)
		}
		if got.Packets != uint64(len(c.in)) || got.Unique()+got.Duplicates() != got.Packets {
			t.Errorf("%s: %d packets, %d unique and %d duplicates of %d", c.name, got.Packets, got.Unique(), got.Duplicates(), len(c.in))
		}
	}
}

// TestSequenceAgainstSet compares loss and duplicates of a shuffled, thinned and
// doubled run with a plain set of what came.
func TestSequenceAgainstSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 50 {
		first := uint16(r.IntN(65536))
		var in []uint16
		for i := range 2000 {
			if r.IntN(20) > 0 {
				in = append(in, first+uint16(i))
			}
			if r.IntN(30) == 0 {
				in = append(in, first+uint16(i))
			}
		}
		for i := range in { // each packet moves by up to 20 places
			j := min(i+r.IntN(20), len(in)-1)
			in[i], in[j] = in[j], in[i]
		}
		set, low, high := map[uint16]bool{}, uint16(65535), uint16(0)
		for _, s := range in {
			set[s] = true
			low, high = min(low, s-first), max(high, s-first)
		}
		got := sequences(in...)
		expected := uint64(high-low) + 1
		if got.Expected() != expected || got.Unique() != uint64(len(set)) || got.Duplicates() != uint64(len(in)-len(set)) {
			t.Errorf("round %d from %d: got %d expected, %d unique, %d duplicates, want %d, %d, %d",
				round, first, got.Expected(), got.Unique(), got.Duplicates(), expected, len(set), len(in)-len(set))
		}
	}
}

// TestGaps compares the runs of loss with those of a plain set, whatever late
// packets fill, split or shorten.
func TestGaps(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for round := range 200 {
		const n = 400
		present := [n]bool{0: true, n - 1: true}
		in := []uint16{0}
		for i := 1; i < n-1; i++ {
			if present[i] = r.IntN(3) > 0; present[i] {
				in = append(in, uint16(i))
			}
		}
		in = append(in, n-1)
		for i := range in {
			j := min(i+r.IntN(1+round%40), len(in)-1)
			in[i], in[j] = in[j], in[i]
		}
		gaps, lost := uint64(0), 0.0
		for i := 1; i < n; i++ {
			if !present[i] {
				lost++
			}
			if !present[i] && present[i-1] {
				gaps++
			}
		}
		got := sequences(in...)
		if want := max(1, lost/float64(gaps)*(1-lost/n)); got.Gaps() != gaps || math.Abs(got.BurstRatio()-want) > 1e-9 {
			t.Errorf("round %d: got %d gaps, burst ratio %v, want %d, %v: %v", round, got.Gaps(), got.BurstRatio(), gaps, want, in)
		}
	}
	if got := sequences(1, 2, 3).BurstRatio(); got != 1 {
		t.Errorf("nothing lost: got burst ratio %v, want 1", got)
	}
	if got := sequences(join(through(1, 50), through(61, 110))...).BurstRatio(); math.Abs(got-10*100.0/110) > 1e-9 {
		t.Errorf("ten in a row lost: got burst ratio %v, want 9.09", got)
	}
}

// model is RFC 3550 §6.4.1 in floating point, in seconds.
type model struct{ j, sum, peak, transit, n float64 }

func (m *model) observe(arrival, media float64) {
	transit := arrival - media
	if m.n > 0 {
		m.j += (math.Abs(transit-m.transit) - m.j) / 16
		m.sum += m.j
		m.peak = max(m.peak, m.j)
	}
	m.transit = transit
	m.n++
}

func TestJitterAgainstModel(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		name  string
		clock int
		delay func(i int) time.Duration
	}{
		{"constant", 8000, func(int) time.Duration { return 40 * time.Millisecond }},
		{"every other one late", 8000, func(i int) time.Duration { return time.Duration(i%2) * 10 * time.Millisecond }},
		{"random", 8000, func(int) time.Duration { return time.Duration(r.IntN(60000)) * time.Microsecond }},
		{"random, 48 kHz", 48000, func(int) time.Duration { return time.Duration(r.IntN(9000)) * time.Microsecond }},
	} {
		var got Counters
		got.SetTick(tick(c.clock))
		var want model
		for i := range 1000 {
			arrival := time.Duration(i)*20*time.Millisecond + c.delay(i)
			timestamp := uint32(0xfffff000) + uint32(i*c.clock/50) // wraps on the way
			got.ObservePacket(uint16(i), timestamp, 160, true, epoch.Add(arrival).UnixNano())
			want.observe(arrival.Seconds(), float64(i)/50)
		}
		mean, peak := want.sum/(want.n-1), want.peak
		if math.Abs(got.JitterMean()/1e9-mean) > 1e-8 || math.Abs(got.JitterMax/1e9-peak) > 1e-8 {
			t.Errorf("%s: got mean %v max %v, want %v %v", c.name, got.JitterMean()/1e9, got.JitterMax/1e9, mean, peak)
		}
	}
}

func TestWhatIsNoJitter(t *testing.T) {
	at := func(ms int) int64 { return epoch.Add(time.Duration(ms) * time.Millisecond).UnixNano() }
	for _, c := range []struct {
		name string
		feed func(c *Counters)
	}{
		{"a duplicate that comes late", func(c *Counters) { c.ObservePacket(2, 320, 160, true, at(99)) }},
		{"a digit, whose time stamp stands", func(c *Counters) { c.ObservePacket(3, 320, 4, false, at(70)) }},
		{"a stray", func(c *Counters) { c.ObservePacket(30000, 1<<30, 160, true, at(70)) }},
		{"time stamps set anew", func(c *Counters) { c.ObservePacket(3, 1<<30, 160, true, at(60)) }},
		{"a restart", func(c *Counters) {
			c.ObservePacket(30000, 1<<20, 160, true, at(60))
			c.ObservePacket(30001, 1<<20+160, 160, true, at(80))
			c.ObservePacket(30002, 1<<20+320, 160, true, at(100))
		}},
		{"another clock", func(c *Counters) { c.SetTick(tick(16000)); c.ObservePacket(3, 480, 160, true, at(99)) }},
		{"an unknown clock", func(c *Counters) { c.SetTick(0); c.ObservePacket(3, 1<<20, 160, true, at(99)) }},
	} {
		var got Counters
		got.SetTick(tick(8000))
		for i := range 3 {
			got.ObservePacket(uint16(i), uint32(i)*160, 160, true, at(20*i))
		}
		c.feed(&got)
		if got.JitterMax != 0 || got.JitterMean() != 0 {
			t.Errorf("%s: got jitter %v, mean %v, want 0", c.name, got.JitterMax, got.JitterMean())
		}
	}
}
