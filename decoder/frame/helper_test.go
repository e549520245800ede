package frame

import (
	"testing"
	"unsafe"
)

// within says whether b lies inside of outer, or is empty.
func within(b, outer []byte) bool {
	if len(b) == 0 {
		return true
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	first := uintptr(unsafe.Pointer(unsafe.SliceData(outer)))
	return len(outer) > 0 && start >= first && start+uintptr(len(b)) <= first+uintptr(len(outer))
}

// checkPayload holds what the package promises of a packet.
func checkPayload(t testing.TB, d *Decoder, frame []byte, p *Packet) {
	t.Helper()
	if !within(p.Payload, frame) && !within(p.Payload, d.fragments.whole[:]) && !within(p.Payload, d.inflater.out) {
		t.Fatalf("frame %x: the payload lies neither in the frame nor in the decoder's buffers", frame)
	}
	if p.Protocol < UDP || p.Protocol > SCTP || !p.Src.IsValid() || !p.Dst.IsValid() {
		t.Fatalf("frame %x: packet %+v is not complete", frame, p)
	}
}

// checkCaps holds the caps of the fragment table.
func checkCaps(t testing.TB, d *Decoder) {
	t.Helper()
	f := &d.fragments
	bytes, held := 0, 0
	for _, g := range f.table {
		for i := range g.pieces {
			bytes += g.pieces[i].cost()
		}
		if g.state == collecting {
			held++
		}
	}
	c := d.Counters()
	switch {
	case bytes != c.HeldBytes || held != c.Held:
		t.Fatalf("counters say %d datagrams of %d bytes, the table holds %d of %d", c.Held, c.HeldBytes, held, bytes)
	case bytes > MaxHeldBytes || len(f.waiting) > MaxDatagrams || len(f.done) > MaxDatagrams:
		t.Fatalf("table of %d waiting and %d done datagrams, %d bytes: above the caps", len(f.waiting), len(f.done), bytes)
	case len(f.table) != len(f.waiting)+len(f.done):
		t.Fatalf("table of %d datagrams, queues of %d and %d", len(f.table), len(f.waiting), len(f.done))
	}
}
