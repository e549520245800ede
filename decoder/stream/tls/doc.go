// Package tls counts what it cannot read: who speaks TLS, and how much.
//
// A [Table] keeps a [Peer] for each server endpoint: connections, records of
// application data and their bytes each way, and of the ClientHello what
// concerns SIP. It walks record headers (RFC 8446 §5.1) and looks at nothing
// inside but the ClientHello, as far as that lies in one segment.
//
// It promises that the cost of TLS that is no signalling stays small: such
// connections are not remembered, their records are counted where a segment
// begins with one, and their peers give way to those of signalling. Only
// connections to peers that count as signalling are followed, so that records
// which begin within a segment are counted too, and repeated ones once.
//
// An application record approximates a message: SIP stacks write a message at
// a time. Records are more where long messages are split or where TLS 1.3
// hides the end of its handshake in some (RFC 8446 §5.2), and less where
// several messages are written at once. Nothing is decrypted, no client is told
// from another, and what a peer says of itself is believed only as far as its
// place in the table.
package tls
