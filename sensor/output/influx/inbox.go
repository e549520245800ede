package influx

import (
	"slices"
	"sync"
	"time"
)

// Limits of one batch.
const (
	maxLines = 5000
	maxBytes = 1 << 20
)

// chunk is lines that have not been kept on disk yet.
type chunk struct {
	lines   []byte // each with its line break
	n       int
	since   time.Time // of the first line
	saving  bool      // the disk is at work on it
	failed  bool      // the disk did not take it
	taken   bool      // by the drainer, which could not wait for the disk
	arrived bool      // the drainer is done with it
	counted bool      // among the points of the inbox
	id      int64     // in the spool; 0: not there
}

// inbox takes lines without waiting and holds them until they are on disk, or
// until they have arrived without ever having been there.
type inbox struct {
	limit int // bytes

	mu      sync.Mutex // guards the rest; nobody holds it while a disk or a server works
	filling *chunk     // nil: no line since the last was sealed
	sealed  []*chunk   // the oldest first
	spare   *chunk     // to be filled anew
	bytes   int        // of all lines here
	points  int        // that wait here, and neither in the spool nor any more

	toSave chan struct{} // a value when there is something for the disk
	stir   chan struct{} // a value when the drainer should look at the time
}

func newInbox(limit int) *inbox {
	return &inbox{limit: limit, toSave: make(chan struct{}, 1), stir: make(chan struct{}, 1)}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// put copies a line; it is false when there is no room.
func (b *inbox) put(line []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bytes+len(line) > b.limit {
		return false
	}
	if c := b.filling; c != nil && (c.n >= maxLines || len(c.lines)+len(line) > maxBytes) {
		b.seal()
	}
	if b.filling == nil {
		b.begin()
	}
	b.filling.lines = append(b.filling.lines, line...)
	b.filling.n++
	b.bytes += len(line)
	b.points++
	return true
}

func (b *inbox) begin() {
	if b.filling = b.spare; b.filling == nil {
		b.filling = &chunk{}
	}
	b.spare = nil
	b.filling.since, b.filling.counted = time.Now(), true
	signal(b.toSave)
	signal(b.stir)
}

func (b *inbox) seal() {
	if b.filling != nil {
		b.sealed = append(b.sealed, b.filling)
		b.filling = nil
		signal(b.toSave)
	}
}

// fillsFor says that there is a chunk which may still wait for more lines, and none
// that is full.
func (b *inbox) fillsFor(linger time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.filling != nil && len(b.sealed) == 0 && time.Since(b.filling.since) < linger
}

// toKeep is the oldest chunk that the disk should have, the one that fills if
// there is no other; nil when there is none.
func (b *inbox) toKeep() *chunk {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.sealed) == 0 {
		b.seal()
	}
	for _, c := range b.sealed {
		if c.id == 0 {
			c.saving = true
			return c
		}
	}
	return nil
}

// kept notes what the disk said to a chunk, and returns the fate of the batch.
func (b *inbox) kept(c *chunk, id int64, err error) fate {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.saving = false
	if c.arrived {
		b.remove(c)
		return arrived
	}
	if err != nil {
		c.failed = true
		signal(b.stir)
		return inMemory
	}
	c.id = id
	b.uncount(c)
	if c.taken {
		return underWay
	}
	b.remove(c)
	return onDisk
}

// fate is what becomes of a chunk that went to the disk.
type fate uint8

const (
	inMemory fate = iota + 1 // the disk did not take it
	onDisk                   // nobody else has it
	underWay                 // the drainer has it, and will acknowledge it
	arrived                  // the drainer is done with it
)

func (b *inbox) uncount(c *chunk) {
	if c.counted {
		b.points -= c.n
	}
	c.counted = false
}

// remove forgets a chunk and keeps its memory for the next.
func (b *inbox) remove(c *chunk) {
	b.uncount(c)
	b.bytes -= len(c.lines)
	b.sealed = slices.DeleteFunc(b.sealed, func(other *chunk) bool { return other == c })
	if !c.taken {
		*c = chunk{lines: c.lines[:0]}
		b.spare = c
	}
}

// overdue gives out what has waited for the disk for too long, or what the disk
// refused: several chunks up to so many bytes.
func (b *inbox) overdue(patience time.Duration, bytes int) (out []*chunk) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.filling != nil && time.Since(b.filling.since) >= patience {
		b.seal()
	}
	size, lines := 0, 0
	for _, c := range b.sealed {
		if c.taken || !c.failed && time.Since(c.since) < patience {
			continue
		}
		size, lines = size+len(c.lines), lines+c.n
		if len(out) > 0 && (size > bytes || lines > maxLines) {
			break
		}
		c.taken = true
		out = append(out, c)
	}
	return out
}

// due is when a chunk will be overdue; false when there is none that may be.
func (b *inbox) due(patience time.Duration) (in time.Duration, any bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.sealed {
		if !c.taken {
			return max(0, patience-time.Since(c.since)), true
		}
	}
	if b.filling == nil {
		return 0, false
	}
	return max(0, patience-time.Since(b.filling.since)), true
}

// over says that the drainer is done with a chunk. It returns the number under
// which the spool has it; 0 when it does not, or not yet.
func (b *inbox) over(c *chunk) (id int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.uncount(c)
	c.arrived = true
	if !c.saving {
		b.remove(c)
	}
	return c.id
}

// back says that the drainer could not send a chunk. It returns the number under
// which the spool has it; 0 when it does not, or not yet.
func (b *inbox) back(c *chunk) (id int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id = c.id
	if id != 0 {
		b.remove(c)
	}
	c.taken = false
	return id
}

// waiting is how many points are here.
func (b *inbox) waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.points
}

// age is how long the oldest point has been here; 0 when there is none.
func (b *inbox) age() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.sealed {
		if c.counted {
			return time.Since(c.since)
		}
	}
	if b.filling == nil {
		return 0
	}
	return time.Since(b.filling.since)
}

// abandon forgets all that is here, and returns how many points that were.
func (b *inbox) abandon() (points int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	points = b.points
	b.filling, b.sealed, b.bytes, b.points = nil, nil, 0, 0
	return points
}
