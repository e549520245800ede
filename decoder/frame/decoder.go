package frame

import "time"

// maxNesting bounds how many encapsulations are unwrapped in one frame, and how
// many datagrams it may complete, one in the other. Real ones have three (VXLAN
// in an ERSPAN mirror of GTP-U); a loop has no end.
const maxNesting = 8

// Decoder decodes frames one after another. It belongs to one goroutine.
type Decoder struct {
	fragments fragments
	doubles   doubles
	inflater  inflater
	counters  Counters

	// Of the frame being decoded.
	p      *Packet
	now    time.Time
	origin origin // by the innermost IP header
	depth  int    // encapsulations unwrapped
	joined int    // datagrams put together
}

// Counters tell what the outcomes of single frames do not. All but Held and
// HeldBytes only grow.
type Counters struct {
	Fragments   uint64 // fragments seen
	Reassembled uint64 // datagrams put together
	Expired     uint64 // datagrams given up because a fragment never came
	Evicted     uint64 // datagrams given up because the table was full
	Overlapping uint64 // datagrams given up because fragments contradict each other
	Refused     uint64 // datagrams given up because they came in too many pieces
	Duplicate   uint64 // fragments seen twice
	Doubled     uint64 // packets seen twice: frames that were mirrored twice
	UDPLength   uint64 // UDP lengths beyond the IP payload
	Tunnelled   uint64 // packets found inside an encapsulation
	Held        int    // datagrams waiting for fragments now
	HeldBytes   int    // bytes of fragments that are kept, those of whole datagrams for a second
}

// New makes a decoder without fragments.
func New() *Decoder {
	return &Decoder{fragments: newFragments()}
}

// Decode reads one captured frame. wireLength is its length on the wire, more
// than len(data) when the snaplen cut it. When the outcome is Transport, p is
// filled, and valid until the next Decode.
func (d *Decoder) Decode(link LinkType, data []byte, wireLength int, now time.Time, p *Packet) Outcome {
	*p = Packet{}
	d.p, d.now, d.depth, d.joined = p, now, 0, 0
	outcome := d.link(link, view{data, max(wireLength, len(data))})
	if outcome == Transport && d.depth > 0 {
		d.counters.Tunnelled++
	}
	return outcome
}

// Advance gives up datagrams whose missing fragments did not come in time.
func (d *Decoder) Advance(now time.Time) {
	d.fragments.expire(now, &d.counters)
}

// Counters returns a copy of the counters.
func (d *Decoder) Counters() Counters {
	c := d.counters
	c.Held, c.HeldBytes = d.fragments.held, d.fragments.bytes
	return c
}

// nest is called before each encapsulation is unwrapped.
func (d *Decoder) nest() bool {
	d.depth++
	return d.depth <= maxNesting
}
