package websocket

import (
	"bytes"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	for sent, want := range map[string]Header{
		// The examples of RFC 6455 §5.7.
		"\x81\x05Hello": {Opcode: Text, Final: true, Size: 2, Length: 5},
		"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58": {Opcode: Text, Final: true, Masked: true, Key: key, Size: 6, Length: 5},
		"\x01\x03Hel":              {Opcode: Text, Size: 2, Length: 3},
		"\x80\x02lo":               {Opcode: Continuation, Final: true, Size: 2, Length: 2},
		"\x89\x05Hello":            {Opcode: Ping, Final: true, Size: 2, Length: 5},
		"\x8a\x85\x37\xfa\x21\x3d": {Opcode: Pong, Final: true, Masked: true, Key: key, Size: 6, Length: 5},
		"\x82\x7e\x01\x00":         {Opcode: Binary, Final: true, Size: 4, Length: 256},
		"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00": {Opcode: Binary, Final: true, Size: 10, Length: 65536},

		"\xc1\x07\xf2\x48\xcd": {Opcode: Text, Final: true, Compressed: true, Size: 2, Length: 7}, // RFC 7692 §7.2.3.1
		"\x88\x00":             {Opcode: Close, Final: true, Size: 2},
		"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x37\xfa\x21\x3d": {Opcode: Text, Final: true, Masked: true, Key: key, Size: 14, Length: 1<<63 - 1},
	} {
		got, err := Decode([]byte(sent))
		if err != nil || got != want {
			t.Errorf("%x: got %+v, %v, want %+v", sent, got, err, want)
		}
		for n := range want.Size {
			if _, err := Decode([]byte(sent[:n])); err != ErrShort {
				t.Errorf("%x: got %v, want %v", sent[:n], err, ErrShort)
			}
		}
	}
	for _, sent := range []string{"\x83", "\x8b", "\x8f", "\x91", "\xa1", "\x09", "\x48", "\xc0", "\xc9", "\x89\x7e", "\x88\xff", "\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00"} {
		if _, err := Decode([]byte(sent)); err != ErrFormat {
			t.Errorf("%x: got %v, want %v", sent, err, ErrFormat)
		}
	}
}

func TestUnmask(t *testing.T) {
	h, _ := Decode([]byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"))
	b := []byte("\x7f\x9f\x4d\x51\x58")
	if h.Unmask(b); string(b) != "Hello" { // RFC 6455 §5.7
		t.Errorf("got %q, want Hello", b)
	}
	for n := range 40 {
		plain := []byte(strings.Repeat("0123456789", 4)[:n])
		b := bytes.Clone(plain)
		for i := range b {
			b[i] ^= h.Key[i%4]
		}
		if h.Unmask(b); !bytes.Equal(b, plain) {
			t.Errorf("%d bytes: got %q, want %q", n, b, plain)
		}
	}
	h.Masked = false
	if h.Unmask(b); string(b) != "Hello" {
		t.Errorf("without a mask: got %q, want Hello", b)
	}
}

func TestUpgrade(t *testing.T) {
	const (
		upgrade  = "Upgrade: websocket\r\n"
		protocol = "Sec-WebSocket-Protocol: sip\r\n"
	)
	for sent, want := range map[string]bool{
		"GET / HTTP/1.1\r\n" + upgrade + protocol + "\r\n":                                   true,
		"GET /a?b HTTP/1.1\n" + "SEC-WEBSOCKET-PROTOCOL:msrp,SIP , x\nupgrade:WebSocket\n\n": true,
		"HTTP/1.1 101 Switching Protocols\r\n" + upgrade + protocol + "\r\n":                 true,
		"HTTP/1.1 200 OK\r\n" + upgrade + protocol + "\r\n":                                  false,
		"POST / HTTP/1.1\r\n" + upgrade + protocol + "\r\n":                                  false,
		"GET / HTTP/1.1\r\n" + upgrade + "\r\n" + protocol:                                   false,
		"GET / HTTP/1.1\r\n" + protocol + "\r\n":                                             false,
		"GET / HTTP/1.1\r\n" + upgrade + "Sec-WebSocket-Protocol: sips, asip\r\n\r\n":        false,
		"GET / HTTP/1.1\r\n" + upgrade + "X-Sec-WebSocket-Protocol: sip\r\n\r\n":             false,
		"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", maxHandshake) + "\r\n" + upgrade:       false,
		"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", maxHandshake):                          false,
		"SSH-2.0-OpenSSH_9.2\r\n":                                                            false,
	} {
		n, err := Upgrade([]byte(sent))
		if (err == nil) != want || want && n != len(sent) || !want && err != ErrFormat {
			t.Errorf("%.80q: got %d, %v, want %v", sent, n, err, want)
		}
		if !want {
			continue
		}
		if n, err := Upgrade([]byte(sent + "\x81")); n != len(sent) || err != nil {
			t.Errorf("%.80q and a byte: got %d, %v, want %d", sent, n, err, len(sent))
		}
		for n := range sent {
			if _, err := Upgrade([]byte(sent[:n])); err != ErrShort {
				t.Fatalf("%q: got %v, want %v", sent[:n], err, ErrShort)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"))
	f.Add([]byte("GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		if h, err := Decode(b); err == nil && (h.Size < shortHeader || h.Size > 14 || h.Size > len(b) || h.Length>>63 != 0) {
			t.Fatalf("header %+v of %d bytes", h, len(b))
		}
		if n, err := Upgrade(b); n < 0 || n > len(b) || (err == nil) != (n > 0) {
			t.Fatalf("handshake of %d bytes, %v, of %d", n, err, len(b))
		}
		if !bytes.Equal(b, before) {
			t.Fatal("the input was written into")
		}
	})
}
