package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
)

// room is what the store takes when all its tables are full (sensor/store).
const room = 700e6

// store looks whether the store's folder can be written, or made.
func store(e *config.Examined) commission.Sheet {
	if !e.Sound("store.dir") {
		return nil
	}
	return commission.Sheet{folder(e.Config.Store.Dir)}
}

func folder(dir string) commission.Check {
	c := commission.Check{Name: "store", Result: commission.Fail, Found: dir}
	there, err := standing(dir)
	if err == nil {
		err = unix.Access(there, unix.W_OK|unix.X_OK)
	}
	if err != nil {
		var reason *fs.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		c.Found = fmt.Sprintf("%s cannot be written by this user: %v", there, err)
		c.Advice = "chown it to the sensor's user, or name another folder under [store] dir"
		return c
	}
	if there != dir {
		c.Found += " (will be made)"
	}
	free, err := freeBytes(there)
	if err != nil {
		c.Found = fmt.Sprintf("%s: how much room is left: %v", there, err)
		return c
	}
	c.Result = commission.Pass
	if owner, foreign := owner(dir); foreign {
		c.Found += fmt.Sprintf(" belongs to user %d, as whom the sensor must run (systemctl start tollwatch)", owner)
	}
	c.Found += fmt.Sprintf(": can be written, %.1f GB free", free/1e9)
	if free < room {
		c.Result, c.Advice = commission.Warn, "make room: the store grows to 0.7 GB"
	}
	return c
}

// standing is the folder itself, or the lowest one above it that is there.
func standing(dir string) (string, error) {
	for {
		i, err := os.Stat(dir)
		if err == nil && !i.IsDir() {
			return dir, unix.ENOTDIR
		}
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return dir, err
		}
		dir = filepath.Dir(dir)
	}
}

// owner is who else than root has the folder, where this is root: a sensor that
// root starts has no business there.
func owner(dir string) (id int, foreign bool) {
	var s unix.Stat_t
	if os.Geteuid() != 0 || unix.Stat(dir, &s) != nil {
		return 0, false
	}
	return int(s.Uid), s.Uid != 0
}

func freeBytes(dir string) (float64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return float64(s.Bavail) * float64(s.Bsize), nil
}
