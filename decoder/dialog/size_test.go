package dialog

import (
	"testing"
	"unsafe"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// TestMemory states what a leg and its places cost beside the entries of the maps
// and its text.
func TestMemory(t *testing.T) {
	for _, c := range []struct {
		name      string
		size, max uintptr
	}{
		{"leg", unsafe.Sizeof(leg{}), 1664}, {"what is reported of it", unsafe.Sizeof(call.Leg{}), 768},
		{"endpoint", unsafe.Sizeof(Endpoint{}), 168}, {"codec", unsafe.Sizeof(Codec{}), 32}, {"place", unsafe.Sizeof(place{}), 24},
	} {
		t.Logf("%s: %d bytes", c.name, c.size)
		if c.size > c.max {
			t.Errorf("%s: got %d bytes, want %d or less", c.name, c.size, c.max)
		}
	}
}

// TestOpeningALeg states its cost: the text of the leg, its snapshots eight at a
// time, and now and then a table that grows. Legs and their endpoints are used
// again.
func TestOpeningALeg(t *testing.T) {
	s := newStory(t, DefaultConfig())
	lines := [][]string{{"A>B", "INVITE", "sdp=4000"}, {"B>A", "100"}, {"B>A", "180"}, {"B>A", "200", "sdp=5000"}, {"A>B", "ACK"}, {"A>B", "BYE", "cseq=2"}}
	type observed struct {
		m    *sip.Message
		meta Meta
	}
	var messages []observed
	for _, line := range lines {
		m, meta := scan(t, line[0], line[1], line[2:]...)
		messages = append(messages, observed{m, meta})
	}
	now := epoch
	n := testing.AllocsPerRun(200, func() {
		now = now.Add(2 * transactionTime)
		s.tr.Advance(now)
		for _, o := range messages {
			o.meta.Time = now
			s.tr.Observe(o.m, o.meta)
			s.tr.Endpoints()
		}
		s.tr.Released()
	})
	t.Logf("a call of six messages: %v allocations", n)
	if n > 2 {
		t.Errorf("a call of six messages: got %v allocations, want 2 at most", n)
	}
}

// TestAskingOutsideCalls states what a request outside calls and its answer cost:
// their text and their events. Transactions are used again.
func TestAskingOutsideCalls(t *testing.T) {
	for _, c := range []struct {
		name            string
		request, answer []string
		most            float64
	}{
		{"OPTIONS", []string{"A>P", "OPTIONS", "id=o1"}, []string{"P>A", "200/OPTIONS", "id=o1"}, 3},
		{"a refresh", []string{"A>P", "REGISTER", "user=101", "h:Contact=<sip:101@10.0.0.65>;expires=60"},
			[]string{"P>A", "200/REGISTER", "user=101", "h:Contact=<sip:101@10.0.0.65>;expires=60"}, 6},
	} {
		s := newStory(t, DefaultConfig())
		request, asked := scan(t, c.request[0], c.request[1], c.request[2:]...)
		reply, answered := scan(t, c.answer[0], c.answer[1], c.answer[2:]...)
		now := epoch
		n := testing.AllocsPerRun(200, func() {
			now = now.Add(transactionTime)
			asked.Time, answered.Time = now, now
			s.tr.Observe(request, asked)
			if len(s.tr.Observe(reply, answered)) != 1 {
				t.Errorf("%s: got no event, want one", c.name)
			}
		})
		t.Logf("%s: %v allocations", c.name, n)
		if n > c.most {
			t.Errorf("%s: got %v allocations, want %v at most", c.name, n, c.most)
		}
	}
}
