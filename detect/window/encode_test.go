package window

import (
	"bytes"
	"encoding"
	"errors"
	"testing"
	"time"
)

// state is what every learned type can do.
type state interface {
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// learned returns one of each type that has seen something, and an empty twin.
func learned() map[string][2]state {
	buckets, set := NewBuckets(12, time.Minute), NewSet(4)
	buckets.Add(monday, 2.5)
	for _, h := range hashes(6) {
		set.Add(h)
	}
	e, d, r := &EWMA{HalfLife: time.Hour}, &Decay{HalfLife: time.Hour}, &Rate{Shape: 1, Prior: 1, Window: time.Minute}
	h, w := &Histogram{}, &Week{}
	for i := range 9 {
		now := after(time.Duration(i) * time.Hour)
		e.Observe(now, float64(i))
		d.Add(now, 1)
		r.Observe(now, i)
		h.Observe(i)
		w.Observe(now)
	}
	return map[string][2]state{
		"buckets": {buckets, NewBuckets(12, time.Minute)}, "set": {set, NewSet(4)},
		"ewma": {e, &EWMA{}}, "decay": {d, &Decay{}}, "rate": {r, &Rate{}}, "histogram": {h, &Histogram{}}, "week": {w, &Week{}},
	}
}

func TestStateComesBack(t *testing.T) {
	for name, pair := range learned() {
		full, _ := pair[0].AppendBinary(nil)
		empty, _ := pair[1].AppendBinary(nil)
		for cut := range full {
			if err := pair[1].UnmarshalBinary(full[:cut]); !errors.Is(err, ErrState) {
				t.Fatalf("%s: got %v for %d of %d bytes, want ErrState", name, err, cut, len(full))
			}
		}
		other := append([]byte{version + 1}, full[1:]...)
		if err := pair[1].UnmarshalBinary(other); !errors.Is(err, ErrState) {
			t.Errorf("%s: got %v for another version, want ErrState", name, err)
		}
		if err := pair[1].UnmarshalBinary(append(full[:len(full):len(full)], 0)); !errors.Is(err, ErrState) {
			t.Errorf("%s: got %v for a byte too many, want ErrState", name, err)
		}
		if now, _ := pair[1].AppendBinary(nil); !bytes.Equal(now, empty) {
			t.Errorf("%s: refused bytes changed the state", name)
		}
		if err := pair[1].UnmarshalBinary(full); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if back, _ := pair[1].AppendBinary(nil); !bytes.Equal(back, full) {
			t.Errorf("%s: came back otherwise", name)
		}
	}
}

// Whatever the bytes are, they are refused or give a state that can be written
// and read again and used without harm.
func FuzzUnmarshal(f *testing.F) {
	for _, pair := range learned() {
		full, _ := pair[0].AppendBinary(nil)
		f.Add(full)
		f.Add(full[:len(full)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, pair := range learned() {
			if pair[1].UnmarshalBinary(data) != nil {
				continue
			}
			out, _ := pair[1].AppendBinary(nil)
			if err := pair[1].UnmarshalBinary(out); err != nil {
				t.Errorf("%s: own bytes refused: %v", name, err)
			}
			switch s := pair[1].(type) {
			case *Set:
				s.Add(1)
				if n, exact := s.Count(); exact && n > 4 {
					t.Errorf("set: got %d, exact, over its cap of 4", n)
				}
			case *Buckets:
				s.Add(monday, 1)
				s.Sum(monday)
			case *Rate:
				s.Observe(monday, 1)
				s.Surprise(3)
			}
		}
	})
}
