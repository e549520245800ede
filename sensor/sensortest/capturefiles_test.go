package sensortest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/frame"
)

// byteOrder is one in which capture files are written.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

var byteOrders = []byteOrder{binary.LittleEndian, binary.BigEndian}

// written is the clean call as a pcap of any kind; frames are cut at the
// snaplen.
func written(call []datum, o byteOrder, nanos bool, snaplen int) *tape {
	t, h := &tape{}, &hosts{}
	magic, unit := uint32(0xa1b2c3d4), time.Microsecond
	if nanos {
		magic, unit = 0xa1b23c4d, time.Nanosecond
	}
	b := o.AppendUint16(o.AppendUint16(o.AppendUint32(nil, magic), 2), 4)
	b = o.AppendUint32(append(b, 0, 0, 0, 0, 0, 0, 0, 0), uint32(snaplen))
	b = o.AppendUint32(b, uint32(frame.LinkEthernet))
	for _, d := range call {
		whole := ipUnit(h.udp(d.src, d.dst, d.payload)).ethernet()
		cut := whole[:min(snaplen, len(whole))]
		when := began.Add(d.at)
		b = o.AppendUint32(b, uint32(when.Unix()))
		b = o.AppendUint32(b, uint32(when.Nanosecond()/int(unit)))
		b = o.AppendUint32(b, uint32(len(cut)))
		b = append(o.AppendUint32(b, uint32(len(whole))), cut...)
	}
	t.Write(b)
	return t
}

// TestTheCleanCallFromEveryFile: micro- and nanoseconds in either byte order.
func TestTheCleanCallFromEveryFile(t *testing.T) {
	for _, s := range sites {
		call := cleanCall(s, "UDP")
		want := plain(call).play(t)
		for _, o := range byteOrders {
			for _, nanos := range []bool{false, true} {
				sameCall(t, written(call, o, nanos, 65535), want, fmt.Sprintf("%s, pcap %v, nanoseconds %v", s.name, o, nanos))
			}
			sameCall(t, interfaces(call, o), want, fmt.Sprintf("%s, pcapng %v", s.name, o))
		}
	}
}

// interfaces is the call as a pcapng of five interfaces that take turns, each
// with a link layer of its own, and with time stamps of its own.
func interfaces(call []datum, o byteOrder) *tape {
	block := func(kind uint32, body []byte) []byte {
		body = append(body, make([]byte, -len(body)&3)...)
		b := o.AppendUint32(o.AppendUint32(nil, kind), uint32(12+len(body)))
		return o.AppendUint32(append(b, body...), uint32(12+len(body)))
	}
	section := append(o.AppendUint32(nil, 0x1a2b3c4d), 0, 0, 0, 0)
	o.PutUint16(section[4:], 1)
	t, h := &tape{}, &hosts{}
	t.Write(block(0x0a0d0d0a, o.AppendUint64(section, 1<<64-1)))
	resolutions := []byte{6, 9, 3, 0x80 | 32, 6} // powers of ten, and one of two
	layers := linkLayers[:len(resolutions)]
	const ahead = 3600 // seconds of if_tsoffset, on every other interface
	for i, link := range layers {
		b := o.AppendUint32(append(o.AppendUint16(nil, uint16(link.link)), 0, 0), 0)
		b = append(o.AppendUint16(o.AppendUint16(b, 9), 1), resolutions[i], 0, 0, 0)
		if i%2 == 1 {
			b = o.AppendUint64(o.AppendUint16(o.AppendUint16(b, 14), 8), ahead)
		}
		t.Write(block(1, b))
	}
	for n, d := range call {
		i := n % len(layers)
		when := began.Add(d.at)
		if i%2 == 1 {
			when = when.Add(-ahead * time.Second)
		}
		stamp := uint64(when.UnixMilli())
		switch r := resolutions[i]; r {
		case 6:
			stamp *= 1e3
		case 9:
			stamp *= 1e6
		case 0x80 | 32:
			stamp = uint64(when.Unix())<<32 + (uint64(when.Nanosecond())<<32+1e9-1)/1e9 // rounded up: it is read rounded down
		}
		raw := layers[i].wrap(ipUnit(h.udp(d.src, d.dst, d.payload)))
		b := o.AppendUint32(o.AppendUint32(o.AppendUint32(nil, uint32(i)), uint32(stamp>>32)), uint32(stamp))
		b = o.AppendUint32(o.AppendUint32(b, uint32(len(raw))), uint32(len(raw)))
		t.Write(block(6, append(b, raw...)))
	}
	return t
}

// TestSnaplen: a short snaplen leaves the call as it was: who made it, when it
// rang, was answered and ended. Its streams are found, though the SDP that
// announced them is cut; what the call cannot know without it is left out.
func TestSnaplen(t *testing.T) {
	for _, s := range sites {
		call := cleanCall(s, "UDP")
		want := plain(call).play(t)
		for _, c := range []struct {
			snaplen int
			calls   uint64
			without []string // what only the whole call says
			with    []string // what only a cut one says
		}{
			{2000, 1, nil, nil},
			{480, 1, []string{"mos"}, []string{"anomalies"}}, // SDP is cut
			{420, 1, []string{"mos"}, []string{"anomalies"}}, // and headers
			{100, 0, nil, nil}, // nothing but start lines is left
		} {
			got := written(call, binary.LittleEndian, true, c.snaplen).play(t)
			if got.summary.Calls != c.calls || got.summary.Streams != 2 {
				t.Errorf("%s, snaplen %d: got %d calls and %d streams, want %d and 2", s.name, c.snaplen, got.summary.Calls, got.summary.Streams, c.calls)
				continue
			}
			if c.calls == 0 {
				continue
			}
			a, b := got.call(t, c.with), want.call(t, c.without)
			if diff := cmp.Diff(b, a); diff != "" {
				t.Errorf("%s, snaplen %d: %s", s.name, c.snaplen, diff)
			}
		}
	}
}

// call is the one call that was put out, without some of its fields, which it
// must have.
func (h *heard) call(t *testing.T, without []string) map[string]any {
	t.Helper()
	for _, line := range h.lines {
		if !strings.HasPrefix(line, `{"type":"call"`) {
			continue
		}
		var call map[string]any
		if err := json.Unmarshal([]byte(line), &call); err != nil {
			t.Fatal(err)
		}
		for _, field := range without {
			if call[field] == nil {
				t.Errorf("got no %s in %s", field, line)
			}
			delete(call, field)
		}
		return call
	}
	t.Fatal("no call was put out")
	return nil
}
