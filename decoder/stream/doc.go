// Package stream cuts messages out of TCP segments and SCTP packets: SIP over
// TCP, WebSocket (RFC 7118) and SCTP (RFC 4168), and packets of HEP version 3.
//
// An [Assembler] follows each direction of a TCP connection just far enough to
// find the messages in it. It puts segments in order and finds the boundaries:
// by Content-Length (RFC 3261 §18.3), by WebSocket frames, whose masks it takes
// off in memory of its own, or by HEP's length. Keep-alives and control frames
// are taken away, and after a loss the next message is searched. What comes
// whole and in order is handed on without a copy, but for masked frames.
// Connections are recognised by structure, not by port, and may be joined in
// the middle: SIP where a segment begins with a message, WebSocket where it
// begins with a frame that carries one, HEP where it begins with a packet. The
// kind of a connection stays what it was first.
//
// SCTP is package sctp's, and TLS, which is counted and not read, package
// tls's; their tables are apart. [Assembler.TLS] has the peers.
//
// It promises that every byte of a message was sent in that order by that
// sender (of overlapping segments the first wins), that the cost is linear in
// the bytes, and that its memory is bounded: flows, bytes held, segments out
// of order. What it gives up is counted.
//
// A TCP connection that carries none of these costs a look at the first bytes
// of its segments and no memory at all: a table of such connections would cost
// more to look up than the look does. Only those are remembered, within a cap,
// that have just been opened, whose first bytes may still become a message, or
// that shook hands for SIP over WebSocket; they give way before all others.
//
// It does not acknowledge, does not verify checksums, does not decrypt, and
// does not inflate WebSocket messages (RFC 7692), which are counted instead.
// HEP packets are not unwrapped here.
package stream
