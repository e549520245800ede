package sensor

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/hep"
)

// origins is where a live sensor's frames come from: the interfaces, the
// listener for capture agents, or both.
type origins struct {
	taps   capture.Source // nil: none
	agents *hep.Listener  // nil: off
	burst  int            // packets of agents since the taps were last looked at
}

// Agents' packets come first, but after so many the taps have their turn. Where
// both are listened to, a silent tap is waited for shortly only.
const (
	maxBurst   = 256
	sharedIdle = 5 * time.Millisecond
)

// openOrigins opens what the configuration names.
func openOrigins(cfg *config.Config) (*origins, error) {
	o := &origins{}
	if cfg.HEP.Listen != "" {
		key, err := readKey(cfg.HEP.KeyFile)
		if err != nil {
			return nil, err
		}
		if o.agents, err = hep.Listen(hep.Config{Listen: cfg.HEP.Listen, Senders: cfg.HEP.Senders, Key: key}); err != nil {
			return nil, err
		}
	}
	if len(cfg.Capture.Interfaces) == 0 {
		return o, nil
	}
	live := capture.DefaultLiveConfig()
	live.Interfaces = cfg.Capture.Interfaces
	if o.agents != nil {
		live.Idle = sharedIdle
	}
	var err error
	if o.taps, err = capture.OpenLive(live); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// readKey reads the key of the capture agents; no file, no key.
func readKey(file string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the key of [hep] key_file: %w", err)
	}
	if b = bytes.TrimSpace(b); len(b) == 0 {
		return nil, fmt.Errorf("read the key of [hep] key_file: %s is empty: take the key out, or write one", file)
	}
	return b, nil
}

// Next implements capture.Source.
func (o *origins) Next(f *capture.Frame) error {
	if o.taps == nil {
		return o.agents.Next(f)
	}
	if o.agents != nil && o.burst < maxBurst && o.agents.Ready(f) {
		o.burst++
		return nil
	}
	o.burst = 0
	return o.taps.Next(f)
}

// Close implements capture.Source.
func (o *origins) Close() (err error) {
	if o.agents != nil {
		err = o.agents.Close()
	}
	if o.taps != nil {
		err = cmp.Or(o.taps.Close(), err)
	}
	return err
}

// Stats implements capture.Source.
func (o *origins) Stats() (s capture.Stats) {
	if o.taps != nil {
		s = o.taps.Stats()
	}
	if o.agents != nil {
		a := o.agents.Stats()
		s.Frames += a.Frames
		s.Bytes += a.Bytes
	}
	return s
}
