package detect

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// talkOf is a conversation of which only media are seen; its streams end a minute
// after it does.
func (s *script) talkOf(at time.Time, n int, talk time.Duration, near, far netip.Addr, ways int) {
	a, b := netip.AddrPortFrom(near, uint16(10000+2*(n%20000))), netip.AddrPortFrom(far, uint16(30000+2*(n%10000)))
	for _, way := range [][2]netip.AddrPort{{a, b}, {b, a}}[:ways] {
		stream := &call.Stream{Src: way[0], Dst: way[1], SSRC: uint32(n)}
		s.events = append(s.events,
			call.Event{Kind: call.EventStreamHeard, Time: at.Add(time.Second), Stream: stream},
			call.Event{Kind: call.EventStream, Time: at.Add(talk + time.Minute), Stream: stream})
	}
}

// hiddenDays writes days of an office whose signalling is TLS: 60 calls a working
// day, and some in the evening.
func (s *script) hiddenDays(from time.Time, days int, seed uint64) (n int) {
	r := rand.New(rand.NewPCG(seed, 3))
	for d := range days {
		day := from.AddDate(0, 0, d)
		calls, open := 60, 12*time.Hour
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			calls = 3
		}
		for range calls {
			n++
			at := day.Add(8*time.Hour + time.Duration(r.Int64N(int64(open))))
			s.talkOf(at, n, time.Duration(20+r.ExpFloat64()*150)*time.Second, pbxAddr.Addr(), trunkAddr.Addr(), 2)
		}
	}
	return n
}

// hidden is an engine whose tap sees TLS between telephones, PBX and trunk.
func hidden(t *testing.T, share float64) *Engine {
	e := newEngine(t)
	e.SetUnread(Unread{Share: share, Servers: []netip.Addr{pbxAddr.Addr(), trunkAddr.Addr()}})
	return e
}

// TestTheftBehindTLS: two weeks of an office, then a night of twelve calls at
// once: one incident, by media alone.
func TestTheftBehindTLS(t *testing.T) {
	s := &script{}
	n := s.hiddenDays(monday, 14, 1)
	night := monday.AddDate(0, 0, 14).Add(2 * time.Hour)
	for i := range 60 {
		s.talkOf(night.Add(time.Duration(i)*10*time.Second), n+i, time.Minute, pbxAddr.Addr(), trunkAddr.Addr(), 2)
	}
	e := hidden(t, 0.9)
	alerts := play(e, s.sorted(), night.Add(2*time.Hour))
	incidents := map[string]bool{}
	paged := time.Time{}
	for _, a := range alerts {
		incidents[a.Incident] = true
		if a.Since.Before(night) {
			t.Errorf("got an alert before the night: %+v", a)
		}
		if a.Level.Pages() && paged.IsZero() {
			paged = a.Time
			if a.Scheme != TollFraud || a.Visibility != MediaOnly || a.TLSShare != 0.9 || a.SpentEUR != 0 || a.Reasons[0].Rule != "media_only" {
				t.Errorf("got %+v, want toll fraud known by media alone, of 90 %% TLS and no euro", a)
			}
			if _, score := a.Decision.Recompute(); score != a.Score {
				t.Errorf("got score %v from the stored signs, want %v", score, a.Score)
			}
		}
	}
	if len(incidents) != 1 || paged.Sub(night) > 2*time.Minute || paged.IsZero() {
		t.Errorf("got %d incidents, paged at %v, want one within two minutes of %v", len(incidents), paged, night)
	}
	if e.talks.now != 0 || e.talks.table.Len() != 0 {
		t.Errorf("got %d conversations and %d entries after their end, want none", e.talks.now, e.talks.table.Len())
	}
}

// TestBurstInWorkingHours is more than twice what the office does at its busiest.
func TestBurstInWorkingHours(t *testing.T) {
	s := &script{}
	n := s.hiddenDays(monday, 14, 2)
	noon := monday.AddDate(0, 0, 14).Add(12 * time.Hour)
	for i := range 120 {
		s.talkOf(noon.Add(time.Duration(i)*3*time.Second), n+i, time.Minute, pbxAddr.Addr(), trunkAddr.Addr(), 2)
	}
	pages := 0
	for _, a := range play(hidden(t, 1), s.sorted(), noon.Add(time.Hour)) {
		if a.Level.Pages() {
			pages++
		}
	}
	if pages == 0 {
		t.Error("got no page of 40 conversations at once, want one")
	}
}

// TestQuietBehindTLS: what is no suspicion.
func TestQuietBehindTLS(t *testing.T) {
	night := monday.AddDate(0, 0, 14).Add(2 * time.Hour)
	stranger := netip.MustParseAddr("198.51.100.9")
	for _, c := range []struct {
		name  string
		share float64
		near  netip.Addr
		far   netip.Addr
		ways  int
	}{
		{"a flood of packets from outside that nobody answers", 1, pbxAddr.Addr(), stranger, 1},
		{"a conference between computers and the Internet", 1, phoneAddr(30).Addr(), stranger, 2},
		{"calls inside the house", 1, pbxAddr.Addr(), phoneAddr(30).Addr(), 2},
		{"signalling that can be read", 0.1, pbxAddr.Addr(), trunkAddr.Addr(), 2},
	} {
		s := &script{}
		n := s.hiddenDays(monday, 14, 3)
		for i := range 60 {
			s.talkOf(night.Add(time.Duration(i)*5*time.Second), n+i, time.Minute, c.near, c.far, c.ways)
		}
		if alerts := play(hidden(t, c.share), s.sorted(), night.Add(time.Hour)); len(alerts) > 0 {
			t.Errorf("%s: got %d alerts, want none: %+v", c.name, len(alerts), alerts[0])
		}
	}
}

// TestFloodOfTalks: streams to ever new ports leave the table within its cap, and
// the count of conversations what the table holds.
func TestFloodOfTalks(t *testing.T) {
	e := hidden(t, 1)
	for i := range 3 * maxTalks {
		a, b := netip.AddrPortFrom(pbxAddr.Addr(), uint16(1024+i)), netip.AddrPortFrom(trunkAddr.Addr(), 9)
		for _, way := range [][2]netip.AddrPort{{a, b}, {b, a}} {
			e.Observe(call.Event{Kind: call.EventStreamHeard, Time: monday, Stream: &call.Stream{Src: way[0], Dst: way[1]}})
		}
	}
	if e.talks.now != maxTalks || e.talks.table.Len() != maxTalks {
		t.Errorf("got %d conversations, %d entries, want %d each", e.talks.now, e.talks.table.Len(), maxTalks)
	}
}
