package sensor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"tollwatch/sensor/cdr"
	"tollwatch/sensor/config"
	"tollwatch/sensor/past"
)

// billsState is the name under which the store keeps which files were read.
const billsState = "bills"

// The folder is looked at so often; a file is read when it has not changed since
// the look before. So many are remembered.
const (
	lookEvery = 30 * time.Second
	maxFiles  = 1000
)

// billFolder reads the operator's records that are laid down in a folder.
type billFolder struct {
	sensor  *Sensor
	bills   *Bills
	options cdr.Options
	every   time.Duration
	before  map[string]string // size and time of each file, at the last look
	taken   map[string]string // the same of those that were read
	known   map[string]string // hash of what was read → its name
	newest  atomic.Int64      // start of the latest billed call, Unix seconds; 0 = none yet
	faulty  atomic.Uint64     // files that could not be read
}

// CDROptions are those of the configuration.
func CDROptions(cfg config.Config) (o cdr.Options, err error) {
	r := cfg.Reconcile
	o.Zone = cfg.Site.Location()
	if r.Timezone != "" {
		if o.Zone, err = time.LoadLocation(r.Timezone); err != nil {
			return o, fmt.Errorf("reconcile.timezone = %q: want a name like Europe/Paris", r.Timezone)
		}
	}
	switch {
	case r.Columns != "":
		m, err := cdr.ParseMapping(r.Columns)
		if err != nil {
			return o, fmt.Errorf("reconcile.columns: %w", err)
		}
		f := cdr.Generic(m)
		o.Format = &f
	case r.Format != "":
		f, ok := cdr.LookupFormat(r.Format)
		if !ok {
			return o, fmt.Errorf("reconcile.format = %q: want asterisk, freepbx or 3cx", r.Format)
		}
		o.Format = &f
	}
	return o, nil
}

func newBillFolder(s *Sensor) (*billFolder, error) {
	f := &billFolder{sensor: s, every: lookEvery, before: map[string]string{}, taken: map[string]string{}, known: map[string]string{}}
	var err error
	if f.options, err = CDROptions(s.cfg); err != nil {
		return nil, err
	}
	if f.bills, err = NewBills(s.store, s.cfg); err != nil {
		return nil, err
	}
	b, err := s.store.LoadState(billsState)
	if err == nil && b != nil {
		err = json.Unmarshal(b, &f.known)
	}
	if err != nil {
		return nil, fmt.Errorf("read which bills were read: %w", err)
	}
	return f, nil
}

// run looks into the folder until ctx ends.
func (f *billFolder) run(ctx context.Context) error {
	tick := time.NewTicker(f.every)
	defer tick.Stop()
	for {
		f.look()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look reads each file that is new and complete: one that did not change since
// the last look.
func (f *billFolder) look() {
	folder := f.sensor.cfg.Reconcile.Folder
	entries, err := os.ReadDir(folder)
	if err != nil {
		f.sensor.log.Error("bills not read", "error", err)
		return
	}
	now := map[string]string{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") || len(now) >= maxFiles {
			continue
		}
		stamp := fmt.Sprint(info.Size(), " ", info.ModTime().UnixNano())
		now[e.Name()] = stamp
		if f.before[e.Name()] == stamp && f.taken[e.Name()] != stamp {
			f.take(filepath.Join(folder, e.Name()))
			f.taken[e.Name()] = stamp
		}
	}
	maps.DeleteFunc(f.taken, func(name, _ string) bool { return now[name] == "" })
	f.before = now
}

// take reads a file, unless the same was read before.
func (f *billFolder) take(name string) {
	log := f.sensor.log
	sum, err := hashOf(name)
	if err != nil {
		log.Error("bill not read", "error", err)
		return
	}
	if f.known[sum] != "" {
		return
	}
	if err := f.read(name); err != nil {
		f.faulty.Add(1)
		log.Error("bill not read", "file", name, "error", err)
	}
	if len(f.known) >= maxFiles {
		clear(f.known)
	}
	f.known[sum] = filepath.Base(name)
	b, err := json.Marshal(f.known)
	if err == nil {
		err = f.sensor.store.SaveState(billsState, b)
	}
	if err != nil {
		log.Error("which bills were read is not kept", "error", err)
	}
}

func (f *billFolder) read(name string) error {
	file, err := past.Read(name, f.options)
	if err != nil {
		return err
	}
	r, err := f.bills.Reconcile([]past.File{file})
	if err != nil {
		return err
	}
	s := f.sensor
	s.log.Info("bill reconciled", "file", name, "billed", r.Billed, "matched", len(r.Pairs), "elsewhere", len(r.Elsewhere),
		"unwatched", len(r.Unwatched), "not_billed", len(r.NotBilled), "otherwise", len(r.Otherwise), "unreadable_rows", len(file.Faults),
		"clock_offset", r.Offset.String(), "corrected_prices", len(r.Rates))
	f.newest.Store(max(f.newest.Load(), r.Newest.Unix()))
	rates, err := f.bills.Correct(r)
	if err != nil {
		return err
	}
	if len(r.Rates) > 0 {
		s.rates.Store(&rates)
	}
	if a := f.bills.Alert(r, time.Now()); a != nil {
		s.pipeline.stamp(a)
		return s.sinks().Put(a)
	}
	return nil
}

func hashOf(name string) (string, error) {
	in, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
