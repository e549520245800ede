package sensor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"tollwatch/detect"
	"tollwatch/detect/rules"
	"tollwatch/sensor/cdr"
	"tollwatch/sensor/past"
	"tollwatch/sensor/record"
)

// billsState is the name under which the store keeps which files were read.
const billsState = "bills"

// The folder is looked at so often; a file is read when it has not changed since
// the look before. So many are looked at and remembered, the latest.
const (
	lookEvery = 30 * time.Second
	maxFiles  = 10_000
)

// The rules of notices about a file that is of no use.
const (
	unreadableBill = "unreadable_bill"
	foreignBill    = "foreign_bill"
)

// billFolder reads the operator's records that are laid down in a folder.
type billFolder struct {
	sensor  *Sensor
	bills   *Bills
	options cdr.Options
	every   time.Duration
	before  map[string]string // size and time of each file, at the last look
	taken   map[string]string // the same of those that were read
	known   readBills
	denied  bool          // the folder could not be read at the last look
	newest  atomic.Int64  // start of the latest billed call, Unix seconds; 0 = none yet
	faulty  atomic.Uint64 // files that could not be read
}

// readBills is what is remembered of the files that were read.
type readBills struct {
	Files  []readBill `json:"files"`  // in the order of reading
	Newest int64      `json:"newest"` // see billFolder
}

type readBill struct {
	SHA256 string `json:"sha256"`
	Name   string `json:"name"`
}

func newBillFolder(s *Sensor) (*billFolder, error) {
	f := &billFolder{sensor: s, every: lookEvery, before: map[string]string{}, taken: map[string]string{}}
	r := s.cfg.Reconcile
	var err error
	if f.options, err = cdr.ParseOptions(r.Format, r.Columns, r.Timezone, s.cfg.Site.Location()); err != nil {
		return nil, fmt.Errorf("configuration, [reconcile]: %w", err)
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
	f.newest.Store(f.known.Newest)
	return f, nil
}

// run looks into the folder until ctx ends.
func (f *billFolder) run(ctx context.Context) error {
	tick := time.NewTicker(f.every)
	defer tick.Stop()
	for {
		f.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look reads each file that is new and complete: one that did not change since
// the last look.
func (f *billFolder) look(ctx context.Context) {
	folder := f.sensor.cfg.Reconcile.Folder
	files, err := latest(folder)
	if denied := err != nil; denied != f.denied {
		f.denied = denied
		if denied {
			f.sensor.log.Error("bills not read", "error", err)
		}
	}
	if err != nil {
		return
	}
	now := map[string]string{}
	for _, info := range files {
		name, stamp := info.Name(), fmt.Sprint(info.Size(), " ", info.ModTime().UnixNano())
		now[name] = stamp
		if f.before[name] == stamp && f.taken[name] != stamp && ctx.Err() == nil {
			f.take(filepath.Join(folder, name))
			f.taken[name] = stamp
		}
	}
	for name := range f.taken {
		if now[name] == "" {
			delete(f.taken, name)
		}
	}
	f.before = now
}

// latest are the files of a folder, the oldest first; where there are too many,
// the latest of them. Hidden and empty ones are being written.
func latest(folder string) ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && info.Size() > 0 && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, info)
		}
	}
	slices.SortStableFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	return files[max(len(files)-maxFiles, 0):], nil
}

// take reads a file, unless the same was read before. Of one that is of no use
// there is one notice.
func (f *billFolder) take(name string) {
	log := f.sensor.log
	sum, err := hashOf(name)
	if err != nil {
		log.Error("bill not read", "error", err)
		return
	}
	if slices.ContainsFunc(f.known.Files, func(b readBill) bool { return b.SHA256 == sum }) {
		return
	}
	if err := f.read(name, sum); err != nil {
		f.faulty.Add(1)
		log.Error("bill not read", "file", name, "error", err)
		f.notice(unreadableBill, sum, err.Error())
	}
	f.known.Files = append(f.known.Files, readBill{sum, filepath.Base(name)})
	f.known.Files = f.known.Files[max(len(f.known.Files)-maxFiles, 0):]
	f.known.Newest = f.newest.Load()
	b, err := json.Marshal(f.known)
	if err == nil {
		err = f.sensor.store.SaveState(billsState, b)
	}
	if err != nil {
		log.Error("which bills were read is not kept", "error", err)
	}
}

func (f *billFolder) read(name, sum string) error {
	file, err := past.Read(name, f.options)
	if err != nil {
		return err
	}
	if len(file.Records) == 0 && file.Unread > 0 {
		return fmt.Errorf("no row can be read, the first for this reason: %w", file.Faults[0])
	}
	r, err := f.bills.Reconcile([]past.File{file})
	if errors.Is(err, ErrNoBills) {
		f.sensor.log.Info("bill without calls", "file", name)
		return nil
	}
	if err != nil {
		return err
	}
	s := f.sensor
	s.log.Info("bill reconciled", "file", name, "billed", r.Billed, "matched", len(r.Pairs), "elsewhere", len(r.Elsewhere),
		"unwatched", len(r.Unwatched), "doubtful", len(r.Doubtful), "not_billed", len(r.NotBilled), "otherwise", len(r.Otherwise),
		"unreadable_rows", file.Unread+r.Unreadable, "clock_offset", r.Offset.String(), "corrected_prices", len(r.Rates))
	f.newest.Store(max(f.newest.Load(), r.Newest.Unix()))
	if r.Foreign {
		f.notice(foreignBill, sum, fmt.Sprintf("%s: next to none of the calls seen is on this bill: it is of another line, or its columns are misread", name))
	}
	rates, err := f.bills.Correct(r)
	if err != nil {
		return err
	}
	if len(r.Rates) > 0 {
		s.rates.Store(&rates)
	}
	news, err := f.bills.News(r)
	if err != nil {
		return err
	}
	return f.tell(f.bills.Alert(news, time.Now()))
}

// notice tells once that a file is of no use.
func (f *billFolder) notice(rule, sum, text string) {
	now := time.Now()
	a := detect.Alert{
		Event: detect.Opened, Time: now, Incident: "bill-" + sum[:12], Level: detect.Notice, Scheme: detect.SensorTrouble,
		Site: SiteName(f.sensor.cfg), Customer: f.sensor.cfg.Site.Customer, RulesVersion: rules.Version,
		Reasons: []detect.Reason{{Rule: rule, Text: text}}, Since: now, Tariff: detect.Estimate, Visibility: detect.TrunkOnly,
	}
	if err := f.tell(record.NewAlert(&a)); err != nil {
		f.sensor.log.Error("notice not kept", "error", err)
	}
}

// tell hands an alert, if there is one, to all sinks.
func (f *billFolder) tell(a *record.Alert) error {
	if a == nil {
		return nil
	}
	f.sensor.pipeline.stamp(a)
	return f.sensor.sinks().Put(a)
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
