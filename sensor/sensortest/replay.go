package sensortest

import (
	"os"
	"path/filepath"
	"testing"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/record"
)

// Found is everything that a replay put out.
type Found struct {
	Calls         []*record.Call
	Streams       []*record.Stream
	Registrations []*record.Registration
	Alerts        []*record.Alert
	Summary       *record.Summary
}

// Put implements sensor.Sink.
func (f *Found) Put(o record.Object) error {
	switch o := o.(type) {
	case *record.Call:
		f.Calls = append(f.Calls, o)
	case *record.Stream:
		f.Streams = append(f.Streams, o)
	case *record.Registration:
		f.Registrations = append(f.Registrations, o)
	case *record.Alert:
		f.Alerts = append(f.Alerts, o)
	case *record.Summary:
		f.Summary = o
	}
	return nil
}

// Replay runs capture files through a pipeline with the default configuration,
// changed by the functions given. The error is the capture's: what was read
// before it is in Found.
func Replay(t testing.TB, files []string, change ...func(*config.Config)) (*Found, error) {
	t.Helper()
	cfg := config.Default()
	for _, f := range change {
		f(&cfg)
	}
	engineConfig, err := sensor.EngineConfig(cfg)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := detect.New(engineConfig)
	if err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles(files, nil)
	if err != nil {
		return &Found{}, err
	}
	defer source.Close()
	found := &Found{}
	err = sensor.Replay(t.Context(), source, sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), engine, found))
	return found, err
}

// Corpus is the folder of real captures, ../shared/corpus beside the checkout.
// Where it is absent the test skips and says so; in CI that is a failure.
func Corpus(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		corpus := filepath.Join(dir, "shared", "corpus")
		if _, err := os.Stat(corpus); err == nil {
			return corpus
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no shared/corpus beside the checkout: in CI the corpus must be there")
	}
	t.Skip("no shared/corpus beside the checkout: the corpus of real captures is not part of the repository")
	return ""
}
