// Package websocket reads the wire format of WebSocket (RFC 6455): frame
// headers, masks, and the HTTP handshake that asks for SIP (RFC 7118).
//
// [Decode] reads one frame header, [Unmask] takes a mask off, [Upgrade] reads
// one side of the handshake. It promises to look at no byte twice more than
// it must, to allocate nothing and to keep nothing; [ErrShort] says that more
// bytes would decide. It does not put fragments together, does not inflate
// (RFC 7692), and believes lengths as they stand: the caller has the caps.
package websocket
