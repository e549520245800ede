package spool

import (
	"errors"
	"os"
	"syscall"

	"tollwatch/sensor/sqlite"
)

// ballastSize is what SQLite needs to write at all on a disk that is full: its
// journal, what goes from that into the file, and a batch.
const ballastSize = 4 << 20

// ballast is a file that takes room on the disk while there is plenty, to be given
// up when there is none: without it nothing can be deleted from a full disk.
type ballast struct {
	path string
	laid bool
}

var errTight = errors.New("the disk has no room to spare")

// lay takes the room, if as much is left beside it.
func (b *ballast) lay() error {
	if b.laid {
		return nil
	}
	if room(b.path) < 2*ballastSize {
		b.give() // what an earlier process has left
		return errTight
	}
	f, err := os.OpenFile(b.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := syscall.Fallocate(int(f.Fd()), 0, 0, ballastSize); err != nil {
		if _, err := f.Write(make([]byte, ballastSize)); err != nil {
			os.Remove(b.path)
			return err
		}
	}
	b.laid = true
	return nil
}

// give returns the room; it is false where there was none.
func (b *ballast) give() bool {
	b.laid = false
	return os.Remove(b.path) == nil
}

// room is how many bytes are free where a file lies.
func room(path string) int64 {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(parent(path), &fs); err != nil {
		return 0
	}
	return int64(fs.Bavail) * int64(fs.Bsize)
}

// makeRoom gives the ballast up and empties the journal: what it held goes into
// the file, and it can be written anew.
func (s *Spool) makeRoom() {
	s.full = true
	s.ballast.give()
	s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)") // what it cannot do the next write will say
}

// slack is what is freed at once, so that not every batch has to.
const slack = 256 << 10

// needs is how many bytes must go before a batch is put on a full disk: what the
// ballast has left there is for deleting, so the file must not grow.
func (s *Spool) needs(b batch) int64 {
	if s.freePages()*pageSize >= b.size()+slack/4 {
		return 0
	}
	return b.size() + slack
}

// A table of SQLite (its file format, §1.6): how much of a row lies in a page of the
// tree, whose rest lies in pages of its own.
const (
	pageSize  = 4096
	pageHead  = 8
	overflow  = pageSize - 4
	mostLocal = pageSize - 35
	lessLocal = (pageSize-12)*32/255 - 23
	rowHead   = 48 // the other columns, the sizes, the places, about
)

// sizeOnDisk is what a batch takes of the file: its part of a page of the tree, which
// holds whole rows, and whole pages beyond.
func sizeOnDisk(bytes int) int64 {
	local, pages := bytes+rowHead, 0
	if row := local; row > mostLocal {
		if local = lessLocal + (row-lessLocal)%overflow; local > mostLocal {
			local = lessLocal
		}
		pages = (row - local + overflow - 1) / overflow
	}
	inPage := max(1, (pageSize-pageHead)/local)
	return int64(pages*pageSize + pageSize/inPage)
}

// freePages is how many pages of the file hold nothing; 0 if it cannot be told.
func (s *Spool) freePages() (n int64) {
	s.db.QueryRow("PRAGMA freelist_count").Scan(&n)
	return n
}

// remove deletes rows, and makes room for that if it must.
func (s *Spool) remove(c Class, ids []int64) error {
	err := s.deleteRows(c, ids)
	if sqlite.Full(err) {
		s.makeRoom()
		err = s.deleteRows(c, ids)
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := &s.shelves[c]
	for _, id := range ids {
		h.onDisk -= h.acknowledged[id].size
		delete(h.acknowledged, id)
	}
	return nil
}

func (s *Spool) deleteRows(c Class, ids []int64) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	remove, err := tx.Prepare("DELETE FROM " + c.String() + " WHERE id = ?")
	if err != nil {
		return err
	}
	defer remove.Close()
	for _, id := range ids {
		if _, err := remove.Exec(id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Free pages are kept for the batches to come, up to so many; the others are given
// back to the disk.
const pagesKept = 2048 // 8 MiB

// giveBack shrinks the file by 2 MiB. It may fail on a full disk: the next sweep tries.
func (s *Spool) giveBack() {
	if s.freePages() <= pagesKept {
		return
	}
	rows, err := s.db.Query("PRAGMA incremental_vacuum(512)")
	if err != nil {
		return
	}
	defer rows.Close()
	for rows.Next() {
	}
}
