package sensortest

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"tollwatch/decoder"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/record"
	"tollwatch/sensor/rights"
)

// The two sides of the calls that several back-ends hear at once.
var (
	callerSide = netip.MustParseAddr("192.0.2.10")
	calleeSide = netip.MustParseAddr("192.0.2.20")
)

// onAWire runs a test in a network namespace with a pair of interfaces, far and tap.
// send writes frames to the far one.
func onAWire(t *testing.T, test func(t *testing.T, send func([]byte))) {
	held, err := rights.Held()
	if err != nil {
		t.Fatal(err)
	}
	need(t, held.Has(rights.SysAdmin, rights.NetAdmin, rights.NetRaw, rights.BPF, rights.Perfmon), "network namespaces and kernel programs need root")
	_, err = exec.LookPath("ip")
	need(t, err == nil, "ip of iproute2 is not installed; `make test` installs it")
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread must not be used again
		wire(t, test)
	}()
	<-done
}

// wire makes the namespace, and ends with it.
func wire(t *testing.T, test func(t *testing.T, send func([]byte))) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Errorf("make a network namespace: %v", err)
		return
	}
	run(t, "ip", "link", "add", "tap", "type", "veth", "peer", "name", "far")
	run(t, "ip", "link", "set", "tap", "up")
	run(t, "ip", "link", "set", "far", "up")
	far, err := net.InterfaceByName("far")
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	to := &unix.SockaddrLinklayer{Ifindex: far.Index}
	test(t, func(b []byte) {
		if err := unix.Sendto(fd, b, 0, to); err != nil {
			t.Errorf("send %d bytes: %v", len(b), err)
		}
	})
}

// listener is a back-end with a pipeline behind it.
type listener struct {
	*testing.T
	mode  string
	tap   capture.Tap
	pipe  *sensor.Pipeline
	found Found
}

func listen(t *testing.T, mode string, ring int) *listener {
	t.Helper()
	tap, err := capture.OpenLive(capture.LiveConfig{Interfaces: []string{"tap"}, RingBytes: ring, Mode: mode})
	if err != nil {
		t.Fatalf("%s: %v", mode, err)
	}
	l := &listener{T: t, mode: mode, tap: tap}
	l.pipe = sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), newEngine(t), &l.found)
	t.Cleanup(func() { tap.Close() })
	if k := tap.Kernel(); k != nil {
		l.pipe.CountWith(k, slog.New(slog.DiscardHandler))
		t.Cleanup(func() { k.Close() })
	}
	return l
}

// drain reads all that is there, until nothing comes for a while.
func (l *listener) drain() {
	l.Helper()
	var f capture.Frame
	for idle := 0; idle < 2; {
		err := l.tap.Next(&f)
		switch {
		case err == nil:
			err = l.pipe.Observe(&f)
		case errors.Is(err, capture.ErrIdle):
			idle++
			err = l.pipe.Advance(time.Now())
		}
		if err != nil {
			l.Fatalf("%s: %v", l.mode, err)
		}
	}
}

// finish ends the capture, and holds its books to what was sent.
func (l *listener) finish() {
	l.Helper()
	if err := l.pipe.Finish(); err != nil {
		l.Fatal(err)
	}
	s := l.pipe.Summary()
	if s.Frames != booked(s) {
		l.Errorf("%s: got %d frames and %d booked, want the books to balance", l.mode, s.Frames, booked(s))
	}
}

// ports are those of the n-th call.
func ports(n int) (caller, callee netip.AddrPort) {
	return netip.AddrPortFrom(callerSide, uint16(20000+2*n)), netip.AddrPortFrom(calleeSide, uint16(40000+2*n))
}

// signal is one message of the n-th call: a request, or the answer to the INVITE.
func (h *hosts) signal(n int, first string, outward bool) []byte {
	caller, callee := ports(n)
	method, _, _ := strings.Cut(first, " ")
	cseq, media := "1 INVITE", caller
	if method == "BYE" || strings.HasSuffix(first, "bye") {
		cseq = "2 BYE"
		first = strings.TrimSuffix(first, " bye")
	}
	if method == "ACK" {
		cseq = "1 ACK"
	}
	if !outward {
		media = callee
	}
	body := ""
	if method == "INVITE" || strings.HasPrefix(first, "SIP/2.0 200") && cseq == "1 INVITE" {
		body = fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %[1]s\r\ns=-\r\nc=IN IP4 %[1]s\r\nt=0 0\r\nm=audio %d RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
			media.Addr(), media.Port())
	}
	text := fmt.Sprintf("%s\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK%d%s\r\nFrom: <sip:201@192.0.2.20>;tag=a%d\r\nTo: <sip:0%d@192.0.2.20>;tag=b%d\r\n"+
		"Call-ID: call-%d\r\nCSeq: %s\r\nContact: <sip:x@%s>\r\n%sContent-Length: %d\r\n\r\n%s", first, n, cseq[:1], n, 301000+n, n, n, cseq, media.Addr(),
		map[bool]string{true: "Content-Type: application/sdp\r\n"}[body != ""], len(body), body)
	if method == "INVITE" {
		text = strings.Replace(text, fmt.Sprintf(";tag=b%d", n), "", 1)
	}
	from, to := netip.AddrPortFrom(callerSide, 5060), netip.AddrPortFrom(calleeSide, 5060)
	if !outward {
		from, to = to, from
	}
	return ipUnit(h.udp(from, to, []byte(text))).ethernet()
}

// begin and end are the signalling of the n-th call.
func (h *hosts) begin(n int, send func([]byte)) {
	send(h.signal(n, fmt.Sprintf("INVITE sip:0%d@192.0.2.20 SIP/2.0", 301000+n), true))
	send(h.signal(n, "SIP/2.0 180 Ringing", false))
	send(h.signal(n, "SIP/2.0 200 OK", false))
	send(h.signal(n, fmt.Sprintf("ACK sip:0%d@192.0.2.20 SIP/2.0", 301000+n), true))
}

func (h *hosts) end(n int, send func([]byte)) {
	send(h.signal(n, fmt.Sprintf("BYE sip:0%d@192.0.2.20 SIP/2.0", 301000+n), true))
	send(h.signal(n, "SIP/2.0 200 OK bye", false))
}

// voice is a packet of the n-th call's media.
func (h *hosts) voice(n int, outward bool, payloadType byte, sequence uint16, payload []byte) []byte {
	from, to := ports(n)
	ssrc := uint32(n + 1)
	if !outward {
		from, to = to, from
		ssrc |= 1 << 31
	}
	p := join([]byte{0x80, payloadType}, u16(int(sequence)), u32(uint32(sequence)*160), u32(ssrc), payload)
	return ipUnit(h.udp(from, to, p)).ethernet()
}

// shaken sends the media of the n-th call with loss, repetition and disorder, a
// digit, and a codec that changes.
func (h *hosts) shaken(n int, send func([]byte)) {
	speech := make([]byte, 160)
	for i := range 600 {
		for _, outward := range []bool{true, false} {
			s, pt := uint16(65300+i), byte(0)
			switch {
			case i%50 == 7:
				continue
			case i%40 == 3:
				s++ // the next two change places
			case i%40 == 4:
				s--
			case i > 500 && outward:
				pt = 8
			}
			b := h.voice(n, outward, pt, s, speech)
			if i >= 300 && i < 305 && outward {
				b = h.voice(n, outward, 101, s, []byte{5, byte(i/304) << 7, 0, byte(i - 299)})
			}
			send(b)
			if i%60 == 9 {
				send(h.voice(n, outward, pt, s, speech))
			}
			if i%60 == 19 {
				send(b) // mirrored twice
			}
		}
	}
}

// loose takes from objects what no two clocks agree on.
func loose(t *testing.T, l *listener) (calls, streams []string) {
	t.Helper()
	for _, c := range l.found.Calls {
		c.Start, c.Ringing, c.Answer, c.End, c.Duration, c.MOS, c.CostEUR = record.Time{}, record.Time{}, record.Time{}, record.Time{}, nil, nil, nil
		c.CallGroup, c.Score = "", 0
	}
	for _, s := range l.found.Streams {
		for _, jitter := range []*float64{s.JitterMeanMS, s.JitterMaxMS} {
			if jitter == nil || *jitter < 0.1 || *jitter > 100 {
				t.Errorf("%s: got jitter %v of a stream that comes at once, want about 20 ms", l.mode, jitter)
			}
		}
		s.CallGroup, s.Start, s.End, s.JitterMeanMS, s.JitterMaxMS, s.MOS, s.RFactor = "", record.Time{}, record.Time{}, nil, nil, nil, nil
	}
	calls, streams = jsonLines(t, l.found.Calls), jsonLines(t, l.found.Streams)
	slices.Sort(calls)
	slices.Sort(streams)
	return calls, streams
}

// means are the mean jitters of the streams, by SSRC.
func means(l *listener) map[string]float64 {
	out := map[string]float64{}
	for _, s := range l.found.Streams {
		if s.JitterMeanMS != nil {
			out[s.SSRC] = *s.JitterMeanMS
		}
	}
	return out
}

// TestBackendsAgree: the same packets through each back-end give the same calls, and
// the same figures of their streams, jitter to the clock of each.
func TestBackendsAgree(t *testing.T) {
	onAWire(t, func(t *testing.T, send func([]byte)) {
		all := []*listener{listen(t, "afpacket", 16<<20), listen(t, "ebpf", 16<<20), listen(t, "tcx", 16<<20)}
		if libpcapBuilt {
			all = append(all, listen(t, "pcap", 16<<20))
		}
		drain := func() {
			for _, l := range all {
				l.drain()
			}
		}
		var h hosts
		const calls = 4
		for n := range calls {
			h.begin(n, send)
		}
		drain()
		for n := range calls + 1 { // of the last one nobody announced the media
			h.shaken(n, send)
		}
		drain()
		for n := range calls {
			h.end(n, send)
		}
		drain()
		for _, l := range all {
			l.finish()
		}
		jitter := means(all[0])
		wantCalls, wantStreams := loose(t, all[0])
		if len(wantCalls) != calls || len(wantStreams) != 2*calls+2 {
			t.Errorf("got %d calls and %d streams, want %d and %d", len(wantCalls), len(wantStreams), calls, 2*calls+2)
		}
		for _, l := range all[1:] {
			for ssrc, ms := range means(l) {
				if math.Abs(ms-jitter[ssrc]) > 1 {
					t.Errorf("%s: got mean jitter %v ms of stream %s, want that of afpacket, %v, to a millisecond", l.mode, ms, ssrc, jitter[ssrc])
				}
			}
			gotCalls, gotStreams := loose(t, l)
			if diff := cmp.Diff(wantCalls, gotCalls); diff != "" {
				t.Errorf("calls differ (-afpacket +%s):\n%s", l.mode, diff)
			}
			if diff := cmp.Diff(wantStreams, gotStreams); diff != "" {
				t.Errorf("streams differ (-afpacket +%s):\n%s", l.mode, diff)
			}
		}
	})
}

// TestReaderStalls: while nobody reads, a burst of packets comes, 120,000 here, and
// 600,000 in `make nightly`. The back-ends that count in the kernel account for
// every packet of RTP and deliver every message; the one that copies all loses.
func TestReaderStalls(t *testing.T) {
	burst := 120_000
	if text := os.Getenv("STALL_PACKETS"); text != "" {
		var err error
		if burst, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	onAWire(t, func(t *testing.T, send func([]byte)) {
		ring := capture.DefaultLiveConfig().RingBytes
		all := []*listener{listen(t, "afpacket", ring), listen(t, "ebpf", ring), listen(t, "tcx", ring)}
		var h hosts
		const calls = 500 // 1000 streams
		for n := range calls {
			h.begin(n, send)
		}
		for _, l := range all {
			l.drain()
		}
		before := make([]uint64, len(all))
		for i, l := range all {
			before[i] = messages(l.pipe.Summary())
		}
		speech, media, messagesSent := make([]byte, 160), uint64(0), uint64(0)
		for i := range burst {
			if i%1009 == 0 {
				send(h.signal(calls+i/1009, fmt.Sprintf("INVITE sip:0%d@192.0.2.20 SIP/2.0", 301000+calls+i/1009), true))
				messagesSent++
				continue
			}
			send(h.voice(int(media/2)%calls, media%2 == 0, 0, uint16(media/(2*calls)), speech))
			media++
		}
		for i, l := range all {
			l.drain()
			l.finish()
			counted := uint64(0)
			for _, s := range l.found.Streams {
				counted += s.Packets
			}
			heard, lost := messages(l.pipe.Summary())-before[i], l.tap.Stats().KernelDrops
			t.Logf("%s: %d of %d packets of RTP, %d of %d messages, %d frames lost", l.mode, counted, media, heard, messagesSent, lost)
			switch {
			case l.mode == "afpacket":
				if lost == 0 || counted >= media {
					t.Errorf("afpacket: got %d packets and %d lost, want that a burst beyond its ring is lost", counted, lost)
				}
			case counted != media || heard != messagesSent || lost != 0:
				t.Errorf("%s: got %d packets of RTP and %d messages, %d lost, want %d, %d and none", l.mode, counted, heard, lost, media, messagesSent)
			}
		}
	})
}
