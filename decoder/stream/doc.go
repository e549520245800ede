// Package stream cuts SIP messages out of TCP segments.
//
// An [Assembler] follows each direction of a connection just far enough to
// find the messages in it: it puts segments in order, frames messages by
// Content-Length (RFC 3261 §18.3), takes keep-alives away, and finds the next
// start line after a loss. A segment that holds whole messages in order is
// handed on without a copy. Connections are recognised by structure, not by
// port, and may be joined in the middle.
//
// It promises that every byte of a message was sent in that order by that
// sender (of overlapping segments the first wins), that the cost is linear in
// the bytes, and that its memory is bounded: flows, bytes held, segments out
// of order. What it gives up is counted.
//
// A connection that is not SIP costs a look at the first bytes of its segments
// and no memory at all: a table of such connections would cost more to look up
// than the look does. Only two kinds are remembered, both within caps: those
// that have just been opened or whose first bytes may still become a start
// line, and those that were counted as TLS.
//
// It does not acknowledge, does not verify checksums, does not decrypt, and
// does not unwrap WebSocket.
package stream
