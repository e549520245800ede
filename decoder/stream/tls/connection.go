package tls

import "time"

// maxBehind is how far behind the next header a segment may lie and be a
// repetition: more than any window in use.
const maxBehind = 1 << 20

// maxRetry is how far behind the first a second ClientHello of a connection
// may lie (RFC 8446 §4.1.4); further away it begins another connection between
// the same ports.
const maxRetry = 1 << 16

// connection is one to a signalling peer.
type connection struct {
	server endpoint
	hello  uint32 // sequence number of the ClientHello
	opened bool   // it was seen
	ways   [2]way // to the server, from it
	last   time.Time
}

// begins says whether a ClientHello at seq begins a connection anew.
func (c *connection) begins(seq uint32) bool {
	since := distance(seq, c.hello)
	return !c.opened || since < 0 || since >= maxRetry
}

// way is one direction of a connection.
type way struct {
	seen  bool   // a record was
	known bool   // next is
	next  uint32 // sequence number of the next record header
	have  int    // bytes of that header that an earlier segment ended with
	part  [recordHeader]byte
}

// distance is how far a is behind b, in the arithmetic of RFC 9293 §3.4.
func distance(a, b uint32) int { return int(int32(a - b)) }

// walk counts the records of application data whose headers lie in b, which
// stands at seq. Where headers were lost, it goes on at a segment that begins
// with one.
func (w *way) walk(seq uint32, b []byte, t *Traffic) {
	offset := distance(w.next, seq)
	switch {
	case !w.known:
		w.resume(seq, b, t)
	case offset+w.have >= len(b) && offset < maxBehind: // within a record, or seen before
	case offset < 0 && offset+w.have >= 0:
		known := offset + w.have
		w.complete(seq+uint32(known), b[known:], t)
	case offset < 0 || offset >= len(b):
		w.resume(seq, b, t)
	default:
		if !w.from(seq, b, offset, t) {
			w.resume(seq, b, t)
		}
	}
}

// resume takes b for the beginning of a record, if it looks like one.
func (w *way) resume(seq uint32, b []byte, t *Traffic) {
	w.known = false
	if _, _, ok := record(b); ok {
		w.seen = true
		w.from(seq, b, 0, t)
	}
}

// from counts the records of b from offset on, and reports whether there was
// one, or the beginning of its header.
func (w *way) from(seq uint32, b []byte, offset int, t *Traffic) bool {
	end, ok := count(b, offset, t)
	w.known, w.next, w.have = ok, seq+uint32(end), 0
	if ok && end < len(b) {
		w.have = copy(w.part[:], b[end:])
	}
	return ok || end > offset
}

// complete puts together a header that lies in several segments.
func (w *way) complete(seq uint32, b []byte, t *Traffic) {
	n := copy(w.part[w.have:], b)
	if w.have += n; w.have < recordHeader {
		return
	}
	length, ok := t.add(w.part[:])
	if !ok {
		w.resume(seq, b, t)
		return
	}
	w.from(seq, b, n+length, t)
}

// count goes over the records of b from offset on. It returns where the next
// header is to stand, and false when there is something else.
func count(b []byte, offset int, t *Traffic) (int, bool) {
	for len(b)-offset >= recordHeader {
		length, ok := t.add(b[offset:])
		if !ok {
			return offset, false
		}
		offset += recordHeader + length
	}
	return offset, true
}

// add counts the record that b begins with, and returns its length.
func (t *Traffic) add(b []byte) (int, bool) {
	kind, length, ok := record(b)
	if ok && kind == applicationData {
		t.Records++
		t.Bytes += uint64(length)
	}
	return length, ok
}
