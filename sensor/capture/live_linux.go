package capture

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"tollwatch/bpf"
)

// OpenLive listens on interfaces. It needs CAP_NET_RAW, and what its back-end needs
// besides, and sends nothing.
func OpenLive(cfg LiveConfig) (Tap, error) {
	names, err := Resolve(cfg.Interfaces)
	if err != nil {
		return nil, err
	}
	if cfg.Attach == nil {
		cfg.Attach = func(open func()) { open() }
	}
	if cfg.Host == nil {
		h, err := Probe()
		if err != nil {
			return nil, err
		}
		cfg.Host = &h
	}
	return choose(&cfg, cfg.Host, func(b Backend) (ear, error) { return openBackend(b, &cfg, names) })
}

func openBackend(b Backend, cfg *LiveConfig, names []string) (ear, error) {
	switch b {
	case EBPF:
		k, err := openKernel(cfg)
		if err != nil {
			return nil, err
		}
		e, err := openRings(cfg, names, k)
		if err != nil {
			return nil, errors.Join(err, k.Close())
		}
		return e, nil
	case TCX:
		return openHooks(cfg, names)
	case AFPacket:
		return openRings(cfg, names, nil)
	case PCAP:
		return libpcap(cfg, names)
	}
	return nil, fmt.Errorf("capture.mode = %q: no such back-end", b)
}

// openKernel loads the programs.
func openKernel(cfg *LiveConfig) (*Kernel, error) {
	programs, err := bpf.Load(bpf.Config{})
	if err != nil {
		return nil, err
	}
	return NewKernel(programs, cfg.Attach, clocks), nil
}

// clocks are the wall clock and the one of the kernel's programs, in ns.
func clocks() (wall, monotonic int64) {
	var now unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return time.Now().UnixNano(), now.Nano()
}

// openRings opens a ring on each interface, behind the kernel's filter if there
// is one.
func openRings(cfg *LiveConfig, names []string, k *Kernel) (ear, error) {
	l := &live{kernel: k}
	if err := l.waker.open(); err != nil {
		return nil, err
	}
	l.watch = watch{attach: cfg.Attach, open: func(name string) (*ring, error) { return openRing(name, cfg.RingBytes, k) }}
	if err := l.begin(cfg.Interfaces, names); err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

// live reads the rings of all interfaces, block by block, in turn.
type live struct {
	watch
	kernel *Kernel       // whose filter the rings have; nil: none
	polled []unix.PollFd // of the waker, and then of the rings in their order
	turn   int           // the ring to look at first

	waker  waker
	closed atomic.Bool
	// owner is held while Next runs and while a block is lent, so that Close
	// never takes memory away from under a frame.
	owner sync.Mutex
	lent  *ring // whose block is being read
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
		l.owner.Unlock()
		return io.EOF
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

// wait blocks until a ring is ready, IdleAfter has passed, or somebody wakes it.
func (l *live) wait() error {
	if err := l.look(); err != nil {
		return err
	}
	l.polled = append(l.polled[:0], unix.PollFd{Fd: int32(l.waker.fd), Events: unix.POLLIN})
	for _, r := range l.rings {
		l.polled = append(l.polled, unix.PollFd{Fd: int32(r.fd), Events: unix.POLLIN | unix.POLLERR})
	}
	n, err := unix.Poll(l.polled, int(IdleAfter.Milliseconds()))
	if err == unix.EINTR || n == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("wait for frames: %w", err)
	}
	if l.polled[0].Revents != 0 {
		l.waker.clear()
	}
	for i, p := range l.polled[1:] {
		if p.Revents&^unix.POLLIN != 0 && l.rings[i].gone() {
			return l.drop(i)
		}
	}
	return nil
}

// Wake implements Tap.
func (l *live) Wake() { l.waker.wake() }

// Kernel implements Tap.
func (l *live) Kernel() *Kernel { return l.kernel }

// release closes all rings; the owner does it.
func (l *live) release() {
	l.end()
	l.waker.close()
}

// Close lets Next return io.EOF.
func (l *live) Close() error {
	l.closed.Store(true)
	l.waker.wake()
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
