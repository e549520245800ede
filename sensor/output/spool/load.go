package spool

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
)

// Load is batches that go together.
type Load struct {
	IDs   []int64
	Lines []byte // each with its line break
	Count int    // of lines
}

// Load gives out what waits, of metrics the oldest, of alerts the newest, of
// several batches up to so many lines and bytes; one batch always fits. They stay
// until they are acknowledged, and are not given out twice in one process. A
// batch that cannot be read is counted as lost.
func (s *Spool) Load(c Class, lines, bytes int) (l Load, err error) {
	s.disk.Lock()
	defer s.disk.Unlock()
	if err := s.open(); err != nil {
		return l, err
	}
	ids, err := s.pick(c, lines, bytes)
	if err == nil && len(ids) > 0 {
		l, err = s.read(c, ids)
	}
	if err != nil {
		return Load{}, s.settle(fmt.Errorf("read a batch: %w", err))
	}
	return l, nil
}

// pick chooses batches that are neither out nor acknowledged.
func (s *Spool) pick(c Class, lines, bytes int) (ids []int64, err error) {
	order := "ASC"
	if c == Alerts {
		order = "DESC"
	}
	n, size := 0, 0
	err = s.each("SELECT id, lines, raw FROM "+c.String()+" ORDER BY id "+order, func(id, count, raw int64) bool {
		s.mu.Lock()
		_, out := s.shelves[c].out[id]
		_, done := s.shelves[c].acknowledged[id]
		s.mu.Unlock()
		if out || done {
			return true
		}
		n, size = n+int(count), size+int(raw)
		if len(ids) > 0 && (n > lines || size > bytes) {
			return false
		}
		ids = append(ids, id)
		return true
	})
	slices.Sort(ids)
	return ids, err
}

func (s *Spool) read(c Class, ids []int64) (l Load, err error) {
	rows, err := s.db.Query("SELECT id, lines, size, data FROM "+c.String()+" WHERE id BETWEEN ? AND ? ORDER BY id", ids[0], ids[len(ids)-1])
	if err != nil {
		return l, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var r row
		var data []byte
		if err := rows.Scan(&id, &r.lines, &r.size, &data); err != nil {
			return l, err
		}
		if _, wanted := slices.BinarySearch(ids, id); !wanted {
			continue
		}
		s.take(c, id, r, data, &l)
	}
	if err := rows.Err(); err != nil {
		s.Release(c, l.IDs...)
		return Load{}, err
	}
	return l, nil
}

// take adds a batch to a load, or counts it as lost.
func (s *Spool) take(c Class, id int64, r row, data []byte, l *Load) {
	text, err := unpack(data)
	s.mu.Lock()
	defer s.mu.Unlock()
	h := &s.shelves[c]
	if err != nil || bytes.Count(text, newline) != r.lines {
		h.counters.Lost += uint64(r.lines)
		h.leave(id, r)
		s.damage = fmt.Errorf("%s: batch %d cannot be read: %d points are lost: %v", s.path, id, r.lines, err)
		return
	}
	h.out[id] = r
	l.IDs, l.Lines, l.Count = append(l.IDs, id), append(l.Lines, text...), l.Count+r.lines
}

var newline = []byte{'\n'}

// Release takes back what is out: it will be given out again.
func (s *Spool) Release(c Class, ids ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.shelves[c].out, id)
	}
}

func unpack(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	// Our own batches are bounded; of a damaged one nobody knows.
	return io.ReadAll(io.LimitReader(z, maxBatch))
}

// maxBatch bounds what a batch becomes when it is read.
const maxBatch = 64 << 20

// leave moves a batch to those that only have to be deleted.
func (h *shelf) leave(id int64, r row) {
	h.acknowledged[id] = r
	h.batches, h.points, h.waiting = h.batches-1, h.points-r.lines, h.waiting-r.size
}

// Acknowledge says that batches which were given out have arrived. It does not
// wait for the disk: Sweep deletes them.
func (s *Spool) Acknowledge(c Class, ids ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := &s.shelves[c]
	for _, id := range ids {
		if r, ok := h.out[id]; ok {
			delete(h.out, id)
			h.leave(id, r)
		}
	}
}

// sweepAtOnce is how many rows are deleted by one commit.
const sweepAtOnce = 1000

// Sweep deletes what is acknowledged. What cannot be deleted is kept in mind, and
// would be given out again by the next process.
func (s *Spool) Sweep(c Class) error {
	ids := s.toSweep(c)
	if len(ids) == 0 {
		return nil
	}
	s.disk.Lock()
	defer s.disk.Unlock()
	if err := s.open(); err != nil {
		return err
	}
	for chunk := range slices.Chunk(ids, sweepAtOnce) {
		if err := s.remove(c, chunk); err != nil {
			return s.settle(err)
		}
	}
	s.findOldest(c)
	s.giveBack()
	return nil
}

func (s *Spool) toSweep(c Class) (ids []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.shelves[c].acknowledged {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
