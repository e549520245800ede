package systemd

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"syscall"
)

// LogHandler writes a log as text, a line each. Where w is the journal's, lines bear
// their priority (sd-daemon(3)), so that `journalctl -p warning` finds them, and no
// time, which the journal has.
func LogHandler(w io.Writer) slog.Handler {
	if !journals(w) {
		return slog.NewTextHandler(w, nil)
	}
	return slog.NewTextHandler(prioritised{w}, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime && len(groups) == 0 {
			return slog.Attr{}
		}
		return a
	}})
}

// journals tells whether w is the stream that the manager has connected to the
// journal, and not a file or a pipe that somebody put in its place (systemd.exec(5),
// JOURNAL_STREAM).
func journals(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && os.Getenv("JOURNAL_STREAM") == fmt.Sprintf("%d:%d", s.Dev, s.Ino)
}

// prioritised puts its priority before a line.
type prioritised struct{ w io.Writer }

// priorities by the level that a line without its time begins with (syslog(3)).
var priorities = []struct{ begin, priority string }{
	{"level=ERROR", "<3>"}, {"level=WARN", "<4>"}, {"level=INFO", "<6>"}, {"level=DEBUG", "<7>"},
}

// Write is called with whole lines.
func (p prioritised) Write(line []byte) (int, error) {
	for _, l := range priorities {
		if bytes.HasPrefix(line, []byte(l.begin)) {
			_, err := p.w.Write(append([]byte(l.priority), line...))
			return len(line), err
		}
	}
	return p.w.Write(line)
}
