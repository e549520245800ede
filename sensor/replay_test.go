package sensor

import (
	"context"
	"encoding/binary"
	"errors"
	"testing"

	"tollwatch/sensor/capture"
)

// endlessBlocks is a pcapng that goes on for ever without a frame: blocks that
// nobody knows. Whoever waits for it gives up after three reads.
type endlessBlocks struct {
	begun  bool
	reads  int
	giveUp func()
}

func (e *endlessBlocks) Read(b []byte) (int, error) {
	if e.reads++; e.reads == 3 {
		e.giveUp()
	}
	unit := make([]byte, 256)
	binary.LittleEndian.PutUint32(unit, 0x0bad)
	binary.LittleEndian.PutUint32(unit[4:], 256)
	if !e.begun {
		e.begun = true
		unit = unit[:28]
		for at, v := range []uint32{0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, 0, 28} {
			binary.LittleEndian.PutUint32(unit[4*at:], v)
		}
		return copy(b, unit), nil
	}
	n := 0
	for len(b)-n >= len(unit) {
		n += copy(b[n:], unit)
	}
	return n, nil
}

// TestReplayEndsWithItsContext, also within a Next that never finds a frame.
func TestReplayEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	source, err := capture.OpenFiles([]string{"-"}, &endlessBlocks{giveUp: cancel})
	if err != nil {
		t.Fatal(err)
	}
	if err := Replay(ctx, source, newSite(t).pipeline); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the replay was given up", err)
	}
}
