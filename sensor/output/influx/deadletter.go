package influx

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// deadLettersFile holds what no server will take, for a person to look at: lines as
// they were sent, each under a comment with the time and the reason. There are two
// at most, the older one renamed.
const (
	deadLettersFile = "dead-letters.lp"
	deadLettersMost = 2 << 20 // bytes of each
)

type deadLetters struct {
	mu   sync.Mutex // guards the file
	path string     // empty: nothing is kept
}

func newDeadLetters(dir string) *deadLetters {
	if dir == "" {
		return &deadLetters{}
	}
	return &deadLetters{path: filepath.Join(dir, deadLettersFile)}
}

// add appends lines under a reason; without lines the reason alone.
func (d *deadLetters) add(lines, why string) error {
	if d.path == "" {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if lines != "" && !strings.HasSuffix(lines, "\n") {
		lines += "\n"
	}
	text := fmt.Sprintf("# %s %s\n%s", time.Now().UTC().Format(time.RFC3339), why, lines)
	if info, err := os.Stat(d.path); err == nil && info.Size()+int64(len(text)) > deadLettersMost {
		if err := os.Rename(d.path, d.path+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	f, err := os.OpenFile(d.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
