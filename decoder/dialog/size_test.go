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
		{"endpoint", unsafe.Sizeof(Endpoint{}), 144}, {"codec", unsafe.Sizeof(Codec{}), 32}, {"place", unsafe.Sizeof(place{}), 24},
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
