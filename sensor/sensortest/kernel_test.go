package sensortest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/bpf"
	"tollwatch/decoder"
	"tollwatch/decoder/frame"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/record"
	"tollwatch/sensor/rights"
)

// longestRun is the longest frame that the kernel takes for a test run.
const longestRun = 3500

// filtered is a source whose frames go through the kernel's program first, as on
// an interface: what it refuses is not there, and what it copies in part is cut.
type filtered struct {
	capture.Source
	programs *bpf.Programs
	now      time.Time
	given    uint64 // frames that user space got
}

func (f *filtered) Next(out *capture.Frame) error {
	for {
		if err := f.Source.Next(out); err != nil {
			return err
		}
		f.now = out.Time
		if len(out.Data) > longestRun || out.Link != frame.LinkEthernet || len(out.Data) < 15 || len(out.Data) < out.WireLength {
			f.given++ // a test run is not possible
			return nil
		}
		if err := f.programs.SetClock(uint64(out.Time.UnixNano())); err != nil {
			return err
		}
		n, err := f.programs.Run(out.Data, true)
		if err != nil {
			return fmt.Errorf("%d bytes through the kernel: %w", len(out.Data), err)
		}
		if n > 0 {
			f.given++
			out.Data = out.Data[:n]
			return nil
		}
	}
}

// loadPrograms loads them with a clock of their own, for one test and its parts.
func loadPrograms(t *testing.T) *bpf.Programs {
	t.Helper()
	held, err := rights.Held()
	if err != nil {
		t.Fatal(err)
	}
	need(t, held.Has(rights.BPF, rights.Perfmon), "kernel programs need CAP_BPF and CAP_PERFMON")
	programs, err := bpf.Load(bpf.Config{FakeClock: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { programs.Close() })
	return programs
}

// replayKernel is Replay with the kernel's program between capture and pipeline.
func replayKernel(t *testing.T, programs *bpf.Programs, file string) (*Found, *filtered) {
	t.Helper()
	if err := programs.Reset(); err != nil {
		t.Fatal(err)
	}
	engineConfig, err := sensor.EngineConfig(config.Default())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := detect.New(engineConfig)
	if err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	found := &Found{}
	p := sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), engine, found)
	clock := func() (wall, monotonic int64) { return 0, 0 } // that of the programs is packet time
	p.CountWith(capture.NewKernel(programs, func(do func()) { do() }, clock), slog.New(slog.DiscardHandler))
	through := &filtered{Source: source, programs: programs}
	if err := sensor.Replay(t.Context(), through, p); err != nil && !errors.Is(err, io.EOF) {
		t.Logf("replay: %v", err)
	}
	return found, through
}

// TestKernelCountsAsGoDoes: every capture of the corpus gives the same calls, and the
// same figures of its streams, whether the kernel counts its RTP or Go.
func TestKernelCountsAsGoDoes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(Corpus(t), "captures", "*"))
	if err != nil || len(files) < 100 {
		t.Fatalf("got %d captures (%v), want at least 100", len(files), err)
	}
	programs := loadPrograms(t)
	refused := uint64(0)
	for _, file := range append(files, "../../docs/example/office-court-a.pcap.zst") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, _ := Replay(t, []string{file})
			got, through := replayKernel(t, programs, file)
			compareKernel(t, got, want)
			refused += got.Summary.Frames - through.given
		})
	}
	if refused < 50_000 {
		t.Errorf("got %d frames that the kernel kept, want most of the corpus's RTP", refused)
	}
}

func compareKernel(t *testing.T, got, want *Found) {
	t.Helper()
	if got.Summary == nil || want.Summary == nil {
		t.Fatalf("got the summaries %v and %v", got.Summary, want.Summary)
	}
	for _, all := range [][]*record.Call{got.Calls, want.Calls} {
		for _, c := range all {
			c.Score = 0 // a stream that nobody announced is told of when it is read, up to a second later: then others are judged anew
		}
	}
	if diff := cmp.Diff(jsonLines(t, want.Calls), jsonLines(t, got.Calls)); diff != "" {
		t.Errorf("calls differ (-Go +kernel):\n%s", diff)
	}
	if g, w := got.Summary, want.Summary; g.Frames != w.Frames || g.Bytes != w.Bytes || g.Frames != booked(g) {
		t.Errorf("got %d frames of %d bytes, %d of them booked, want %d of %d, and all", g.Frames, g.Bytes, booked(g), w.Frames, w.Bytes)
	}
	compareKernelStreams(t, got.Streams, want.Streams)
}

// compareKernelStreams wants the same streams, in any order, with jitter to the
// rounding of whole nanoseconds.
func compareKernelStreams(t *testing.T, got, want []*record.Stream) {
	t.Helper()
	for _, all := range [][]*record.Stream{got, want} {
		for _, s := range all {
			coarse(s.JitterMeanMS)
			coarse(s.JitterMaxMS)
		}
	}
	a, b := jsonLines(t, want), jsonLines(t, got)
	slices.Sort(a)
	slices.Sort(b)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("streams differ (-Go +kernel):\n%s", diff)
	}
}

// coarse rounds to a hundredth of a millisecond.
func coarse(ms *float64) {
	if ms != nil {
		*ms = math.Round(*ms*100) / 100
	}
}

// jsonLines are the objects as the JSON writer has them.
func jsonLines[T any](t *testing.T, all []T) (out []string) {
	t.Helper()
	for _, o := range all {
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}

// booked is how many frames of a summary have a fate.
func booked(s *record.Summary) uint64 {
	return s.Decoded + total(s.Ignored) + total(s.Malformed) + total(s.Dropped)
}
