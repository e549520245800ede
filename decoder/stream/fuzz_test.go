package stream

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// sctpPacket is what a script says to send bytes in an SCTP packet.
const sctpPacket = 0x0f

// FuzzObserve cuts a stream into segments as a script says: four bytes a
// segment, of which the first two are its offset, the third its length, the
// fourth what is done with it (flags, a pause, sent on a second flow, or in an
// SCTP packet). Every message must stand in the stream as it was sent, but for
// those that were put together or had a mask, and the books must balance.
func FuzzObserve(f *testing.F) {
	stream, _ := conversation()
	var inOrder, holes []byte
	for offset := 0; offset < len(stream); offset += 100 {
		inOrder = append(binary.BigEndian.AppendUint16(inOrder, uint16(offset)), 100, 0)
		holes = append(binary.BigEndian.AppendUint16(holes, uint16(offset)), 60, byte(offset/100)<<4)
	}
	f.Add([]byte(stream), inOrder)
	f.Add([]byte(stream), holes)
	f.Add([]byte(stream), append(append([]byte(nil), holes...), inOrder...))
	f.Add([]byte("\r\n\r\nINVITE sip:a SIP/2.0\r\nl:99999\r\n\r\n"), []byte{0, 0, 40, 1, 0, 2, 9, 2, 0, 0, 200, 4})
	frames, _ := webConversation(0x37fa213d)
	packets, _ := hepConversation()
	for _, stream := range []string{get + frames, frames, packets[:2000], dataChunk(3, 1, stream[:300]) + dataChunk(2, 2, stream[:90]) + dataChunk(1, 3, stream[90:200])} {
		f.Add([]byte(stream), inOrder)
		f.Add([]byte(stream), holes)
		f.Add([]byte(stream), []byte{0, 0, 255, sctpPacket, 1, 0x2c, 255, sctpPacket, 1, 0x98, 255, sctpPacket})
	}
	f.Fuzz(func(t *testing.T, stream, script []byte) {
		if len(stream) == 0 || len(script) > 4000 {
			return
		}
		a := New(Config{MaxFlows: 2, MaxBuffered: 64 << 10})
		at := start
		check := func(messages []Message) {
			for _, m := range messages {
				whole := m.Kind == WebSocket || m.Kind == SCTP || bytes.Contains(stream, m.Data)
				if len(m.Data) == 0 || len(m.Data) > maxMessage || !whole || m.Kind == 0 {
					t.Fatalf("message %q is not part of what was sent", m.Data)
				}
			}
			checkBooks(t, a)
		}
		for ; len(script) >= 4; script = script[4:] {
			offset := int(binary.BigEndian.Uint16(script)) % len(stream)
			n, what := min(int(script[2]), len(stream)-offset), script[3]
			p := frame.Packet{Protocol: frame.TCP, Src: alice, Dst: proxy, Seq: 0xfffffff0 + uint32(offset), Payload: bytes.Clone(stream[offset : offset+n])}
			p.Flags, p.Truncated = what&7, what&0x48 == 0x48
			if p.Flags&frame.SYN != 0 {
				p.Seq-- // it stands before the data
			}
			if what&0x08 != 0 {
				p.Src = host(int(what & 0xf0))
			}
			if what == sctpPacket {
				p.Protocol = frame.SCTP
			}
			at = at.Add(time.Duration(what>>4) * 100 * time.Millisecond)
			messages, verdict := a.Observe(&p, at)
			check(messages)
			clear(p.Payload)
			if verdict < NotSIP || verdict > Complete || (verdict == Complete) != (len(messages) > 0) {
				t.Fatalf("verdict %d with %d messages", verdict, len(messages))
			}
		}
		a.Advance(at)
		check(a.Advance(at.Add(patience)))
		check(a.Flush())
		if c := a.Counters(); c.Flows != 0 || c.Buffered != 0 || c.Truncated > c.Messages {
			t.Fatalf("counters after the end: %+v", c)
		}
	})
}
