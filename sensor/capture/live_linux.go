package capture

import (
	"cmp"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// OpenLive listens on interfaces. It needs CAP_NET_RAW and sends nothing.
func OpenLive(cfg LiveConfig) (Source, error) {
	names, err := Resolve(cfg.Interfaces)
	if err != nil {
		return nil, err
	}
	l := &live{idle: cmp.Or(cfg.Idle, IdleAfter)}
	for _, name := range names {
		r, err := openRing(name, cfg.RingBytes)
		if err != nil {
			l.release()
			return nil, err
		}
		l.add(r)
	}
	return l, nil
}

// live reads the rings of all interfaces, block by block, in turn.
type live struct {
	rings  []*ring
	polled []unix.PollFd // of the rings, in their order
	turn   int           // the ring to look at first
	idle   time.Duration
	stats  Stats
	ended  error     // what Next returns when no ring is left
	looked time.Time // when the interfaces themselves were last looked at

	closed atomic.Bool
	// owner is held while Next runs and while a block is lent, so that Close
	// never takes memory away from under a frame.
	owner sync.Mutex
	lent  *ring // whose block is being read
}

func (l *live) add(r *ring) {
	l.rings = append(l.rings, r)
	l.polled = append(l.polled, unix.PollFd{Fd: int32(r.fd), Events: unix.POLLIN | unix.POLLERR})
}

func (l *live) Next(f *Frame) error {
	if l.lent != nil && !l.closed.Load() && l.lent.next(f) {
		l.stats.Frames++
		l.stats.Bytes += uint64(len(f.Data))
		return nil
	}
	return l.nextBlock(f)
}

// nextBlock gives the lent block back and lends the next one that is ready,
// waiting for it if need be.
func (l *live) nextBlock(f *Frame) error {
	if l.lent != nil {
		l.lent.giveBack()
		l.lent = nil
	} else {
		l.owner.Lock()
	}
	if l.closed.Load() {
		l.release()
	}
	if len(l.rings) == 0 {
		l.owner.Unlock()
		return l.end()
	}
	r := l.ready()
	if r == nil {
		if err := l.wait(); err != nil {
			l.owner.Unlock()
			return err
		}
		r = l.ready()
	}
	if r == nil {
		l.owner.Unlock()
		return ErrIdle
	}
	if r.take() {
		l.stats.LosingBlocks++
	}
	l.lent = r
	if !r.next(f) {
		return ErrIdle // the block stays lent: the call that follows gives it back
	}
	l.stats.Frames++
	l.stats.Bytes += uint64(len(f.Data))
	return nil
}

func (l *live) end() error {
	if l.closed.Load() {
		return io.EOF
	}
	return l.ended
}

// ready is the next ring, in turn, with a block for us; nil when none has.
func (l *live) ready() *ring {
	for range l.rings {
		l.turn++
		if l.turn >= len(l.rings) {
			l.turn = 0
		}
		if r := l.rings[l.turn]; r.ready() {
			return r
		}
	}
	return nil
}

// lookEvery is how often the interfaces themselves are looked at: the kernel
// tells of one that goes down, but not of one that is then removed.
const lookEvery = time.Second

// look finds out which interfaces are down, and drops one that is gone.
func (l *live) look() error {
	if time.Since(l.looked) < lookEvery {
		return nil
	}
	l.looked = time.Now()
	var down []string // a new one each time: readers of Stats keep the old
	for i, r := range l.rings {
		if r.gone() {
			return l.drop(i)
		}
		if r.down() {
			down = append(down, r.name)
		}
	}
	l.stats.Down = down
	return nil
}

// wait blocks until a ring is ready or IdleAfter has passed.
func (l *live) wait() error {
	if err := l.look(); err != nil {
		return err
	}
	n, err := unix.Poll(l.polled, int(l.idle.Milliseconds()))
	if err == unix.EINTR || n == 0 {
		return nil
	}
	if err != nil {
		return &InterfaceError{Name: l.rings[0].name, Reason: "wait for frames", Left: len(l.rings), Err: err}
	}
	for i, p := range l.polled {
		if p.Revents&^unix.POLLIN != 0 && l.rings[i].gone() {
			return l.drop(i)
		}
	}
	return nil
}

// drop goes on without an interface that is gone.
func (l *live) drop(i int) error {
	r := l.rings[i]
	r.count(&l.stats)
	r.close()
	l.rings = append(l.rings[:i], l.rings[i+1:]...)
	l.polled = append(l.polled[:i], l.polled[i+1:]...)
	l.ended = &InterfaceError{Name: r.name, Reason: "the interface is gone", Left: len(l.rings)}
	return l.ended
}

// release closes all rings; the owner does it.
func (l *live) release() {
	for _, r := range l.rings {
		r.count(&l.stats)
		r.close()
	}
	l.rings, l.polled = nil, nil
}

// Close lets Next return io.EOF within IdleAfter.
func (l *live) Close() error {
	l.closed.Store(true)
	if l.owner.TryLock() {
		l.release()
		l.owner.Unlock()
	}
	return nil
}

func (l *live) Stats() Stats {
	if l.lent == nil {
		l.owner.Lock()
		defer l.owner.Unlock()
	}
	for _, r := range l.rings {
		r.count(&l.stats)
	}
	return l.stats
}
