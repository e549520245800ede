package hep

import (
	"crypto/subtle"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"tollwatch/decoder/frame"
	"tollwatch/sensor/capture"
)

const (
	// queued and queuedBytes are what waits at most: a second of a large site.
	queued      = 4096
	queuedBytes = 16 << 20
	// maxPacket is the longest HEP packet: its length has 16 bits.
	maxPacket = 65535
	// maxConnections bounds the agents that hold a TCP connection.
	maxConnections = 64
	// provingTime is how long a TCP connection may take to its first packet that
	// is accepted, idleTime how long it may then be silent: agents send
	// keep-alives every few seconds, or connect anew.
	provingTime = 30 * time.Second
	idleTime    = 10 * time.Minute
)

// Config says where to listen, and to whom.
type Config struct {
	Listen  string         // address and port, UDP and TCP
	Senders []netip.Prefix // that are heard; none: this host alone
	Key     []byte         // that packets must bear; empty: none is asked for
	Wake    func()         // called when a packet is there, by several goroutines; nil: nobody sleeps elsewhere
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// Listener is a source of HEP packets.
type Listener struct {
	cfg     Config
	udp     *net.UDPConn
	tcp     net.Listener
	packets chan packet
	closing chan struct{}
	once    sync.Once
	running sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]struct{}

	pool     sync.Pool
	waiting  atomic.Int64 // bytes of the packets
	timer    *time.Timer  // of Next
	lent     *[]byte      // of the packet that Next gave last
	stats    capture.Stats
	counters counters
}

type packet struct {
	data *[]byte
	time time.Time
}

type counters struct{ accepted, sender, key, notHEP, full, connections atomic.Uint64 }

// Counters tell what became of what was sent to the listener.
type Counters struct {
	Accepted    uint64
	Sender      uint64 // refused: from an address that is not allowed
	Key         uint64 // refused: without the key
	NotHEP      uint64 // refused: no HEP packet
	Full        uint64 // lost: nobody took them in time, or the system could not hand them over
	Connections uint64 // refused: too many at once
}

// Listen opens both sockets and begins to receive.
func Listen(cfg Config) (*Listener, error) {
	addr, err := netip.ParseAddrPort(cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for HEP on %s: no address and port: %w", cfg.Listen, err)
	}
	if len(cfg.Senders) == 0 {
		cfg.Senders = loopback
	}
	tcp, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("listen for HEP: %w: choose another port under [hep] listen", err)
	}
	at := netip.AddrPortFrom(addr.Addr(), tcp.Addr().(*net.TCPAddr).AddrPort().Port()) // port 0: both the same
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		tcp.Close()
		return nil, fmt.Errorf("listen for HEP: %w: choose another port under [hep] listen", err)
	}
	udp.SetReadBuffer(4 << 20) // as much as the system allows
	countOverflow(udp)
	l := newListener(cfg)
	l.udp, l.tcp = udp, tcp
	l.running.Go(l.datagrams)
	l.running.Go(l.accept)
	return l, nil
}

func newListener(cfg Config) *Listener {
	return &Listener{cfg: cfg, packets: make(chan packet, queued), closing: make(chan struct{}), timer: time.NewTimer(0),
		conns: map[net.Conn]struct{}{}, pool: sync.Pool{New: func() any { b := make([]byte, 0, 2048); return &b }}}
}

// Addr is where the listener is reached.
func (l *Listener) Addr() netip.AddrPort { return l.udp.LocalAddr().(*net.UDPAddr).AddrPort() }

// Next implements capture.Source.
func (l *Listener) Next(f *capture.Frame) error {
	if l.Ready(f) {
		return nil
	}
	l.timer.Reset(capture.IdleAfter)
	select {
	case p := <-l.packets:
		l.give(p, f)
		return nil
	case <-l.closing:
		return io.EOF
	case <-l.timer.C:
		return capture.ErrIdle
	}
}

// Ready is Next without waiting: false when no packet is there.
func (l *Listener) Ready(f *capture.Frame) bool {
	select {
	case p := <-l.packets:
		l.give(p, f)
		return true
	default:
		return false
	}
}

func (l *Listener) give(p packet, f *capture.Frame) {
	if l.lent != nil {
		l.pool.Put(l.lent)
	}
	l.lent = p.data
	l.waiting.Add(-int64(len(*p.data)))
	*f = capture.Frame{Data: *p.data, Time: p.time, WireLength: len(*p.data), Link: frame.LinkHEP}
	l.stats.Frames++
	l.stats.Bytes += uint64(len(*p.data))
}

// Close ends the listener, its connections and its goroutines.
func (l *Listener) Close() error {
	l.once.Do(func() {
		close(l.closing)
		l.udp.Close()
		l.tcp.Close()
		l.mu.Lock()
		for c := range l.conns {
			c.Close()
		}
		l.mu.Unlock()
		l.running.Wait()
	})
	return nil
}

// Stats implements capture.Source. What found no room is lost, as in a ring.
func (l *Listener) Stats() capture.Stats {
	s := l.stats
	s.KernelDrops = l.counters.full.Load()
	return s
}

// Counters may be called by any goroutine.
func (l *Listener) Counters() Counters {
	c := &l.counters
	return Counters{Accepted: c.accepted.Load(), Sender: c.sender.Load(), Key: c.key.Load(), NotHEP: c.notHEP.Load(),
		Full: c.full.Load(), Connections: c.connections.Load()}
}

// allowed says that the sender is heard.
func (l *Listener) allowed(a netip.Addr) bool {
	a = a.Unmap()
	for _, p := range l.cfg.Senders {
		if p.Contains(a) {
			return true
		}
	}
	l.counters.sender.Add(1)
	return false
}

// proven says that the packet bears the key.
func (l *Listener) proven(b []byte) bool {
	if len(l.cfg.Key) == 0 {
		return true
	}
	key, ok := frame.HEPKey(b)
	if ok && subtle.ConstantTimeCompare(key, l.cfg.Key) == 1 {
		return true
	}
	l.counters.key.Add(1)
	return false
}

// take queues a copy of one packet; when the queue is full it is lost. It is
// false for a packet that does not bear the key.
func (l *Listener) take(b []byte, now time.Time) bool {
	if !l.proven(b) {
		return false
	}
	if l.waiting.Add(int64(len(b))) > queuedBytes {
		l.lose(b)
		return true
	}
	data := l.pool.Get().(*[]byte)
	*data = append((*data)[:0], b...)
	select {
	case l.packets <- packet{data, now}:
		l.counters.accepted.Add(1)
		if l.cfg.Wake != nil {
			l.cfg.Wake()
		}
	default:
		l.pool.Put(data)
		l.lose(b)
	}
	return true
}

func (l *Listener) lose(b []byte) {
	l.waiting.Add(-int64(len(b)))
	l.counters.full.Add(1)
}
