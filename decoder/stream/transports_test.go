package stream

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"tollwatch/decoder/frame"
)

// dataChunk makes a DATA chunk (RFC 9260 §3.3.1) with its padding; flags 3 are
// those of a whole message, 2 of its beginning, 1 of its end.
func dataChunk(flags byte, tsn uint32, payload string) string {
	b := binary.BigEndian.AppendUint16([]byte{0, flags}, uint16(16+len(payload)))
	b = append(binary.BigEndian.AppendUint32(b, tsn), 0, 5, 0, 9, 0, 0, 0, 0)
	for b = append(b, payload...); len(b)%4 != 0; {
		b = append(b, 0)
	}
	return string(b)
}

func (s *sender) sctp(b string) {
	s.t.Helper()
	s.packet(frame.Packet{Protocol: frame.SCTP, Src: s.src, Dst: s.dst, Payload: []byte(b)})
}

// TestSCTP: whole messages at once, fragments when they are whole, the
// beginnings of others by the clock and at the end.
func TestSCTP(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.kind = SCTP
	s.sctp(dataChunk(3, 1, messages[0]) + dataChunk(3, 2, messages[1]))
	s.want(messages[0], messages[1])
	s.sctp(dataChunk(3, 3, "\x01\x00\x00\x14"))
	if s.verdict != NotSIP {
		t.Errorf("another protocol: got %s, want not_sip", s.verdict)
	}
	s.sctp(dataChunk(1, 5, messages[2][50:]))
	s.sctp(dataChunk(2, 4, messages[2][:50]))
	s.want(messages[0], messages[1], messages[2])
	s.sctp(dataChunk(2, 6, messages[0][:150]))
	if s.verdict != Buffered {
		t.Errorf("a fragment: got %s, want buffered", s.verdict)
	}
	s.take(s.a.Advance(start.Add(patience)))
	s.want(messages[0], messages[1], messages[2], messages[0][:150])
	s.at = start.Add(patience)
	s.sctp(dataChunk(2, 8, messages[0][:160]))
	s.at = s.at.Add(patience)
	s.send(0, "", frame.ACK) // any segment tells the time
	s.want(messages[0], messages[1], messages[2], messages[0][:150], messages[0][:160])
	s.sctp(dataChunk(2, 10, messages[0][:170]))
	s.take(s.a.Flush())
	s.want(messages[0], messages[1], messages[2], messages[0][:150], messages[0][:160], messages[0][:170])
	if c := s.a.Counters(); s.cut != 3 || c.Messages != 6 || c.Truncated != 3 || c.SCTP.Waiting != 0 {
		t.Errorf("got %d cut, counters %+v, want three of six messages", s.cut, c)
	}
}

// TestTLSBesideSIP: a connection that is opened and turns out to be TLS is
// counted from its first record on, and is never SIP.
func TestTLSBesideSIP(t *testing.T) {
	hello := "\x16\x03\x01\x00\xcc\x01\x00\x00\xc8\x03\x03" + strings.Repeat("\xaa", 198)
	record := "\x17\x03\x03\x00\x20" + strings.Repeat("\xbb", 32)
	s := newSender(t, DefaultConfig())
	s.dst = host(1)
	s.syn()
	offset := 0
	for _, b := range []string{hello, record, record + record[:7], record[7:]} {
		if s.send(offset, b, frame.ACK); s.verdict != NotSIP {
			t.Errorf("%.8q: got %s, want not_sip", b, s.verdict)
		}
		offset += len(b)
	}
	peers := s.a.TLS()
	if len(peers) != 1 || peers[0].Server != s.dst || peers[0].Connected != 1 || peers[0].ToPeer.Records != 3 || peers[0].Signalling() {
		t.Errorf("got %+v, want one connection with the three records that begin segments", peers)
	}
	if c := s.a.Counters(); c.Flows != 0 || c.TLS.Peers != 1 || c.TLS.Connections != 0 {
		t.Errorf("got counters %+v, want nothing followed", c)
	}
}

// TestTransportsDoNotMeet: connections of every kind between neighbouring
// addresses, their segments in turn.
func TestTransportsDoNotMeet(t *testing.T) {
	_, messages := conversation()
	a := New(DefaultConfig())
	got := map[Kind][]string{}
	streams := map[int]string{1: messages[0] + messages[1], 2: get + webFrame(text, 0x01020304, messages[0]) + webFrame(text, 0x01020304, messages[1]),
		3: capsule(messages[0]) + capsule(messages[1])}
	for n := 0; n < 1000; n += 37 {
		for i := 1; i <= 3; i++ {
			if n >= len(streams[i]) {
				continue
			}
			part := streams[i][n:min(n+37, len(streams[i]))]
			p := frame.Packet{Protocol: frame.TCP, Src: host(i), Dst: proxy, Seq: uint32(n), Flags: frame.ACK, Payload: []byte(part)}
			out, _ := a.Observe(&p, start)
			for _, m := range out {
				if m.Src != host(i) {
					t.Errorf("message of %s, want %s", m.Src, host(i))
				}
				got[m.Kind] = append(got[m.Kind], string(m.Data))
			}
		}
	}
	plain := []string{messages[0], messages[1]}
	wrapped := []string{capsule(messages[0]), capsule(messages[1])}
	if !slices.Equal(got[TCP], plain) || !slices.Equal(got[WebSocket], plain) || !slices.Equal(got[HEP], wrapped) {
		t.Errorf("got %.900q", got)
	}
}
