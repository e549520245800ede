package sctp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	start = time.Unix(1_700_000_000, 0)
	alice = netip.MustParseAddrPort("192.0.2.1:5060")
	proxy = netip.MustParseAddrPort("192.0.2.9:5060")
)

const whole = flagBegin | flagEnd

func invite(n int) string {
	return "INVITE sip:bob@example.org SIP/2.0\r\nCall-ID: x\r\n\r\n" + strings.Repeat("0123456789", n/10+1)[:n]
}

// chunk makes a chunk of any type, with its padding.
func chunk(kind, flags byte, value string) string {
	b := binary.BigEndian.AppendUint16([]byte{kind, flags}, uint16(chunkHeader+len(value)))
	for b = append(b, value...); len(b)%4 != 0; {
		b = append(b, 0)
	}
	return string(b)
}

func data(flags byte, tsn uint32, stream, ssn uint16, payload string) string {
	b := binary.BigEndian.AppendUint32(nil, tsn)
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, stream), ssn)
	return chunk(typeData, flags, string(b)+"\x00\x00\x00\x00"+payload)
}

// iData makes an I-DATA chunk; fsn is that of the fragment, 0 for the first,
// where the PPID stands in its place.
func iData(flags byte, tsn uint32, stream uint16, mid, fsn uint32, payload string) string {
	b := binary.BigEndian.AppendUint32(nil, tsn)
	b = append(binary.BigEndian.AppendUint16(b, stream), 0, 0)
	b = binary.BigEndian.AppendUint32(b, mid)
	if flags&flagBegin != 0 {
		fsn = 46 // any PPID
	}
	return chunk(typeIData, flags, string(binary.BigEndian.AppendUint32(b, fsn))+payload)
}

// receiver gives packets to an assembler and checks its books.
type receiver struct {
	t   testing.TB
	a   *Assembler
	src netip.AddrPort
	at  time.Time
	got []string
	cut int
}

func newReceiver(t testing.TB) *receiver {
	return &receiver{t: t, a: New(), src: alice, at: start}
}

func (r *receiver) packet(b string, cut bool) bool {
	r.t.Helper()
	p := []byte(b)
	messages, kept := r.a.Observe(r.src, proxy, p, cut, r.at)
	r.take(messages)
	if string(p) != b {
		r.t.Fatal("the captured packet was written into")
	}
	clear(p) // the memory of a frame is used again for the next
	checkBooks(r.t, r.a)
	return kept
}

func (r *receiver) take(messages []Message) {
	for _, m := range messages {
		if m.Src != r.src || m.Dst != proxy {
			r.t.Fatalf("message of %s to %s, want %s to %s", m.Src, m.Dst, r.src, proxy)
		}
		r.got = append(r.got, string(m.Data))
		if m.Truncated {
			r.cut++
		}
	}
}

func (r *receiver) want(messages ...string) {
	r.t.Helper()
	if !slices.Equal(r.got, messages) {
		r.t.Fatalf("got %d messages %.200q, want %d: %.200q", len(r.got), r.got, len(messages), messages)
	}
}

func checkBooks(t testing.TB, a *Assembler) {
	t.Helper()
	held := 0
	for _, rank := range []bool{false, true} {
		r := a.waiting.Oldest(0)
		if rank {
			r = a.waiting.Oldest(1)
		}
		for e := r; e != nil; e = e.Next() {
			n := 0
			for _, p := range e.Value.pieces {
				n += len(p.data)
			}
			if n != e.Value.bytes || len(e.Value.pieces) > maxFragments {
				t.Fatalf("message says %d bytes, it has %d in %d pieces", e.Value.bytes, n, len(e.Value.pieces))
			}
			held += n
		}
	}
	if held != a.bytes || held > MaxBytes || a.waiting.Len() > MaxWaiting {
		t.Fatalf("books say %d bytes, %d are held of %d messages", a.bytes, held, a.waiting.Len())
	}
}

// TestWholeMessages: several in a packet, between chunks that are none, with
// padding or at the end without, are handed on where they lie.
func TestWholeMessages(t *testing.T) {
	one, two := invite(1), invite(2)
	packet := []byte(chunk(3, 0, "\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00") + data(whole, 1, 0, 1, one) + data(whole|flagUnordered, 2, 7, 0, "diameter") +
		iData(whole, 3, 0, 9, 0, two) + strings.TrimRight(data(whole, 4, 0, 2, one), "\x00"))
	a := New()
	got, kept := a.Observe(alice, proxy, packet, false, start)
	if len(got) != 3 || kept || string(got[0].Data) != one || string(got[1].Data) != two || string(got[2].Data) != one {
		t.Fatalf("got %d messages, kept %v, want three and nothing kept", len(got), kept)
	}
	if i := bytes.Index(packet, []byte(one)); &got[0].Data[0] != &packet[i] {
		t.Error("the message was copied")
	}
	if c := a.Counters(); c != (Counters{}) {
		t.Errorf("got counters %+v, want none", c)
	}
	if n := testing.AllocsPerRun(100, func() { a.Observe(alice, proxy, packet, false, start) }); n != 0 {
		t.Errorf("got %v allocations, want none", n)
	}
}

// fragments cuts a message into chunks of n bytes.
func fragments(m string, n int, make func(flags byte, i uint32, payload string) string) []string {
	var out []string
	flags := byte(flagBegin)
	for i := uint32(0); ; i++ {
		if len(m) <= n {
			return append(out, make(flags|flagEnd, i, m))
		}
		out, m, flags = append(out, make(flags, i, m[:n])), m[n:], 0
	}
}

// senders make fragments of the kinds there are.
func senders(tsn uint32) map[string]func(flags byte, i uint32, payload string) string {
	return map[string]func(byte, uint32, string) string{
		"ordered":          func(flags byte, i uint32, p string) string { return data(flags, tsn+i, 3, 8, p) },
		"unordered":        func(flags byte, i uint32, p string) string { return data(flags|flagUnordered, tsn+i, 3, uint16(i), p) },
		"I-DATA":           func(flags byte, i uint32, p string) string { return iData(flags, tsn+7*i, 3, 8, i, p) },
		"I-DATA unordered": func(flags byte, i uint32, p string) string { return iData(flags|flagUnordered, tsn+7*i, 3, 8, i, p) },
	}
}

// TestSplitAnywhere: a message cut at any byte is the same message, and all
// its fragments again bring nothing.
func TestSplitAnywhere(t *testing.T) {
	m := invite(100)
	for name, send := range senders(0xfffffffd) { // the numbers wrap
		for n := 1; n < len(m); n++ {
			if len(m)/n >= maxFragments {
				continue
			}
			r := newReceiver(t)
			for range 2 {
				for _, f := range fragments(m, n, send) {
					r.packet(f, false)
				}
			}
			r.want(m)
			if c := r.a.Counters(); c.Bytes != 0 || c.Repeated != c.Fragments || r.cut != 0 {
				t.Fatalf("%s, %d bytes each: got counters %+v", name, n, c)
			}
			if r.a.Advance(start.Add(patience)); r.a.waiting.Len() != 0 {
				t.Fatalf("%s: a message that was whole is still remembered", name)
			}
		}
	}
}

// TestShuffledAndDoubled: two messages, whose fragments come in any order and
// some twice, both come out.
func TestShuffledAndDoubled(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	one, two := invite(3000), invite(5000)
	for round := range 300 {
		for name, send := range senders(uint32(round) - 150) {
			var packets []string
			for i, m := range []string{one, two} {
				packets = append(packets, fragments(m, 500+random.IntN(1000), func(flags byte, n uint32, p string) string {
					if i == 0 || strings.HasPrefix(name, "unordered") {
						return send(flags, n+uint32(100*i), p)
					}
					return data(flags, n+100, 4, 8, p)
				})...)
			}
			packets = append(packets, packets[random.IntN(len(packets))])
			random.Shuffle(len(packets), func(i, j int) { packets[i], packets[j] = packets[j], packets[i] })
			r := newReceiver(t)
			for _, p := range packets {
				r.packet(p, false)
			}
			slices.SortFunc(r.got, func(a, b string) int { return len(a) - len(b) })
			r.want(one, two)
			if c := r.a.Counters(); r.cut != 0 || c.Repeated > 1 {
				t.Fatalf("%s, round %d: got counters %+v", name, round, c)
			}
		}
	}
}

// TestMissingFragment: what came before it is returned once, after patience or
// at the end, whichever fragment is missing.
func TestMissingFragment(t *testing.T) {
	m := invite(1000)
	for name, send := range senders(1) {
		all := fragments(m, 200, send)
		for missing := range all {
			for _, end := range []func(r *receiver) []Message{
				func(r *receiver) []Message {
					if early := r.a.Advance(start.Add(patience - 1)); len(early) > 0 {
						t.Fatalf("%s, without %d: got %d messages before patience ran out", name, missing, len(early))
					}
					return r.a.Advance(start.Add(patience))
				},
				func(r *receiver) []Message { return r.a.Flush() },
			} {
				r := newReceiver(t)
				for i, f := range all {
					if kept := i != missing && r.packet(f, false); kept != (missing > 0 && i != missing) {
						t.Errorf("%s, without %d: fragment %d is SIP: got %v", name, missing, i, kept)
					}
				}
				r.take(end(r))
				var want []string
				if missing > 0 {
					want = []string{m[:200*missing]}
				}
				r.want(want...)
				if c := r.a.Counters(); c.Waiting != 0 || c.Bytes != 0 || c.Expired != 1 || r.cut != len(want) {
					t.Errorf("%s, without %d: got counters %+v, %d cut", name, missing, c, r.cut)
				}
			}
		}
	}
}

// TestHostileFragments: none of these gives a message that was not sent.
func TestHostileFragments(t *testing.T) {
	m := invite(500)
	a, b := m[:250], m[250:]
	for name, c := range map[string]struct {
		packets []string
		want    []string
	}{
		"the second in another stream": {[]string{data(flagBegin, 1, 1, 1, a), data(flagEnd, 2, 2, 1, b)}, nil},
		"the second of another number": {[]string{data(flagBegin, 1, 1, 1, a), data(flagEnd, 2, 1, 2, b)}, nil},
		"a gap in the numbers":         {[]string{data(flagBegin, 1, 1, 1, a), data(flagEnd, 3, 1, 1, b)}, nil},
		"two beginnings":               {[]string{data(flagBegin, 1, 1, 1, a), data(flagBegin, 2, 1, 1, a), data(flagEnd, 3, 1, 1, b)}, []string{m}},
		"two ends":                     {[]string{data(flagBegin, 1, 1, 1, a), data(flagEnd, 2, 1, 1, b), data(flagEnd, 3, 1, 1, b)}, []string{m}},
		"another text for a number":    {[]string{data(flagBegin, 1, 1, 1, a), data(flagBegin, 1, 1, 1, m[:240]+"0123456789"), data(flagEnd, 2, 1, 1, b)}, []string{m}},
		"not SIP":                      {[]string{data(flagBegin, 1, 1, 1, "\x01\x00\x00"), data(flagEnd, 2, 1, 1, b)}, nil},
		"almost SIP":                   {[]string{data(flagBegin, 1, 1, 1, "INVITE sip:b"), data(flagEnd, 2, 1, 1, " HTTP/1.1\r\n")}, nil},
		"no data":                      {[]string{data(whole, 1, 1, 1, "")}, nil},
		"a length of 0":                {[]string{"\x00\x03\x00\x00" + data(whole, 1, 1, 1, m)}, nil},
		"a length that is too long":    {[]string{data(whole, 1, 1, 1, m)[:400]}, nil},
		"a header that is cut":         {[]string{"\x00\x03\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x00"}, nil},
		"less than a chunk":            {[]string{"\x00\x03\x00"}, nil},
	} {
		r := newReceiver(t)
		for _, p := range c.packets {
			r.packet(p, false)
		}
		if !slices.Equal(r.got, c.want) {
			t.Errorf("%s: got %.300q, want %.300q", name, r.got, c.want)
		}
	}
}

// TestSnaplen: what the capture cut is returned as cut, once, when it begins a
// message, and nothing is waited for.
func TestSnaplen(t *testing.T) {
	m := invite(500)
	for _, flags := range []byte{whole, flagBegin} {
		r := newReceiver(t)
		r.packet(data(flags, 1, 1, 1, m)[:16+300], true)
		r.want(m[:300])
		if c := r.a.Counters(); r.cut != 1 || c.Waiting != 0 || c.Malformed != 0 {
			t.Errorf("flags %x: got counters %+v, %d cut", flags, c, r.cut)
		}
	}
	r := newReceiver(t)
	r.packet(data(0, 1, 1, 1, m)[:300], true)
	r.packet(data(flagEnd, 1, 1, 1, m)[:10], true)
	if c := r.a.Counters(); len(r.got) != 0 || c != (Counters{}) {
		t.Errorf("got %q and counters %+v, want nothing", r.got, c)
	}
}

// TestTooLong: messages above the caps are returned cut, and their rest is not
// kept.
func TestTooLong(t *testing.T) {
	for name, size := range map[string]int{"bytes": 9000, "fragments": 100} {
		for kind, send := range senders(1) {
			r := newReceiver(t)
			for _, f := range fragments(invite(100_000), size, send) {
				r.packet(f, false)
			}
			c := r.a.Counters()
			if len(r.got) != 1 || r.cut != 1 || len(r.got[0]) > maxMessage || c.Oversized != 1 || c.Bytes != 0 || !strings.HasPrefix(invite(100_000), r.got[0]) {
				t.Errorf("%s, %s: got %d messages, %d cut, counters %+v", name, kind, len(r.got), r.cut, c)
			}
		}
	}
}

// TestTooLongAtItsEnd: a message that is above the cap with its last fragment
// only is whole, and still cut.
func TestTooLongAtItsEnd(t *testing.T) {
	m := invite(70_000)
	r := newReceiver(t)
	r.packet(data(flagBegin, 1, 1, 1, m[:60_000]), false)
	r.packet(data(flagEnd, 2, 1, 1, m[60_000:]), false)
	r.want(m[:maxMessage])
	if c := r.a.Counters(); r.cut != 1 || c.Oversized != 1 || c.Bytes != 0 {
		t.Errorf("got counters %+v, %d cut, want one message too long", c, r.cut)
	}
}

// TestFloods: neither messages without an end nor fragments without a
// beginning hold more than the caps; those without a beginning go first.
func TestFloods(t *testing.T) {
	r := newReceiver(t)
	const begun = MaxWaiting - 100
	for n := range begun {
		r.packet(data(flagBegin, 1, uint16(n), 1, invite(10)), false)
	}
	for n := range 5000 {
		r.packet(data(flagEnd, 1, uint16(n), 2, "rest"), false)
	}
	if c := r.a.Counters(); c.Waiting != MaxWaiting || c.Evicted != 4900 || c.Refused != 0 {
		t.Errorf("got counters %+v, want only fragments without a beginning evicted", c)
	}
	for n := range begun { // all with a beginning are still there
		r.packet(data(flagEnd, 2, uint16(n), 1, "end"), false)
	}
	if len(r.got) != begun || r.cut != 0 {
		t.Errorf("got %d messages, want %d", len(r.got), begun)
	}
	for n := range 5000 {
		r.packet(data(flagBegin, 1, uint16(n), 3, invite(60_000)), false)
	}
	if c := r.a.Counters(); c.Bytes > MaxBytes || c.Bytes < MaxBytes/2 {
		t.Errorf("got counters %+v, want the bytes near the cap", c)
	}
	r = newReceiver(t)
	for n := range MaxWaiting {
		r.packet(data(flagBegin, 1, uint16(n), 1, invite(10)), false)
	}
	r.packet(data(flagEnd, 9, 9999, 9, "rest"), false)
	if c := r.a.Counters(); c.Refused != 1 || c.Evicted != 0 {
		t.Errorf("got counters %+v, want the fragment refused", c)
	}
	r.packet(data(flagBegin, 1, 9999, 1, invite(10)), false)
	if c := r.a.Counters(); c.Evicted != 1 || r.a.waiting.Oldest(1).Key.message.stream != 1 {
		t.Errorf("got counters %+v, want the oldest evicted", c)
	}
}

// TestTwoBeginnings: where no end comes, each is returned for itself.
func TestTwoBeginnings(t *testing.T) {
	r := newReceiver(t)
	r.packet(data(flagBegin, 1, 1, 1, invite(100)), false)
	r.packet(data(flagBegin, 2, 1, 1, invite(90)), false)
	r.take(r.a.Flush())
	r.want(invite(100), invite(90))
}

// TestOthersLeaveNothing: a fragment that waits for its beginning goes with it
// when that is none of SIP.
func TestOthersLeaveNothing(t *testing.T) {
	r := newReceiver(t)
	r.packet(data(flagEnd, 2, 1, 1, "rest"), false)
	r.packet(data(flagBegin, 1, 1, 1, "\x01\x00\x00\x14"), false)
	if c := r.a.Counters(); c.Waiting != 0 || c.Bytes != 0 {
		t.Errorf("got counters %+v, want nothing left", c)
	}
}

// TestWholeOnesGoFirst: a message that was whole gives its place to one that is
// not, and nothing is lost by it.
func TestWholeOnesGoFirst(t *testing.T) {
	r := newReceiver(t)
	r.packet(data(flagBegin, 1, 0, 1, invite(100)), false)
	for n := 1; n < 2*MaxWaiting; n++ {
		r.packet(data(flagBegin, 1, uint16(n), 1, invite(10)), false)
		r.packet(data(flagEnd, 2, uint16(n), 1, "end"), false)
	}
	r.got = nil
	r.packet(data(flagEnd, 2, 0, 1, "end"), false)
	r.want(invite(100) + "end")
	if c := r.a.Counters(); c.Evicted != 0 || c.Waiting != MaxWaiting {
		t.Errorf("got counters %+v, want a full table and nothing evicted", c)
	}
}

// FuzzObserve: every message was sent, and the books balance, whatever the
// chunks are.
func FuzzObserve(f *testing.F) {
	m := invite(100)
	for _, send := range senders(0xfffffffe) {
		f.Add([]byte(strings.Join(fragments(m, 40, send), "")), byte(7))
	}
	f.Add([]byte(data(whole, 1, 1, 1, m)+"\x00\x03\xff\xff"), byte(200))
	f.Fuzz(func(t *testing.T, packet []byte, step byte) {
		r := newReceiver(t)
		n := max(int(step), 20)
		for i := 0; i < len(packet) && i < 50*n; i += n { // the packet, and its ends
			for _, cut := range []bool{false, true} {
				messages, _ := r.a.Observe(alice, proxy, packet[i:], cut, r.at)
				for _, m := range messages {
					if len(m.Data) == 0 || len(m.Data) > maxMessage {
						t.Fatalf("message of %d bytes out of a packet of %d", len(m.Data), len(packet))
					}
				}
				checkBooks(t, r.a)
			}
			r.at = r.at.Add(time.Second)
		}
		r.a.Flush()
		if c := r.a.Counters(); c.Waiting != 0 || c.Bytes != 0 {
			t.Fatalf("counters after the end: %+v", c)
		}
	})
}

func BenchmarkObserve(b *testing.B) {
	for _, n := range []int{1, 8} { // linear in the chunks
		packet := []byte(strings.Repeat(data(whole, 1, 1, 1, invite(400)), n))
		b.Run(fmt.Sprintf("%d messages", n), func(b *testing.B) {
			a := New()
			b.ReportAllocs()
			for b.Loop() {
				a.Observe(alice, proxy, packet, false, start)
			}
		})
	}
	b.Run("other protocol", func(b *testing.B) {
		a, packet := New(), []byte(data(whole, 1, 1, 1, "\x01\x00\x01\x14"+strings.Repeat("x", 1000)))
		for b.Loop() {
			a.Observe(alice, proxy, packet, false, start)
		}
	})
}
