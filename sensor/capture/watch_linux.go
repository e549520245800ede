package capture

import (
	"slices"
	"time"
)

// watch knows the interfaces that are listened to, drops those that are removed,
// and takes them up again when they are back.
type watch struct {
	open   func(name string) (*ring, error)
	attach func(func()) // runs open with the rights for it
	rings  []*ring
	away   []*ring // closed ones, whose interfaces were removed: at most those that were opened first
	looked time.Time
	stats  Stats
}

// begin opens all; wanted has the names as the operator wrote them.
func (w *watch) begin(wanted, names []string) error {
	for _, name := range names {
		r, err := w.open(name)
		if err != nil {
			return err
		}
		r.named = slices.Contains(wanted, name)
		w.rings = append(w.rings, r)
	}
	return nil
}

// lookEvery is how often the interfaces themselves are looked at: the kernel
// tells of one that goes down, but not of one that is then removed, nor of one
// that is back.
const lookEvery = time.Second

// look finds out which interfaces are down, drops one that is gone, and takes
// up those that are back.
func (w *watch) look() error {
	if time.Since(w.looked) < lookEvery {
		return nil
	}
	w.looked = time.Now()
	for i, r := range w.rings {
		if r.gone() {
			return w.drop(i)
		}
	}
	w.takeUp()
	w.tell()
	return nil
}

// takeUp opens what is back. Whatever hinders it may pass: it is tried again.
func (w *watch) takeUp() {
	w.away = slices.DeleteFunc(w.away, func(old *ring) bool {
		var r *ring
		var err error
		w.attach(func() { r, err = w.open(old.name) })
		if err != nil {
			return false
		}
		r.named = old.named
		w.rings = append(w.rings, r)
		return true
	})
}

// tell notes which interfaces are down, and which away, in new lists: readers of
// Stats keep the old ones. One of Any that is away is no fault of its own, as
// long as another is left: those of containers come and go.
func (w *watch) tell() {
	w.stats.Down, w.stats.Away = nil, nil
	for _, r := range w.rings {
		if r.down() {
			w.stats.Down = append(w.stats.Down, r.name)
		}
	}
	for _, r := range w.away {
		w.stats.Away = append(w.stats.Away, r.name)
		if r.named || len(w.rings) == 0 {
			w.stats.Down = append(w.stats.Down, r.name)
		}
	}
}

// drop goes on without an interface that is gone.
func (w *watch) drop(i int) error {
	r := w.rings[i]
	r.count(&w.stats)
	r.close()
	w.rings = slices.Delete(w.rings, i, i+1)
	w.away = append(w.away, r)
	w.tell()
	return &InterfaceError{Name: r.name, Reason: "the interface is gone", Hint: "it is taken up again when it is back", Left: len(w.rings)}
}

// end closes all.
func (w *watch) end() {
	for _, r := range w.rings {
		r.count(&w.stats)
		r.close()
	}
	w.rings = nil
}
