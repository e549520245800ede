package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var errDamaged = errors.New("the check of the file found")

// Damaged tells a file that cannot be used from one that cannot be had.
func Damaged(err error) bool {
	var e *sqlite.Error
	if errors.As(err, &e) {
		primary := e.Code() & 0xff
		return primary == lib.SQLITE_CORRUPT || primary == lib.SQLITE_NOTADB
	}
	return errors.Is(err, errDamaged)
}

// Full says that the disk, or what this user may have of it, is full.
func Full(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == lib.SQLITE_FULL || errors.Is(err, syscall.ENOSPC)
}

// Aside is appended to the name of a damaged file. There is one: a box that
// damages its files again and again must not fill its disk with them.
const Aside = ".damaged"

// MoveAside renames a damaged file, over the one that was moved before.
func MoveAside(path string) error {
	if err := os.Rename(path, path+Aside); err != nil {
		return err
	}
	// The journal goes along: it may hold what the file lacks. One that stayed of
	// an earlier file would be laid over this one.
	for _, part := range []string{"-wal", "-shm"} {
		err := os.Rename(path+part, path+Aside+part)
		if errors.Is(err, fs.ErrNotExist) {
			err = os.Remove(path + Aside + part)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
