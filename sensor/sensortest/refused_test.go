package sensortest

import (
	"testing"

	"tollwatch/bpf"
	"tollwatch/decoder/frame"
	demux "tollwatch/decoder/rtp"
	"tollwatch/decoder/sip"
	"tollwatch/decoder/stream"
)

// TestKernelRefusesNothingOfOurs: damaged frames of everything that there is in the
// corpus, KERNEL_FRAMES (20,000) of them. What Go finds signalling in, or media that
// the kernel does not count, is not refused, wherever it lies.
func TestKernelRefusesNothingOfOurs(t *testing.T) {
	programs := loadPrograms(t)
	m := newMutator(readOriginals(t), 1, 1)
	frames, runs := fromEnvironment(t, "KERNEL_FRAMES", 20_000), 0
	refused := map[bpf.Reason]int{}
	for range frames {
		f := m.next()
		if f.Link != frame.LinkEthernet || len(f.Data) < 15 || len(f.Data) > longestRun || f.WireLength > len(f.Data) {
			continue
		}
		runs++
		why := refusal(t, programs, f.Data)
		if why == 0 {
			continue
		}
		refused[why]++
		var p frame.Packet
		if frame.New().Decode(f.Link, f.Data, f.WireLength, f.Time, &p) == frame.Transport && ours(&p, why) {
			t.Fatalf("got %v of a frame that Go reads: %x", why, f.Data)
		}
	}
	t.Logf("%d frames, refused: %v", runs, refused)
	if runs < int(frames)/4 || refused[bpf.RefusedUDP] == 0 || refused[bpf.RefusedTCP] == 0 {
		t.Errorf("got %d frames of %d, of which %v were refused, want some of UDP and of TCP", runs, frames, refused)
	}
}

// refusal is why the kernel refuses a frame, once the budget of its connection is
// spent; 0: it does not.
func refusal(t *testing.T, programs *bpf.Programs, b []byte) bpf.Reason {
	t.Helper()
	for range 17 {
		n, err := programs.Run(b, true)
		if err != nil {
			t.Fatalf("run %x: %v", b, err)
		}
		if n == 0 {
			return lastRefusal(t, programs)
		}
		if b[12] != 8 || len(b) < 24 || b[23] != 6 { // no TCP
			return 0
		}
	}
	return 0
}

// lastRefusal is the reason that has been tallied since it was asked for last.
func lastRefusal(t *testing.T, programs *bpf.Programs) bpf.Reason {
	t.Helper()
	tallies, err := programs.Tallies()
	if err != nil {
		t.Fatal(err)
	}
	for r := bpf.RefusedRTP; r < bpf.Reasons; r++ {
		if tallies[r].Frames > 0 {
			if err := programs.Reset(); err != nil {
				t.Fatal(err)
			}
			return r
		}
	}
	t.Fatal("got no reason of a refusal")
	return 0
}

// ours says that Go would take something from a packet that was refused.
func ours(p *frame.Packet, why bpf.Reason) bool {
	switch {
	case why == bpf.RefusedRTP || why == bpf.RefusedDouble:
		return demux.KindOf(p.Payload) != demux.Media
	case p.HEP:
		return true
	case p.Protocol == frame.TCP:
		_, verdict := stream.New(stream.DefaultConfig()).Observe(p, began)
		return verdict != stream.NotSIP
	}
	switch demux.KindOf(p.Payload) {
	case demux.Control, demux.STUN, demux.DTLS, demux.ZRTP, demux.Channel:
		return true
	}
	return sip.LooksLike(p.Payload)
}
