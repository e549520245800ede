package points

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// where is a line's series and nanosecond: what a server keeps one point of.
func where(line []byte) string {
	at := bytes.LastIndexByte(line, ' ')
	return string(line[:bytes.IndexByte(line, ' ')]) + string(line[at:])
}

func nanosecond(t *testing.T, line []byte) int64 {
	t.Helper()
	n, err := strconv.ParseInt(string(bytes.TrimSpace(line[bytes.LastIndexByte(line, ' ')+1:])), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNoTwoPointsOfASeriesAtOneNanosecond: whatever ends in one moment, in any order,
// legs that are alike in everything among it.
func TestNoTwoPointsOfASeriesAtOneNanosecond(t *testing.T) {
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 1))
		e := NewEncoder(Identity{Site: "s"})
		seen := map[string]bool{}
		for range 30_000 {
			at := night.Add(time.Duration(r.IntN(3)) * time.Millisecond).Add(time.Duration(r.IntN(1000)))
			what := fmt.Sprint(r.IntN(1 << r.IntN(16)))
			var line []byte
			var err error
			switch r.IntN(3) {
			case 0:
				line, err = e.Encode(&Call{ID: what, Group: "g", End: at, State: "answered"})
			case 1:
				line, err = e.Encode(&Alert{Incident: what, Event: "updated", Time: at, Level: "major"})
			default:
				line, err = e.Encode(&Stream{SSRC: what, End: at, Start: at})
			}
			if err != nil {
				t.Fatal(err)
			}
			if seen[where(line)] {
				t.Fatalf("seed %d: got %s twice", seed, where(line))
			}
			seen[where(line)] = true
			if moved := nanosecond(t, line) - at.UnixNano(); moved < -int64(time.Millisecond) || moved > 2*int64(time.Millisecond) {
				t.Fatalf("seed %d: got a point %d ns from its time", seed, moved)
			}
		}
	}
}

// TestTheSamePointsLandOnThemselves: what was written before a crash and is written
// again overwrites itself, point by point.
func TestTheSamePointsLandOnThemselves(t *testing.T) {
	write := func() (out []string) {
		e := NewEncoder(lyon)
		for n := range 500 {
			line, err := e.Encode(cayman(n % 100)) // five legs that are alike, each
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(line))
		}
		return out
	}
	if diff := cmp.Diff(write(), write()); diff != "" {
		t.Error(diff)
	}
	// In another order, those that are about different things do so too.
	e, stamps := NewEncoder(lyon), [2][]int64{}
	for n := range 100 {
		line, _ := e.Encode(cayman(n))
		stamps[0] = append(stamps[0], nanosecond(t, line))
	}
	e = NewEncoder(lyon)
	for n := range 100 {
		line, _ := e.Encode(cayman(99 - n))
		stamps[1] = append(stamps[1], nanosecond(t, line))
	}
	slices.Reverse(stamps[1])
	if diff := cmp.Diff(stamps[0], stamps[1]); diff != "" {
		t.Error(diff)
	}
}

// TestStampsAreBounded: in memory, and in time where somebody sends a hundred
// thousand that look alike.
func TestStampsAreBounded(t *testing.T) {
	var s stamps
	series := []byte("call,state=answered")
	for range 200_000 { // with a walk from the first one each time it would take an hour
		s.next(series, "one Call-ID", "g", night)
	}
	if len(s.taken) > stampsKept || len(s.recent) > stampsKept {
		t.Errorf("got %d and %d kept, want %d at most", len(s.taken), len(s.recent), stampsKept)
	}
}
