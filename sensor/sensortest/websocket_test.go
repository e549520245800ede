package sensortest

import (
	"encoding/binary"
	"testing"
)

// Opcodes of WebSocket (RFC 6455 §5.2).
const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opPing         = 9
	opPong         = 10
)

// webFrame is one frame; a client's is masked (RFC 6455 §5.3).
func webFrame(opcode byte, last, client bool, b []byte) []byte {
	out := []byte{opcode | byte(flag(last, 0x80)), byte(flag(client, 0x80))}
	switch {
	case len(b) < 126:
		out[1] |= byte(len(b))
	case len(b) < 65536:
		out[1] |= 126
		out = binary.BigEndian.AppendUint16(out, uint16(len(b)))
	default:
		out[1] |= 127
		out = binary.BigEndian.AppendUint64(out, uint64(len(b)))
	}
	if !client {
		return append(out, b...)
	}
	mask := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	out = append(out, mask[:]...)
	for i, c := range b {
		out = append(out, c^mask[i%4])
	}
	return out
}

// framed lets each message of a call go in WebSocket frames.
func framed(frames func(b []byte, client bool) []byte) func(call []datum, c *connection) []datum {
	return func(call []datum, _ *connection) []datum {
		var out []datum
		for _, d := range call {
			if !d.media {
				d.payload = frames(d.payload, d.outward)
			}
			out = append(out, d)
		}
		return out
	}
}

func asText(b []byte, client bool) []byte   { return webFrame(opText, true, client, b) }
func asBinary(b []byte, client bool) []byte { return webFrame(opBinary, true, client, b) }

// fragmented has a ping within the message, as RFC 6455 §5.4 allows.
func fragmented(b []byte, client bool) []byte {
	n := len(b)
	return join(webFrame(opText, false, client, b[:n/3]), webFrame(opContinuation, false, client, b[n/3:n/2]),
		webFrame(opPing, true, client, []byte("still there?")), webFrame(opContinuation, true, client, b[n/2:]))
}

func withPong(b []byte, client bool) []byte {
	return join(webFrame(opPong, true, client, nil), webFrame(opText, true, client, b))
}

// upgraded begins with the handshake of RFC 7118 §4.
func upgraded(call []datum, c *connection) []datum {
	c.open(0)
	request := []byte("GET / HTTP/1.1\r\nHost: pbx.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n")
	answer := []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: sip\r\n\r\n")
	c.say(0, true, len(request), whole(request))
	c.say(0, false, len(answer), whole(answer))
	return call
}

// TestWebSocket: the same call comes out of WebSocket, masked and not, in one
// frame or several, with the handshake or joined behind it.
func TestWebSocket(t *testing.T) {
	for _, s := range sites {
		want := plain(cleanCall(s, "UDP")).play(t)
		for name, frames := range map[string]func([]byte, bool) []byte{"text": asText, "binary": asBinary, "fragments": fragmented, "with pongs": withPong} {
			for how, cut := range map[string]cutter{"whole": whole, "in pieces": every(41), "a byte a segment": every(1)} {
				sameMessages(t, overTCP(s, "WS", cut, upgraded, framed(frames)), want, "WebSocket, "+s.name+", "+name+", "+how, `"transport":"ws"`)
			}
		}
		// One that is joined late is known by a segment that begins with the frame
		// of a whole message.
		for name, frames := range map[string]func([]byte, bool) []byte{"text": asText, "binary": asBinary} {
			sameMessages(t, overTCP(s, "WS", whole, framed(frames)), want, "WebSocket joined late, "+s.name+", "+name, `"transport":"ws"`)
		}
	}
}
