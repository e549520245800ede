package sensortest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/record"
)

const (
	// quickly is how many mutations the ordinary tests make; `make mutations`
	// makes ten million.
	quickly = 200_000

	// batchSize is how many mutations go through one pipeline.
	batchSize = 20_000

	// maxBatchTime is more than any batch takes where nothing hangs.
	maxBatchTime = 5 * time.Minute
)

// TestMutations runs damaged messages and frames of the corpus through the
// whole pipeline: no panic, no hang, the books balance, every object is JSON,
// no table is above its cap. MUTATIONS says how many, MUTATIONS_SEED with which
// seed; MUTATIONS_BATCH repeats one batch alone.
func TestMutations(t *testing.T) {
	all := readOriginals(t)
	n := fromEnvironment(t, "MUTATIONS", quickly)
	seed := fromEnvironment(t, "MUTATIONS_SEED", 1)
	first, last := uint64(0), (n+batchSize-1)/batchSize
	if os.Getenv("MUTATIONS_BATCH") != "" {
		first = fromEnvironment(t, "MUTATIONS_BATCH", 0)
		last = first + 1
	}
	began := time.Now()
	found := mutated{}
	for batch := first; batch < last; batch++ {
		mutateBatch(t, all, seed, batch, &found)
		if t.Failed() {
			return
		}
		if done := (batch + 1 - first) * batchSize; done%1_000_000 == 0 {
			t.Logf("%d mutations after %.0f s", done, time.Since(began).Seconds())
		}
	}
	t.Logf("%d mutations of %d frames and %d messages in %.0f s: %d messages of SIP, %d calls, %d streams, %d alerts",
		(last-first)*batchSize, len(all.frames), len(all.sip)+len(all.other), time.Since(began).Seconds(), found.messages, found.Calls, found.Streams, found.Alerts)
	if found.messages == 0 || found.Calls == 0 || found.Streams == 0 {
		t.Errorf("nothing came through: %+v", found)
	}
}

// mutated counts what came out of the mutations: a test of damage too heavy to
// leave anything would find nothing.
type mutated struct {
	sensor.Counts
	messages uint64
}

func mutateBatch(t *testing.T, all *originals, seed, batch uint64, found *mutated) {
	t.Helper()
	var index atomic.Int64
	describe := func() string {
		m := newMutator(all, seed, batch)
		var f capture.Frame
		for range index.Load() {
			f = m.next()
		}
		return fmt.Sprintf("seed %d, batch %d, mutation %d (MUTATIONS_SEED=%d MUTATIONS_BATCH=%d repeats it): link type %d, %d bytes on the wire:\n%x",
			seed, batch, index.Load(), seed, batch, f.Link, f.WireLength, f.Data)
	}
	watch := time.AfterFunc(maxBatchTime, func() { panic("hangs: " + describe()) })
	defer watch.Stop()
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintln(os.Stderr, describe())
			panic(r)
		}
	}()
	out := &lines{}
	w := record.NewWriter(out)
	d := decoder.New(mutationConfig(batch))
	p := sensor.NewPipeline(d, newEngine(t), w)
	m := newMutator(all, seed, batch)
	for range batchSize {
		index.Add(1)
		f := m.next()
		if err := p.Observe(&f); err != nil {
			t.Fatalf("%v: %s", err, describe())
		}
		if index.Load()%1000 == 0 {
			withinCaps(t, d, describe)
		}
	}
	if err := p.Finish(); err != nil {
		t.Fatalf("at the end of batch %d of seed %d: %v", batch, seed, err)
	}
	s := p.Summary()
	if err := w.Put(s); err != nil {
		t.Fatal(err)
	}
	w.Flush()
	if out.wrong != "" {
		t.Errorf("seed %d, batch %d: no JSON: %s", seed, batch, out.wrong)
	}
	if sum := s.Decoded + total(s.Ignored) + total(s.Malformed) + total(s.Dropped); sum != s.Frames || s.Frames != batchSize {
		t.Errorf("seed %d, batch %d: %d frames, %d accounted for: %+v", seed, batch, s.Frames, sum, s)
	}
	found.add(p.Counts(), s)
}

func (m *mutated) add(c sensor.Counts, s *record.Summary) {
	m.messages += messages(s)
	m.Calls += c.Calls
	m.Streams += c.Streams
	m.Alerts += c.Alerts
}

// withinCaps looks at every table.
func withinCaps(t *testing.T, d *decoder.Decoder, describe func() string) {
	t.Helper()
	for table, s := range d.Sizes() {
		if s.Now > s.Cap {
			t.Errorf("%s: %d in the table, want at most %d: %s", table, s.Now, s.Cap, describe())
		}
	}
}

// mutationConfig lets every second batch run with tables so small that they
// are full.
func mutationConfig(batch uint64) decoder.Config {
	cfg := decoder.DefaultConfig()
	if batch%2 == 1 {
		return cfg
	}
	cfg.Stream.MaxFlows, cfg.Stream.MaxBuffered = 16, 64<<10
	cfg.Dialog.Legs = 16
	cfg.Media.MaxEndpoints, cfg.Media.MaxStreams, cfg.Media.MaxCandidates = 16, 16, 16
	return cfg
}

// lines is a sink that keeps nothing, but looks whether each line is JSON.
type lines struct {
	rest  []byte
	wrong string
}

func (l *lines) Write(b []byte) (int, error) {
	l.rest = append(l.rest, b...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 {
			return len(b), nil
		}
		if line := l.rest[:i]; !json.Valid(line) && l.wrong == "" {
			l.wrong = string(line)
		}
		l.rest = append(l.rest[:0], l.rest[i+1:]...)
	}
}

// readOriginals reads the frames of all captures, and all single messages.
func readOriginals(t *testing.T) *originals {
	t.Helper()
	corpus := Corpus(t)
	out := &originals{
		sip:   readMessages(t, filepath.Join(corpus, "sip"), sipPort),
		other: readMessages(t, filepath.Join(corpus, "messages"), calleeMedia),
	}
	captures, err := filepath.Glob(filepath.Join(corpus, "captures", "*"))
	if err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles(captures, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	for f := (capture.Frame{}); ; {
		err := source.Next(&f)
		if _, faulty := err.(*capture.FileError); faulty {
			continue
		}
		if err != nil {
			break
		}
		out.frames = append(out.frames, original{link: f.Link, frame: bytes.Clone(f.Data)})
	}
	if len(out.frames) == 0 || len(out.sip) == 0 || len(out.other) == 0 {
		t.Fatalf("got %d frames, %d and %d messages in the corpus, want some of each", len(out.frames), len(out.sip), len(out.other))
	}
	return out
}

func readMessages(t *testing.T, folder string, port uint16) []original {
	t.Helper()
	var out []original
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) == ".json" {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && len(b) > 0 {
			out = append(out, original{payload: b, port: port})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func fromEnvironment(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
