package influx

import (
	"context"
	"errors"
	"time"
)

// A request that does not answer may hang on a line that died under it, and would
// until its timeout, long after the line is back. So another one follows each
// second: points that arrive twice are the same points. The first is left alone,
// for a server that is slow; of the others two are alive at a time.
const (
	hedgeAfter = time.Second
	hedges     = 2
)

var errSilent = errors.New("no request was answered")

// hedge sends until one request is answered, or the timeout is over, or all have
// failed.
func (d *drainer) hedge(ctx context.Context, b *cargo) error {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Timeout)
	defer cancel()
	h := &hedging{results: make(chan result), live: map[int]context.CancelFunc{}}
	h.send(ctx, d.writer, b)
	tick := time.NewTicker(hedgeAfter)
	defer tick.Stop()
	last := errSilent
	for {
		select {
		case r := <-h.results:
			if h.live[r.number] == nil {
				continue
			}
			h.stop(r.number)
			if spoke(r.err) || len(h.live) == 0 {
				d.slow.Store(h.sent > 1)
				return r.err
			}
			last = r.err
		case <-tick.C:
			if old := h.sent - hedges; old > 0 { // the first is number 0
				h.stop(old)
			}
			d.writer.renew()
			h.send(ctx, d.writer, b)
		case <-ctx.Done():
			d.slow.Store(true)
			return last
		}
	}
}

// hedging is the requests of one parcel that are under way.
type hedging struct {
	sent    int
	live    map[int]context.CancelFunc // by their number
	results chan result
}

type result struct {
	number int
	err    error
}

func (h *hedging) send(ctx context.Context, w *Writer, b *cargo) {
	number := h.sent
	mine, stop := context.WithCancel(ctx)
	h.live[number] = stop
	h.sent++
	go func() {
		err := w.write(mine, b)
		select {
		case h.results <- result{number, err}:
		case <-ctx.Done():
		}
	}()
}

// stop ends a request, if it is not over.
func (h *hedging) stop(number int) {
	if stop := h.live[number]; stop != nil {
		stop()
		delete(h.live, number)
	}
}
