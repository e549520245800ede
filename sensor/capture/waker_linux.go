package capture

import (
	"encoding/binary"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// waker is an eventfd (eventfd(2)), which poll sees as readable once somebody
// has called wake.
type waker struct {
	mu     sync.Mutex // nobody may write to a number that has become another file's
	closed bool
	fd     int
}

func (w *waker) open() (err error) {
	if w.fd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return fmt.Errorf("open an eventfd: %w", err)
	}
	return nil
}

var one = binary.NativeEndian.AppendUint64(nil, 1)

// wake may be called by any goroutine, also after close.
func (w *waker) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		unix.Write(w.fd, one)
	}
}

// clear lets the owner wait again.
func (w *waker) clear() {
	var count [8]byte
	unix.Read(w.fd, count[:])
}

func (w *waker) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		unix.Close(w.fd)
	}
}
