package sensor

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/hep"
	"tollwatch/sensor/rights"
)

// origins is where a live sensor's frames come from: the interfaces, the
// listener for capture agents, or both. Then each has its turn of so many frames,
// while it has any: neither can keep the other from being heard.
type origins struct {
	taps   capture.Tap   // nil: none
	agents *hep.Listener // nil: off
	taken  int           // of the agents' turn, and then of the taps'
}

// aTurn is how many frames one origin gives before the other is looked at.
const aTurn = 128

// openOrigins opens what the configuration names.
func openOrigins(cfg *config.Config) (*origins, error) {
	o := &origins{}
	var err error
	if len(cfg.Capture.Interfaces) > 0 {
		live := capture.DefaultLiveConfig()
		live.Interfaces, live.Mode = cfg.Capture.Interfaces, cfg.Capture.Mode
		live.Attach = func(open func()) { rights.Raised(attaching(cfg.Capture.Mode), open) }
		if o.taps, err = capture.OpenLive(live); err != nil {
			return nil, err
		}
	}
	if cfg.HEP.Listen == "" {
		return o, nil
	}
	if o.agents, err = listen(cfg.HEP, o.taps); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// listen opens the listener for capture agents, which wakes the taps.
func listen(cfg config.HEP, taps capture.Tap) (*hep.Listener, error) {
	key, err := readKey(cfg.KeyFile)
	if err != nil {
		return nil, err
	}
	c := hep.Config{Listen: cfg.Listen, Senders: cfg.Senders, Key: key}
	if taps != nil {
		c.Wake = taps.Wake
	}
	return hep.Listen(c)
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
	switch {
	case o.agents == nil:
		return o.taps.Next(f)
	case o.taps == nil:
		return o.agents.Next(f)
	case o.taken < aTurn && o.agents.Ready(f):
		o.taken++
		return nil
	}
	return o.tap(f)
}

// tap looks at the taps: because no agent has anything to say, and then what one
// says will end the wait; or because it is their turn.
func (o *origins) tap(f *capture.Frame) error {
	turn := o.taken >= aTurn
	if o.taken == aTurn {
		o.taps.Wake() // agents wait: say that no frame is there rather than wait for one
	}
	err := o.taps.Next(f)
	if turn {
		o.taken++
	}
	if turn && (err != nil || o.taken == 2*aTurn) {
		o.taken = 0
	}
	return err
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

// kernel is what counts RTP for the taps; nil: nobody does.
func (o *origins) kernel() *capture.Kernel {
	if o.taps == nil {
		return nil
	}
	return o.taps.Kernel()
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
