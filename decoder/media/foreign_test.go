package media

import (
	"encoding/binary"
	"fmt"
	"math/rand"
	"net/netip"
	"testing"
	"time"
)

// twin counts a stream as somebody else does, and gives the figures of it.
type twin struct{ c Counters }

func (w *twin) figures() Figures {
	f := Figures{
		Packets: w.c.Packets, Bytes: w.c.Bytes, Highest: w.c.highest, Base: w.c.base,
		Duplicates: uint32(w.c.Duplicates()), Reordered: uint32(w.c.Reordered()), Gaps: uint32(w.c.Gaps()), Restarts: w.c.Restarts(),
		JitterSum: w.c.jitterSum, JitterMax: w.c.JitterMax, JitterCount: w.c.jitterCount,
	}
	if w.c.odd != nil {
		f.Before = w.c.odd.before
	}
	return f
}

// summary is all that a stream is reported with.
func summary(c *Counters) string {
	return fmt.Sprint(c.Packets, c.Bytes, c.Expected(), c.Lost(), c.Duplicates(), c.Reordered(), c.Gaps(), c.Restarts(), c.JitterMean(), c.JitterMax, c.BurstRatio())
}

// TestObserveCountersIsAsIfCountedHere: whatever way a stream goes, and whatever
// was counted here meanwhile, its figures are those that were read.
func TestObserveCountersIsAsIfCountedHere(t *testing.T) {
	for seed := range int64(200) {
		random := rand.New(rand.NewSource(seed))
		here, there := Counters{}, twin{}
		here.SetTick(125000)
		there.c.SetTick(125000)
		sequence, at := uint16(random.Intn(1<<16)), int64(1e18)
		for range 300 {
			sequence += uint16([]int{1, 1, 1, 1, 1, 1, 2, 0, -3, 40, -40, 5000}[random.Intn(12)])
			at += random.Int63n(40e6)
			there.c.ObservePacket(sequence, uint32(sequence)*160, 160, true, at)
			if random.Intn(4) == 0 {
				here.ObservePacket(sequence, uint32(sequence)*160, 160, true, at)
			}
			if random.Intn(50) == 0 {
				f := there.figures()
				here.ObserveCounters(1, &f)
				if got, want := summary(&here), summary(&there.c); got != want {
					t.Fatalf("seed %d: got %s, want %s", seed, got, want)
				}
			}
		}
	}
}

// TestObserveCountersOfTwoEntries: an entry that was forgotten, and began anew, is
// added to.
func TestObserveCountersOfTwoEntries(t *testing.T) {
	var c Counters
	first, second := twin{}, twin{}
	for n := range uint16(100) {
		if n != 50 {
			first.c.ObservePacket(n, 0, 160, false, 0)
		}
		if n != 20 {
			second.c.ObservePacket(200+n, 0, 160, false, 0)
		}
	}
	for range 2 { // reading again changes nothing
		a := first.figures()
		c.ObserveCounters(1, &a)
	}
	for range 2 {
		b := second.figures()
		c.ObserveCounters(2, &b)
	}
	if c.Packets != 198 || c.Expected() != 200 || c.Lost() != 2 || c.Gaps() != 2 || c.Bytes != 198*160 {
		t.Errorf("got %s, want 198 packets of 200", summary(&c))
	}
}

// reads is a reading of n packets from alice to bob.
func reads(n int, last time.Time) *Reading {
	return &Reading{
		Src: alice, Dst: bob, SSRC: 7, PayloadType: 8, Born: 1, First: epoch.UnixNano(), Last: last.UnixNano(),
		Figures: Figures{Packets: uint64(n), Bytes: uint64(n) * 160, Base: 1 << 32, Highest: 1<<32 + uint64(n) - 1},
	}
}

// TestStreamThatWasNeverSeen begins with its reading: the packets that were passed
// on were lost.
func TestStreamThatWasNeverSeen(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.CountedElsewhere()
	x.announce(1, bob)
	last := x.now.Add(2 * time.Second)
	if _, known := x.ObserveCounters(reads(60, last), 0, x.now.Add(time.Second)); known {
		t.Error("got a stream whose first packets may be on their way")
	}
	if _, known := x.ObserveCounters(reads(15, last), 0, last); known {
		t.Error("got a stream of 15 packets, want that those which were passed on begin it")
	}
	if _, known := x.ObserveCounters(reads(60, last), last.UnixNano(), last); known {
		t.Error("got a stream that had no packet since it was read")
	}
	x.SensorLost(last)
	if events, known := x.ObserveCounters(reads(60, last), 0, last); !known || len(events) > 0 {
		t.Errorf("got %d events, known %v, want the announced stream and no event", len(events), known)
	}
	activity := x.Activity(nil)
	if len(activity) != 1 || !activity[0].Last.Equal(last) || activity[0].Callee.IsZero() == activity[0].Caller.IsZero() {
		t.Errorf("got %+v, want the activity of one side of the leg", activity)
	}
	s := x.only()
	if s.Packets != 60 || s.Lost != 0 || s.Codec != "PCMA" || s.Leg != 1 || s.MOSWithheld != "" || s.MOS == 0 {
		t.Errorf("got %+v, want 60 packets of PCMA with a MOS: what the sensor lost is not lost to it", s)
	}
	if ended := x.Ended(nil); len(ended) != 1 || ended[0] != (StreamKey{alice, bob, 7}) {
		t.Errorf("got %v ended, want the stream", ended)
	}
	if ended := x.Ended(nil); len(ended) != 0 {
		t.Errorf("got %v ended once more", ended)
	}
}

// TestUnannouncedStreamIsHeardInReadings: once, when its packets go past a second's.
func TestUnannouncedStreamIsHeardInReadings(t *testing.T) {
	x := newTap(t, DefaultConfig())
	heard := 0
	for n := 20; n <= 200; n += 20 {
		events, _ := x.ObserveCounters(reads(n, epoch.Add(time.Duration(n)*20*time.Millisecond)), 0, epoch.Add(time.Minute))
		heard += len(events)
	}
	if heard != 1 {
		t.Errorf("heard %d times of the stream, want once", heard)
	}
}

// TestNotices: endpoints are told of when they come, change and go, and only to
// who wants to know.
func TestNotices(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(9, alice)
	if n := x.Notices(); len(n) != 0 {
		t.Errorf("got %+v, want nothing told to nobody", n)
	}
	x.CountedElsewhere()
	x.announce(1, bob)
	x.Announce(Endpoint{Addr: bob, Leg: 1, Call: 1, T38: true}, x.now)
	x.announce(2, bob) // another leg takes the port
	x.Release(2, x.now)
	x.Advance(x.now.Add(DefaultConfig().Grace))
	got := ""
	for _, n := range x.Notices() {
		got += fmt.Sprint(struct {
			netip.AddrPort
			Gone, Fax bool
		}{n.Addr, n.Gone, n.Fax})
	}
	if want := wanted(bob); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// wanted are the notices of TestNotices.
func wanted(a netip.AddrPort) (s string) {
	for _, n := range [][2]bool{{false, false}, {false, true}, {true, false}, {false, false}, {true, false}} {
		s += fmt.Sprint(struct {
			netip.AddrPort
			Gone, Fax bool
		}{a, n[0], n[1]})
	}
	return s
}

// TestQuotaOfASource: one address has so many endpoints told of, and others all theirs.
func TestQuotaOfASource(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.CountedElsewhere()
	place := func(n int, source byte) Endpoint {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], 10<<24|uint32(source)<<20|uint32(n))
		return Endpoint{Addr: netip.AddrPortFrom(netip.AddrFrom4(a), 4000), Leg: 1, Call: 1, Source: netip.AddrFrom4([4]byte{192, 0, 2, source})}
	}
	for n := range maxSourceEndpoints + 10 {
		x.Announce(place(n, 1), x.now)
	}
	x.Announce(place(1, 2), x.now)
	if n := x.Notices(); len(n) != maxSourceEndpoints+1 || x.Totals().EndpointsRefused != 10 {
		t.Errorf("got %d endpoints told of and %d refused, want %d and 10", len(n), x.Totals().EndpointsRefused, maxSourceEndpoints+1)
	}
	x.Release(1, x.now)
	x.Advance(x.now.Add(DefaultConfig().Grace))
	if n := x.Notices(); len(n) != maxSourceEndpoints+1 || len(x.sources) != 0 {
		t.Errorf("got %d gone and %d sources left, want %d and none", len(n), len(x.sources), maxSourceEndpoints+1)
	}
}
