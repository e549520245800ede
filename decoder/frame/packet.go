package frame

import "net/netip"

// Protocol is what an IP packet carried, as far as the sensor cares.
type Protocol uint8

// The protocols whose payload is handed on.
const (
	UDP Protocol = iota + 1
	TCP
	SCTP
)

// TCP flags (RFC 9293 §3.1).
const (
	FIN = 1 << iota
	SYN
	RST
	PSH
	ACK
)

// Packet is one transport packet found in a frame. Payload points into the
// frame, or into the decoder's own reassembly buffer: it lives until the next
// Decode.
type Packet struct {
	Protocol  Protocol
	Src, Dst  netip.AddrPort
	Payload   []byte
	Truncated bool // the frame was cut (snaplen) before the payload's end

	Seq   uint32 // TCP only
	Flags uint8  // TCP only

	VLAN uint16 // outermost 802.1Q tag; 0 when none

	// HEP: a capture agent reported it. Payload is one whole message of SIP, RTP or
	// RTCP, whatever the protocol, and protocol and addresses are what the agent said.
	HEP bool
}
