package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// lockName is the file whose lock the one writer of a folder holds. The kernel
// drops it with the process, however that ends.
const lockName = "lock"

// lock takes the folder for this process.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.New("another tollwatch writes there: stop it first (systemctl stop tollwatch), or name another folder")
		}
		return nil, err
	}
	return f, nil
}
