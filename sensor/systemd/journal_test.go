package systemd

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
)

// logged is what a log of three lines looks like in a file that is, or is not, the
// journal's stream.
func logged(t *testing.T, journal bool) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "stream"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	s, inode := info.Sys().(*syscall.Stat_t), uint64(0)
	if journal {
		inode = s.Ino
	}
	t.Setenv("JOURNAL_STREAM", fmt.Sprintf("%d:%d", s.Dev, inode))
	log := slog.New(LogHandler(f))
	log.Info("one", "time", "kept")
	log.Warn("two\nlines")
	log.Error("three")
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheJournalHasPrioritiesAndItsOwnTime(t *testing.T) {
	want := "<6>level=INFO msg=one time=kept\n<4>level=WARN msg=\"two\\nlines\"\n<3>level=ERROR msg=three\n"
	if got := logged(t, true); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOthersReadTimes(t *testing.T) {
	want := regexp.MustCompile(`^time=\S+ level=INFO msg=one time=kept\ntime=\S+ level=WARN msg="two\\nlines"\ntime=\S+ level=ERROR msg=three\n$`)
	if got := logged(t, false); !want.MatchString(got) {
		t.Errorf("got %q, want a time on each line", got)
	}
	t.Setenv("JOURNAL_STREAM", "")
	var b bytes.Buffer
	slog.New(LogHandler(&b)).Info("one")
	if !regexp.MustCompile(`^time=\S+ level=INFO msg=one\n$`).MatchString(b.String()) {
		t.Errorf("got %q, want a time", b.String())
	}
}
