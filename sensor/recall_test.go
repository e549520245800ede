package sensor

import (
	"bytes"
	"io"
	"log/slog"
	"testing"

	"tollwatch/detect"
	"tollwatch/sensor/store"
)

// TestUnknownStateIsSetAside: a learned state of a later version is kept where
// that version finds it, though learning begins anew.
func TestUnknownStateIsSetAside(t *testing.T) {
	kept, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	later := []byte{255, 1, 2, 3}
	if err := kept.SaveState(EngineState, later); err != nil {
		t.Fatal(err)
	}
	engine, err := detect.New(detect.Config{Site: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s := &Sensor{store: kept, engine: engine, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if err := kept.Commit(); err != nil {
		t.Fatal(err)
	}
	s.recall()
	s.save()
	if err := kept.Commit(); err != nil {
		t.Fatal(err)
	}
	if b, err := kept.LoadState(unread(later)); err != nil || !bytes.Equal(b, later) {
		t.Errorf("got %v, %v set aside, want the state of the later version", b, err)
	}
	if b, _ := kept.LoadState(EngineState); bytes.Equal(b, later) {
		t.Error("got the later state in use still")
	}
}
