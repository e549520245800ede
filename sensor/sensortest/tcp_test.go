package sensortest

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

// connection writes both directions of a TCP connection into a tape.
type connection struct {
	*hosts
	tape           *tape
	client, server netip.AddrPort
	seq            [2]uint32 // of the client, of the server
}

func newConnection(t *tape, h *hosts, s site, server uint16) *connection {
	return &connection{hosts: h, tape: t, client: netip.AddrPortFrom(s.caller, sipPort), server: netip.AddrPortFrom(s.callee, server),
		seq: [2]uint32{0xffffff00, 0x7fffff80}} // they wrap around, and change their sign, within the first message
}

// segment is bytes at an offset from the next that a direction sends.
type segment struct {
	offset int
	b      []byte
}

func (c *connection) send(at time.Duration, outward bool, flags byte, s segment) {
	src, dst, seq := c.client, c.server, c.seq[0]
	if !outward {
		src, dst, seq = dst, src, c.seq[1]
	}
	c.tape.add(at, ipUnit(c.tcp(src, dst, seq+uint32(s.offset), flags, s.b)).ethernet())
}

// say sends a message in the segments given and goes on behind it.
func (c *connection) say(at time.Duration, outward bool, length int, segments []segment) {
	for _, s := range segments {
		c.send(at, outward, flagPSH|flagACK, s)
	}
	c.seq[flag(!outward, 1)] += uint32(length)
}

func (c *connection) open(at time.Duration) {
	c.send(at, true, flagSYN, segment{})
	c.seq[0]++
	c.send(at, false, flagSYN|flagACK, segment{})
	c.seq[1]++
	c.send(at, true, flagACK, segment{})
}

func (c *connection) close(at time.Duration) {
	c.send(at, true, flagFIN|flagACK, segment{})
	c.send(at, false, flagFIN|flagACK, segment{})
}

// cutter cuts a message into segments.
type cutter func(b []byte) []segment

func whole(b []byte) []segment { return []segment{{0, b}} }

// every cuts into pieces of n bytes.
func every(n int) cutter {
	return func(b []byte) []segment {
		var out []segment
		for at := 0; at < len(b); at += n {
			out = append(out, segment{at, b[at:min(at+n, len(b))]})
		}
		return out
	}
}

// at cuts once, where there is something to cut.
func at(n int) cutter {
	return func(b []byte) []segment {
		n := min(n, len(b)-1)
		return []segment{{0, b[:n]}, {n, b[n:]}}
	}
}

// ordered sends the pieces of another cutter in the order of their numbers;
// what is not named is lost, what is named twice is sent again.
func ordered(cut cutter, order ...int) cutter {
	return func(b []byte) []segment {
		pieces := cut(b)
		var out []segment
		for _, i := range order {
			if i < len(pieces) {
				out = append(out, pieces[i])
			}
		}
		return out
	}
}

// overlapping sends everything in pieces that each begin before the last ended.
func overlapping(b []byte) []segment {
	var out []segment
	for at := 0; at < len(b); at += 100 {
		from := max(0, at-37)
		out = append(out, segment{from, b[from:min(at+100, len(b))]})
	}
	return out
}

// overTCP records a call with its signalling over TCP.
func overTCP(s site, via string, cut cutter, change ...func(call []datum, c *connection) []datum) *tape {
	h := &hosts{}
	tape := newTape(linkLayers[0].link)
	call := cleanCall(s, via)
	c := newConnection(tape, h, s, sipPort)
	for _, f := range change {
		call = f(call, c)
	}
	for _, d := range call {
		if d.media {
			tape.add(d.at, ipUnit(h.udp(d.src, d.dst, d.payload)).ethernet())
			continue
		}
		c.say(d.at, d.outward, len(d.payload), cut(d.payload))
	}
	c.close(call[len(call)-1].at)
	return tape
}

// bundled puts what one side says in a row into one message, as far as no
// object tells its time: provisional answers, line ends, what is simultaneous.
func bundled(call []datum, _ *connection) []datum {
	var out []datum
	for _, d := range call {
		if n := len(out); n > 0 && !d.media && !out[n-1].media && out[n-1].outward == d.outward && timeless(out[n-1], d) {
			d.payload = join(out[n-1].payload, d.payload)
			out[n-1] = d
			continue
		}
		out = append(out, d)
	}
	return out
}

func timeless(a, b datum) bool {
	return a.at == b.at || len(a.payload) <= 4 || strings.HasPrefix(string(b.payload), "SIP/2.0 180")
}

func opened(call []datum, c *connection) []datum {
	c.open(0)
	return call
}

// joinedLate begins within a message that went before.
func joinedLate(call []datum, c *connection) []datum {
	rest := []byte("k: path\r\nContent-Length: 4\r\n\r\nBYE ")
	c.say(0, true, len(rest), whole(rest))
	return call
}

// keptAlive has line ends (RFC 5626 §3.5.1) and empty probes (RFC 9293
// §3.8.4) between the messages.
func keptAlive(call []datum, _ *connection) []datum {
	var out []datum
	for _, d := range call {
		out = append(out, d)
		if !d.media {
			ping, pong := d, d
			ping.payload, pong.payload, pong.outward = []byte("\r\n\r\n"), []byte("\r\n"), !d.outward
			out = append(out, ping, pong)
		}
	}
	return out
}

func probed(b []byte) []segment {
	return []segment{{-1, nil}, {-1, []byte{0}}, {0, b}}
}

// TestTCP: whatever TCP does to the messages of a call, the same call comes
// out.
func TestTCP(t *testing.T) {
	for _, s := range sites {
		want := plain(cleanCall(s, "UDP")).play(t)
		for name, tape := range map[string]*tape{
			"a message a segment":                        overTCP(s, "TCP", whole, opened),
			"without the beginning of the connection":    overTCP(s, "TCP", whole),
			"joined in the middle of a message":          overTCP(s, "TCP", every(90), joinedLate),
			"two messages a segment":                     overTCP(s, "TCP", whole, bundled),
			"two messages in pieces":                     overTCP(s, "TCP", every(61), bundled),
			"a message over many segments":               overTCP(s, "TCP", every(17), opened),
			"a byte a segment":                           overTCP(s, "TCP", every(1)),
			"in reverse order":                           overTCP(s, "TCP", ordered(every(200), 5, 4, 3, 2, 1, 0), opened),
			"the second piece first":                     overTCP(s, "TCP", ordered(every(300), 1, 0, 2, 3), opened),
			"retransmitted":                              overTCP(s, "TCP", ordered(every(300), 0, 0, 1, 1, 0, 1, 2, 2, 3), opened),
			"retransmitted after a gap":                  overTCP(s, "TCP", ordered(every(300), 0, 2, 3, 1, 0, 2), opened),
			"overlapping":                                overTCP(s, "TCP", overlapping, opened),
			"kept alive with line ends":                  overTCP(s, "TCP", whole, opened, keptAlive),
			"kept alive with line ends, bundled":         overTCP(s, "TCP", every(50), keptAlive, bundled),
			"kept alive with probes":                     overTCP(s, "TCP", probed, opened),
			"kept alive with line ends in a byte apiece": overTCP(s, "TCP", every(1), keptAlive),
		} {
			sameMessages(t, tape, want, "TCP, "+s.name+", "+name, `"transport":"tcp"`)
		}
	}
}

// TestTCPSplitAnywhere cuts every message of a call at every byte.
func TestTCPSplitAnywhere(t *testing.T) {
	want := plain(cleanCall(sites[0], "UDP")).play(t)
	longest := 0
	for _, d := range cleanCall(sites[0], "TCP") {
		longest = max(longest, len(d.payload))
	}
	for n := 1; n < longest; n++ {
		sameMessages(t, overTCP(sites[0], "TCP", at(n)), want, "TCP, split", `"transport":"tcp"`)
		if t.Failed() {
			t.Fatalf("split at byte %d", n)
		}
	}
}

// TestTCPLoss: a message that is lost is missing, and no other. Those behind it
// may come late: the sensor waits for it to be sent again.
func TestTCPLoss(t *testing.T) {
	lost := func(b []byte) []segment {
		if strings.HasPrefix(string(b), "SIP/2.0 100") {
			return nil
		}
		return whole(b)
	}
	want := plain(cleanCall(sites[0], "UDP")).play(t).summary
	delete(want.SIP.Responses, "100")
	got := overTCP(sites[0], "TCP", lost, opened).play(t).summary
	if !reflect.DeepEqual(got.SIP, want.SIP) || got.Calls != want.Calls || got.Answered != want.Answered {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// sameMessages is sameCall for transports that have frames of their own, which
// carry no message, and another name.
func sameMessages(t *testing.T, tape *tape, want *heard, what, transport string) {
	t.Helper()
	got := tape.play(t)
	if !strings.Contains(strings.Join(got.lines, "\n"), transport) {
		t.Errorf("%s: no call says %s", what, transport)
	}
	got.summary.Ignored, got.summary.Decoded = nil, got.summary.Frames
	if d := got.differs(want, transport, `"transport":"udp"`); d != "" {
		t.Errorf("%s:\n%s", what, d)
	}
}
