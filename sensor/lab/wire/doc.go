// Package wire turns payloads into Ethernet frames with right checksums, and
// frames into a capture file.
//
// A [Builder] writes every frame into one buffer that it uses again: what it
// returns is valid until its next call, and nothing is allocated for a frame.
// It builds what the lab needs, UDP and TCP over IPv4 and IPv6 without options
// or fragments, and reads nothing.
package wire
