package kpi

import (
	"math"
	"testing"
	"time"
)

// TestHour: what is older than an hour no longer counts, to ten seconds.
func TestHour(t *testing.T) {
	var h Hour
	call := func(answered bool, talk float64) *Figures {
		f := &Figures{Attempts: 1, Ended: 1}
		if answered {
			f.Answered, f.Effective = 1, 1
			f.Talk.observe(time.Duration(talk * float64(time.Second)))
			f.PDD.observe(2 * time.Second)
		}
		return f
	}
	if !math.IsNaN(h.ASR()) || !math.IsNaN(h.ACD()) || !math.IsNaN(h.PDD()) {
		t.Error("an hour of nothing: got figures, want NaN")
	}
	h.Observe(noon, call(true, 10))
	h.Observe(noon.Add(10*time.Minute), call(true, 30))
	h.Observe(noon.Add(59*time.Minute), call(false, 0))
	for _, c := range []struct {
		after         time.Duration
		asr, ner, acd float64
	}{
		{59*time.Minute + 50*time.Second, 2. / 3, 2. / 3, 20}, {60 * time.Minute, 1. / 2, 1. / 2, 30},
		{70 * time.Minute, 0, 0, math.NaN()}, {119 * time.Minute, math.NaN(), math.NaN(), math.NaN()},
	} {
		h.Observe(noon.Add(c.after), &Figures{})
		for name, got := range map[string][2]float64{"ASR": {h.ASR(), c.asr}, "NER": {h.NER(), c.ner}, "ACD": {h.ACD(), c.acd}} {
			if got[0] != got[1] && !(math.IsNaN(got[0]) && math.IsNaN(got[1])) {
				t.Errorf("%s after %s: got %v, want %v", name, c.after, got[0], got[1])
			}
		}
	}
	h.Observe(noon, call(true, 1)) // the clock was set back
	if h.ACD() != 1 {
		t.Errorf("after a clock set back: got ACD %v, want 1", h.ACD())
	}
}

// TestUsual: three working weeks of four calls at once in the morning, and a week
// of twelve after them.
func TestUsual(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	u := &Usual{}
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, paris)
	watch := func(from time.Time, length time.Duration, calls int) {
		for at := from; at.Before(from.Add(length)); at = at.Add(slotWidth * time.Second) {
			busy := 0
			if h := at.In(paris).Hour(); h >= 9 && h < 12 {
				busy = calls
			}
			u.Observe(at.In(paris), busy)
		}
	}
	if !math.IsNaN(u.At(monday)) {
		t.Error("nothing learned: got a figure, want NaN")
	}
	watch(monday, 21*24*time.Hour, 4)
	watch(monday.Add(21*24*time.Hour), 7*24*time.Hour, 12)
	ten := monday.Add(28*24*time.Hour + 10*time.Hour) // summer time has begun in between
	if got := u.At(ten.In(paris)); got != 6 {
		t.Errorf("at %s: got %v, want 6", ten, got)
	}
	if got := u.At(monday.Add(15 * time.Hour)); got != 0 {
		t.Errorf("in the afternoon: got %v, want 0", got)
	}
	b, _ := u.AppendBinary(nil)
	var read Usual
	if err := read.UnmarshalBinary(b); err != nil || read.At(ten.In(paris)) != 6 {
		t.Errorf("read back: got %v, %v, want 6", read.At(ten.In(paris)), err)
	}
	b[3]++
	for _, damaged := range [][]byte{nil, b[1:], append(b, 0), make([]byte, len(b))} {
		if read.UnmarshalBinary(damaged) == nil {
			t.Errorf("%d damaged bytes: read, want an error", len(damaged))
		}
	}
}

// TestUsualTakesNoPartForTheWhole: of an hour in which the sensor was started
// nothing is learned.
func TestUsualTakesNoPartForTheWhole(t *testing.T) {
	u := &Usual{}
	for at := noon.Add(40 * time.Minute); at.Before(noon.Add(61 * time.Minute)); at = at.Add(slotWidth * time.Second) {
		u.Observe(at, 5)
	}
	if got := u.At(noon); !math.IsNaN(got) {
		t.Errorf("got %v, want NaN", got)
	}
}
