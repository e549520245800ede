package spool

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"tollwatch/sensor/sqlite"
)

// ErrCapped is the answer to a batch for which the caps leave no room: alerts
// alone fill the spool.
var ErrCapped = errors.New("the spool is full of alerts")

// Append keeps a batch of n lines and returns once it is on disk. The batch is out,
// with whoever appended it: Release makes it one that is given out.
func (s *Spool) Append(c Class, lines []byte, n int) (id int64, err error) {
	p := packers.Get().(*packer)
	defer packers.Put(p)
	data, err := p.pack(lines)
	if err != nil {
		return 0, err
	}
	s.disk.Lock()
	defer s.disk.Unlock()
	if err := s.open(); err != nil {
		return 0, err
	}
	b := batch{class: c, at: s.now(), lines: n, raw: len(lines), data: data}
	if s.ballast.lay() == nil {
		s.full = false
	}
	if !s.full {
		id, err = s.put(b, 0)
	}
	if sqlite.Full(err) {
		s.makeRoom()
	}
	if s.full {
		id, err = s.put(b, s.needs(b))
	}
	return id, s.settle(err)
}

func (s *Spool) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.now()
}

// batch is one on its way into the file.
type batch struct {
	class      Class
	at         time.Time
	lines, raw int
	data       []byte
}

func (b batch) size() int64 { return sizeOnDisk(len(b.data)) }

// settle notes what the disk said, and does about it what can be done.
func (s *Spool) settle(err error) error {
	switch {
	case err == nil && s.full:
		s.note(fmt.Errorf("the disk of %s is full: the oldest metrics make room", s.path))
		return nil
	case err == nil:
		return s.note(nil)
	case errors.Is(err, ErrCapped):
		return s.note(err)
	case sqlite.Damaged(err):
		if mend := s.repair(err); mend != nil {
			s.shut(mend)
			return s.note(fmt.Errorf("repair %s: %w", s.path, mend))
		}
	case !sqlite.Full(err):
		s.shut(err) // a file that was taken away would not come back by itself
	}
	return s.note(fmt.Errorf("%s: %w", s.path, err))
}

// put inserts a batch, after metrics made room: for the caps, and for as many
// bytes more. It returns once that is on disk.
func (s *Spool) put(b batch, more int64) (id int64, err error) {
	tx, err := s.db.Begin()
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	gone, err := s.evict(tx, b, more)
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	id = s.shelves[b.class].last + 1
	s.mu.Unlock()
	_, err = tx.Exec("INSERT INTO "+b.class.String()+" (id, time, lines, raw, size, data) VALUES (?, ?, ?, ?, ?, ?)",
		id, b.at.UnixNano(), b.lines, b.raw, b.size(), b.data)
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return 0, err
	}
	s.book(b, id, gone)
	return id, nil
}

// book keeps the figures after a commit.
func (s *Spool) book(b batch, id int64, gone map[int64]row) {
	s.mu.Lock()
	h := &s.shelves[b.class]
	h.last, h.batches, h.points = id, h.batches+1, h.points+b.lines
	h.out[id] = row{b.lines, b.size()}
	h.waiting, h.onDisk = h.waiting+b.size(), h.onDisk+b.size()
	if h.batches == 1 {
		h.oldest = b.at
	}
	m := &s.shelves[Metrics]
	for id, r := range gone {
		m.onDisk -= r.size
		if _, done := m.acknowledged[id]; done {
			delete(m.acknowledged, id)
			continue
		}
		m.batches, m.points, m.waiting = m.batches-1, m.points-r.lines, m.waiting-r.size
		m.counters.Evicted += uint64(r.lines)
	}
	s.mu.Unlock()
	if len(gone) > 0 {
		s.findOldest(Metrics)
	}
}

// evict deletes the oldest metrics that the caps, and the need for more bytes,
// want gone; those that are out stay. It returns them, for when they are.
func (s *Spool) evict(tx *sql.Tx, b batch, more int64) (gone map[int64]row, err error) {
	over := max(s.onDisk()+b.size()-s.limits.Bytes, more)
	before := b.at.Add(-s.limits.Age)
	s.mu.Lock()
	oldest := s.shelves[Metrics].oldest
	s.mu.Unlock()
	if over <= 0 && (oldest.IsZero() || !oldest.Before(before)) {
		return nil, nil
	}
	if gone, err = s.choose(tx, over, before); err != nil {
		return nil, err
	}
	for id, r := range gone {
		if _, err := tx.Exec("DELETE FROM metrics WHERE id = ?", id); err != nil {
			return nil, err
		}
		over -= r.size
	}
	if over > 0 && more == 0 {
		return nil, ErrCapped
	}
	return gone, nil
}

// choose names the oldest metrics worth so many bytes, or older than before.
func (s *Spool) choose(tx *sql.Tx, bytes int64, before time.Time) (map[int64]row, error) {
	rows, err := tx.Query("SELECT id, time, lines, size FROM metrics ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	gone := map[int64]row{}
	for rows.Next() {
		var id, at int64
		var r row
		if err := rows.Scan(&id, &at, &r.lines, &r.size); err != nil {
			return nil, err
		}
		if bytes <= 0 && at >= before.UnixNano() {
			break
		}
		if s.isOut(Metrics, id) {
			continue
		}
		gone[id] = r
		bytes -= r.size
	}
	return gone, rows.Err()
}

func (s *Spool) onDisk() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelves[Alerts].onDisk + s.shelves[Metrics].onDisk
}

func (s *Spool) isOut(c Class, id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, out := s.shelves[c].out[id]
	return out
}

// packer compresses; its tables are kept.
type packer struct {
	z    *gzip.Writer
	data bytes.Buffer
}

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	return &packer{z: z}
}}

// pack returns bytes that live until the next call.
func (p *packer) pack(lines []byte) ([]byte, error) {
	p.data.Reset()
	p.z.Reset(&p.data)
	if _, err := p.z.Write(lines); err != nil {
		return nil, err
	}
	if err := p.z.Close(); err != nil {
		return nil, err
	}
	return p.data.Bytes(), nil
}
