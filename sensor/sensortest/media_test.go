package sensortest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
	lab "tollwatch/sensor/lab/truth"
	"tollwatch/sensor/record"
)

// lossyOffice writes a day of an office whose RTP is lost, doubled and
// reordered on the way to the tap, and gives its streams as they were sent.
func lossyOffice(t *testing.T, seed uint64, change func(*scenario.Wire)) (file string, sent []lab.Stream) {
	t.Helper()
	p, err := scenario.Load("office-day")
	if err != nil {
		t.Fatal(err)
	}
	p.Honest.TalkMost, p.Honest.Digits = 20*time.Second, 0.5
	change(&p.Wire)
	file = filepath.Join(t.TempDir(), "capture.pcap")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var said bytes.Buffer
	if _, err := packets.Generate(t.Context(), p, seed, f, &said); err != nil {
		t.Fatal(err)
	}
	var all struct {
		Calls []lab.Call `json:"calls"`
	}
	if err := json.Unmarshal(said.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all.Calls {
		sent = append(sent, c.Streams...)
	}
	return file, sent
}

// reference is the jitter of one stream by RFC 3550 §6.4.1 and appendix A.8,
// written down again in seconds: what arrived for the first time, voice only.
type reference struct {
	seen       map[uint16]bool
	n          int
	transit, j float64
	sum, peak  float64
	first      time.Time
}

func (r *reference) observe(sequence uint16, timestamp uint32, at time.Time) {
	if r.seen[sequence] {
		return
	}
	r.seen[sequence] = true
	if r.n == 0 {
		r.first = at
	}
	transit := at.Sub(r.first).Seconds() - float64(timestamp)/8000
	if r.n > 0 {
		r.j += (math.Abs(transit-r.transit) - r.j) / 16
		r.sum += r.j
		r.peak = max(r.peak, r.j)
	}
	r.n++
	r.transit = transit
}

// references reads the RTP of a capture of plain Ethernet and IPv4, by SSRC.
func references(t *testing.T, file string) map[uint32]*reference {
	t.Helper()
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	out := map[uint32]*reference{}
	for f := (capture.Frame{}); ; {
		if err := source.Next(&f); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		const udp, rtp = 14 + 20, 14 + 20 + 8
		if len(f.Data) < rtp+12 || f.Data[23] != 17 || f.Data[rtp] != 0x80 || f.Data[rtp+1]&0x7f > 18 {
			continue // no voice: the digits of siplab have a dynamic payload type
		}
		b := f.Data[rtp:]
		ssrc := binary.BigEndian.Uint32(b[8:])
		if out[ssrc] == nil {
			out[ssrc] = &reference{seen: map[uint16]bool{}}
		}
		out[ssrc].observe(binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:]), f.Time)
	}
}

// shaken delays the frames of a pcap file by up to 15 ms each, none beyond the one
// behind it: siplab's network holds packets for microseconds.
func shaken(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const header, record, million = 24, 16, 1_000_000
	r, latest := rand.New(rand.NewPCG(1, 2)), uint64(0)
	for at := header; at+record <= len(b); at += record + int(binary.LittleEndian.Uint32(b[at+8:])) {
		now := uint64(binary.LittleEndian.Uint32(b[at:]))*million + uint64(binary.LittleEndian.Uint32(b[at+4:]))
		latest = max(latest, now+r.Uint64N(15000))
		binary.LittleEndian.PutUint32(b[at:], uint32(latest/million))
		binary.LittleEndian.PutUint32(b[at+4:], uint32(latest%million))
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestStreamsEqualTheTruth: whatever the network loses, doubles and reorders, each
// stream's figures are the truth's, and its jitter is the reference's.
func TestStreamsEqualTheTruth(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*scenario.Wire)
	}{
		{"clean", func(w *scenario.Wire) {}},
		{"2 % lost, 1 % doubled, 1 % late", func(w *scenario.Wire) { w.Loss, w.Duplicate, w.Reorder = 0.02, 0.01, 0.01 }},
		{"20 % lost, 5 % doubled, 10 % late", func(w *scenario.Wire) { w.Loss, w.Duplicate, w.Reorder = 0.2, 0.05, 0.1 }},
		{"nothing but disorder", func(w *scenario.Wire) { w.Reorder = 0.3 }},
		{"the trunk alone", func(w *scenario.Wire) { w.Loss, w.Duplicate, w.Reorder, w.View = 0.05, 0.02, 0.02, "trunk-only" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, sent := lossyOffice(t, 41, c.change)
			shaken(t, file)
			found, err := Replay(t, []string{file})
			if err != nil {
				t.Fatal(err)
			}
			if len(sent) < 10 || len(found.Streams) != len(sent) {
				t.Fatalf("got %d streams, want %d and at least ten", len(found.Streams), len(sent))
			}
			compareWithTruth(t, found.Streams, sent)
			compareWithReference(t, found.Streams, references(t, file))
		})
	}
}

func compareWithTruth(t *testing.T, got []*record.Stream, sent []lab.Stream) {
	t.Helper()
	bySSRC := map[string]*record.Stream{}
	for _, s := range got {
		bySSRC[s.SSRC] = s
	}
	lost, digits := 0, 0
	for _, want := range sent {
		s := bySSRC[want.SSRC]
		if s == nil {
			t.Errorf("no stream %s", want.SSRC)
			continue
		}
		arrived := want.Packets - want.Lost + want.Duplicates
		if int(s.Packets) != arrived || int(s.Lost) != want.Lost || int(s.Duplicates) != want.Duplicates || int(s.Reordered) != want.Reordered {
			t.Errorf("stream %s: got %d packets, %d lost, %d doubled, %d late, want %d, %d, %d, %d", want.SSRC,
				s.Packets, s.Lost, s.Duplicates, s.Reordered, arrived, want.Lost, want.Duplicates, want.Reordered)
		}
		if s.CallID != want.CallID || !sameEndpoint(s.Src, want.Src) || !sameEndpoint(s.Dst, want.Dst) || s.DTMFEvents != want.DTMFEvents {
			t.Errorf("stream %s: got %+v, want %+v", want.SSRC, s, want)
		}
		lost, digits = lost+want.Lost, digits+want.DTMFEvents
	}
	t.Logf("%d streams, %d packets lost, %d digits", len(sent), lost, digits)
}

func sameEndpoint(a, b string) bool {
	x, err := netip.ParseAddrPort(a)
	y, err2 := netip.ParseAddrPort(b)
	return err == nil && err2 == nil && x == y
}

// compareWithReference wants the jitter of 95 of 100 streams within 0.1 %: five
// times as near as is promised.
func compareWithReference(t *testing.T, got []*record.Stream, want map[uint32]*reference) {
	t.Helper()
	var off []float64
	for _, s := range got {
		ssrc, err := parseSSRC(s.SSRC)
		r := want[ssrc]
		if err != nil || r == nil || r.n < 2 || s.JitterMeanMS == nil {
			t.Errorf("stream %s: nothing to compare with", s.SSRC)
			continue
		}
		mean, peak := r.sum/float64(r.n-1)*1e3, r.peak*1e3
		off = append(off, deviation(*s.JitterMeanMS, mean), deviation(*s.JitterMaxMS, peak))
	}
	slices.Sort(off)
	p95 := off[len(off)*95/100]
	t.Logf("jitter is off by %.4f %% at p95, %.4f %% at most", 100*p95, 100*off[len(off)-1])
	if p95 > 0.001 {
		t.Errorf("jitter is off by %.3f %% at p95, want 0.1 %% or less", 100*p95)
	}
}

// deviation is relative; the sensor's milliseconds have three decimals.
func deviation(got, want float64) float64 {
	const decimals = 0.0005
	return max(math.Abs(got-want)-decimals, 0) / max(want, decimals)
}

func parseSSRC(s string) (uint32, error) {
	var n uint32
	_, err := fmt.Sscanf(s, "0x%x", &n)
	return n, err
}
