package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"tollwatch/decoder/frame"
)

// order is a byte order that can also append.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// block frames a body: type, length, body padded, length again.
func block(o order, kind uint32, body []byte) []byte {
	total := uint32(12 + (len(body)+3)&^3)
	b := o.AppendUint32(nil, kind)
	b = o.AppendUint32(b, total)
	b = append(b, body...)
	b = append(b, make([]byte, int(total)-12-len(body))...)
	return o.AppendUint32(b, total)
}

func sectionBlock(o order) []byte {
	b := o.AppendUint32(nil, byteOrderMagic)
	b = o.AppendUint16(b, 1)
	b = o.AppendUint16(b, 0)
	return block(o, blockSection, o.AppendUint64(b, 1<<64-1))
}

func option(o order, code uint16, value []byte) []byte {
	b := o.AppendUint16(nil, code)
	b = o.AppendUint16(b, uint16(len(value)))
	b = append(b, value...)
	return append(b, make([]byte, (4-len(value)%4)%4)...)
}

func interfaceBlock(o order, link frame.LinkType, snaplen uint32, options ...[]byte) []byte {
	b := o.AppendUint16(nil, uint16(link))
	b = o.AppendUint32(append(b, 0, 0), snaplen)
	for _, opt := range options {
		b = append(b, opt...)
	}
	return block(o, blockInterface, b)
}

func enhancedBlock(o order, number uint32, stamp uint64, wire int, data []byte, options ...[]byte) []byte {
	b := o.AppendUint32(nil, number)
	b = o.AppendUint32(b, uint32(stamp>>32))
	b = o.AppendUint32(b, uint32(stamp))
	b = o.AppendUint32(b, uint32(len(data)))
	b = o.AppendUint32(b, uint32(wire))
	b = append(b, data...)
	b = append(b, make([]byte, (4-len(data)%4)%4)...)
	for _, opt := range options {
		b = append(b, opt...)
	}
	return block(o, blockEnhanced, b)
}

// ngHeaderBytes is the length of what ng writes before the first packet.
const ngHeaderBytes = 28 + 28

// ng writes one section with one Ethernet interface in nanoseconds.
func ng(o order, frames []Frame) []byte {
	b := append(sectionBlock(o), interfaceBlock(o, frame.LinkEthernet, 0, option(o, optionResolution, []byte{9}))...)
	for _, f := range frames {
		b = append(b, enhancedBlock(o, 0, uint64(f.Time.UnixNano()), f.WireLength, f.Data)...)
	}
	return b
}

func ngOfPcapgo(t testing.TB, frames []Frame) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := pcapgo.NewNgWriter(&b, layers.LinkTypeEthernet)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.WritePacket(info(f), f.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEachInterfaceHasItsClock(t *testing.T) {
	at := time.Date(2026, 11, 7, 3, 0, 0, 500_000_000, time.UTC)
	second := uint64(at.Unix())
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		raw := sectionBlock(o)
		raw = append(raw, interfaceBlock(o, frame.LinkEthernet, 0)...)
		raw = append(raw, interfaceBlock(o, frame.LinkSLL2, 0, option(o, optionResolution, []byte{9}), option(o, optionEnd, nil))...)
		raw = append(raw, interfaceBlock(o, frame.LinkRaw, 0, option(o, optionResolution, []byte{0x80 | 20}))...)
		raw = append(raw, interfaceBlock(o, frame.LinkIPv4, 0, option(o, 2, []byte("eth0")), option(o, optionResolution, []byte{12}))...)
		raw = append(raw, interfaceBlock(o, 4711, 0, option(o, optionOffset, o.AppendUint64(nil, 3600)), option(o, optionResolution, []byte{0}))...)
		stamps := []uint64{second*1e6 + 500_000, second*1e9 + 500_000_000, second<<20 + 1<<19, (second%100)*1e12 + 5e11, second - 3600}
		var want []Frame
		for i, s := range stamps {
			raw = append(raw, enhancedBlock(o, uint32(i), s, 4, []byte("sip!"), option(o, 1, []byte("a comment")))...)
			want = append(want, Frame{Data: []byte("sip!"), Time: at, WireLength: 4, Interface: i,
				Link: []frame.LinkType{frame.LinkEthernet, frame.LinkSLL2, frame.LinkRaw, frame.LinkIPv4, 4711}[i]})
		}
		want[3].Time = time.Unix(int64(second%100), 500_000_000).UTC() // picoseconds overflow after 213 days
		want[4].Time = at.Truncate(time.Second)
		check(t, raw, want)
	}
}

func TestSectionsAreTheirOwn(t *testing.T) {
	frames := story(time.Nanosecond)
	raw := append(ng(binary.LittleEndian, frames[:3]), ng(binary.BigEndian, frames[3:])...)
	check(t, raw, frames)
	// The interface of the first section does not exist in the second.
	raw = append(ng(binary.LittleEndian, frames), sectionBlock(binary.BigEndian)...)
	raw = append(raw, enhancedBlock(binary.BigEndian, 0, 0, 1, []byte{1})...)
	got, err := readAll(openBytes(t, raw))
	var f *FileError
	if !errors.As(err, &f) || f.Reason != "a packet of an interface that was not described" || len(got) != len(frames) {
		t.Errorf("got %d frames and %v", len(got), err)
	}
}

func TestSimpleOldAndUnknownBlocks(t *testing.T) {
	o := binary.LittleEndian
	raw := append(sectionBlock(o), interfaceBlock(o, frame.LinkEthernet, 8)...)
	raw = append(raw, enhancedBlock(o, 0, 7_000_000, 4, []byte("1234"))...)
	raw = append(raw, block(o, 0x0bad, make([]byte, 3<<20))...) // longer than the window
	raw = append(raw, block(o, blockSimple, append(o.AppendUint32(nil, 20), "12345678"...))...)
	old := o.AppendUint16(o.AppendUint16(nil, 0), 99) // interface, drops
	old = o.AppendUint32(o.AppendUint32(old, 0), 8_000_000)
	old = o.AppendUint32(o.AppendUint32(old, 2), 5)
	raw = append(raw, block(o, blockOldPacket, append(old, "ab"...))...)
	check(t, raw, []Frame{
		{Data: []byte("1234"), Time: time.Unix(7, 0), WireLength: 4, Link: frame.LinkEthernet},
		{Data: []byte("12345678"), Time: time.Unix(7, 0), WireLength: 20, Link: frame.LinkEthernet},
		{Data: []byte("ab"), Time: time.Unix(8, 0), WireLength: 5, Link: frame.LinkEthernet},
	})
}

// TestLengthWithoutPadding: some writers tell a block's length without the
// bytes that fill it up.
func TestLengthWithoutPadding(t *testing.T) {
	o := binary.LittleEndian
	packet := enhancedBlock(o, 0, 7_000_000_000, 3, []byte("abc"))
	o.PutUint32(packet[4:], uint32(len(packet)-1))
	o.PutUint32(packet[len(packet)-4:], uint32(len(packet)-1))
	check(t, append(ng(o, nil), packet...), []Frame{{Data: []byte("abc"), Time: time.Unix(7, 0), WireLength: 3, Link: frame.LinkEthernet}})
}

func TestNGFaults(t *testing.T) {
	o := binary.LittleEndian
	head := ng(o, nil)
	good := enhancedBlock(o, 0, 0, 4, []byte("1234"))
	change := func(b []byte, at int, v uint32) []byte {
		b = bytes.Clone(b)
		o.PutUint32(b[at:], v)
		return b
	}
	for _, c := range []struct {
		reason string
		tail   []byte
	}{
		{"a block length that cannot be true", change(good, 4, 8)},
		{"a packet block length that cannot be true", change(good, 4, 0xfffffff0)},
		{"a packet block whose two lengths differ", change(good, len(good)-4, 12)},
		{"a packet length that cannot be true", change(good, 20, 5000)},
		{"a packet length that cannot be true", change(good, 20, 0xffffffff)},
		{"a packet of an interface that was not described", change(good, 8, 1)},
		{"a packet block that is too short", block(o, blockEnhanced, make([]byte, 16))},
		{"a packet block that is too short", block(o, blockSimple, nil)},
		{"a time stamp outside the years 1970 to 2262", change(good, 12, 0xffffffff)},
		{"an interface block that is too short", block(o, blockInterface, make([]byte, 4))},
		{"an interface whose time stamps have an impossible resolution",
			interfaceBlock(o, 1, 0, option(o, optionResolution, []byte{20}))},
		{"an interface whose time stamps have an impossible resolution",
			interfaceBlock(o, 1, 0, option(o, optionResolution, []byte{0x80 | 64}))},
		{"a section header without its byte order", change(sectionBlock(o), 8, 1)},
		{"a section header that is too short", change(sectionBlock(o), 4, 24)},
		{"a pcapng version that is not 1", change(sectionBlock(o), 12, 2)},
		{"cut in the middle of a block", block(o, 99, make([]byte, 2<<20))[:1<<20]},
	} {
		raw := append(append(bytes.Clone(head), good...), c.tail...)
		got, err := readAll(openBytes(t, raw))
		var f *FileError
		if !errors.As(err, &f) || f.Reason != c.reason || len(got) != 1 {
			t.Errorf("got %d frames and %v, want 1 and %q", len(got), err, c.reason)
		}
	}
}

func TestInterfacesAreCapped(t *testing.T) {
	o := binary.LittleEndian
	raw := append(sectionBlock(o), bytes.Repeat(interfaceBlock(o, 1, 0), maxInterfaces+1)...)
	_, err := readAll(openBytes(t, raw))
	var f *FileError
	if !errors.As(err, &f) || f.Reason != "more than 65536 interfaces" {
		t.Errorf("got %v, want the table refused", err)
	}
}
