package order

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Kind is what is ordered.
type Kind string

// The kinds.
const (
	Acknowledge Kind = "acknowledge" // an incident is known
	Normal      Kind = "normal"      // an incident is normal here
	Withdraw    Kind = "withdraw"    // what was said of an incident no longer holds
	Maintenance Kind = "maintenance" // begins, or ends where Until is not ahead
	Confirm     Kind = "confirm"     // destinations of the first days are the site's own
)

// Order is one wish of a person.
type Order struct {
	Kind     Kind      `json:"kind"`
	Incident string    `json:"incident,omitempty"`
	By       string    `json:"by,omitempty"`
	Reason   string    `json:"reason,omitempty"` // of a maintenance
	Until    time.Time `json:"until,omitzero"`   // of a maintenance

	Destinations []string `json:"destinations,omitempty"` // confirmed; "MA international"
}

// Bounds of the folder.
const (
	folder     = "orders"
	suffix     = ".json"
	maxWaiting = 64
	maxSize    = 4096
)

// Leave puts an order into the store's folder dir. Only who may write there, the
// sensor's user or root, can.
func Leave(dir string, o Order) error {
	b, err := json.Marshal(o)
	if err == nil {
		err = leave(dir, b)
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("leave an order in %s: this user may not write there: ask as root, or as the user who runs the sensor: %w", dir, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("leave an order in %s: there is no store: run the sensor first, or name its folder with --store: %w", dir, err)
	case err != nil:
		return fmt.Errorf("leave an order in %s: %w", dir, err)
	}
	return nil
}

func leave(dir string, b []byte) error {
	if len(b) > maxSize {
		return fmt.Errorf("%d bytes are too many, %d may be", len(b), maxSize)
	}
	to := filepath.Join(dir, folder)
	if err := os.Mkdir(to, 0o700); err == nil {
		err = own(dir, to)
		if err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	waiting, err := os.ReadDir(to)
	if err != nil {
		return err
	}
	if len(waiting) >= maxWaiting {
		return fmt.Errorf("%d orders wait there already: does the sensor run?", len(waiting))
	}
	f, err := os.CreateTemp(to, "new-*") // of this user alone
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close(), own(dir, f.Name()))
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(to, fmt.Sprintf("%020d-%s%s", time.Now().UnixNano(), filepath.Base(f.Name()), suffix)))
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// own gives what root made to the owner of the store, so that the sensor may read it.
func own(dir, name string) error {
	info, err := os.Stat(dir)
	if err != nil || os.Geteuid() != 0 {
		return err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Lchown(name, int(s.Uid), int(s.Gid))
}

// Letter is an order that waits.
type Letter struct {
	Order
	Err  error // why it cannot be read; nil otherwise
	path string
}

// Discard takes it out of the folder: it was heard.
func (l *Letter) Discard() error { return os.Remove(l.path) }

// Waiting reads the orders that wait in the store's folder dir, the earliest
// first; nil when nobody ever left one.
func Waiting(dir string) ([]Letter, error) {
	in := filepath.Join(dir, folder)
	entries, err := os.ReadDir(in)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for orders: %w", err)
	}
	var out []Letter
	for _, e := range entries[:min(len(entries), maxWaiting)] {
		if !strings.HasSuffix(e.Name(), suffix) {
			continue
		}
		l := Letter{path: filepath.Join(in, e.Name())}
		if l.Order, l.Err = read(l.path); l.Err != nil {
			l.Err = fmt.Errorf("read the order %s: %w", l.path, l.Err)
		}
		out = append(out, l)
	}
	return out, nil
}

func read(path string) (o Order, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return o, err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.Mode().IsRegular() || info.Size() > maxSize:
		return o, errors.New("it is no small file")
	case info.Mode().Perm()&0o022 != 0, ok && s.Uid != 0 && int(s.Uid) != os.Geteuid():
		return o, errors.New("others than the sensor's user could have written it")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(b, &o)
}
