package spool

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tollwatch/sensor/sqlite"
)

// filled is a spool as a process leaves it that was killed: its journal holds what
// is not in the file yet.
func filled(t *testing.T, batches int) (s *Spool, lines map[string]bool) {
	s, lines = in(t, wide), map[string]bool{}
	for n := range batches {
		for _, c := range Classes {
			line := fmt.Sprint(c, n, noise(n)[:200+n%7*300])
			s.add(t, c, line)
			lines[line] = true
		}
	}
	return s, lines
}

// copied is the file and its journal in another folder, without the process that
// has them open.
func copied(t *testing.T, s *Spool) *Spool {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{"", "-wal"} {
		b, err := os.ReadFile(s.path + part)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "spool.db"+part), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := New(filepath.Join(dir, "spool.db"), wide)
	t.Cleanup(func() { other.Close() })
	return other
}

// drained is every line that comes out. None may be one that never went in.
func drained(t *testing.T, s *Spool, known map[string]bool) (n int) {
	t.Helper()
	for _, c := range Classes {
		for {
			l, err := s.Load(c, 50, 1<<20)
			first := err
			if err != nil {
				l, err = s.Load(c, 50, 1<<20) // it was repaired
			}
			if err != nil {
				t.Fatalf("load: %v, then %v", first, err)
			}
			if l.Count == 0 && s.Figures(c).Points == 0 {
				break
			}
			for line := range strings.Lines(string(l.Lines)) {
				n++
				if !known[strings.TrimSuffix(line, "\n")] {
					t.Fatalf("got the line %.80q, which was never kept", line)
				}
			}
			s.Acknowledge(c, l.IDs...)
		}
	}
	return n
}

func spoil(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestTorn: a file or a journal that was cut gives what can be read of it, and a
// spool that works.
func TestTorn(t *testing.T) {
	const batches = 400
	s, lines := filled(t, batches)
	for name, c := range map[string]struct {
		part string
		cut  func(size int) int
		want int // lines at least
	}{
		"the journal's last byte": {"-wal", func(n int) int { return n - 1 }, 2*batches - 1},
		"half of the journal":     {"-wal", func(n int) int { return n / 2 }, 1},
		"all of the journal":      {"-wal", func(int) int { return 0 }, 1},
		"its header":              {"-wal", func(int) int { return 17 }, 1},
		"a page of the file":      {"", func(n int) int { return n - 4096 }, batches},
		"half of the file":        {"", func(n int) int { return n / 2 }, batches / 8},
		"all but a page":          {"", func(n int) int { return 4096 }, 0},
		"within a page":           {"", func(n int) int { return n/3*2 + 100 }, batches / 8},
		"the whole file":          {"", func(int) int { return 0 }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			torn := copied(t, s)
			spoil(t, torn.path+c.part, func(b []byte) []byte { return b[:c.cut(len(b))] })
			got := drained(t, torn, lines)
			t.Logf("%d of %d lines", got, 2*batches)
			if got < c.want {
				t.Errorf("got %d lines, want %d at least", got, c.want)
			}
			torn.add(t, Alerts, "after")
			if got := torn.next(t, Alerts, 1, true); got != "after " {
				t.Errorf("got %q, want what came after the damage", got)
			}
		})
	}
}

// TestFlippedBits: wherever bits flip, no line comes out that did not go in, what
// goes is counted, and the spool works on. Most lines are there. FLIPS is how often.
func TestFlippedBits(t *testing.T) {
	const batches = 300
	rounds, err := strconv.Atoi(cmp.Or(os.Getenv("FLIPS"), "30"))
	if err != nil {
		t.Fatalf("FLIPS: %v", err)
	}
	s, lines := filled(t, batches)
	random := rand.New(rand.NewPCG(8, 1))
	total, repaired := 0, 0
	for round := range rounds {
		broken := copied(t, s)
		part := []string{"", "-wal"}[round%2]
		spoil(t, broken.path+part, func(b []byte) []byte {
			for range 1 + round%40/4 {
				b[random.IntN(len(b))] ^= 1 << random.IntN(8)
			}
			return b
		})
		got := drained(t, broken, lines)
		total += got
		a, m := broken.Figures(Alerts), broken.Figures(Metrics)
		if found, lost := a.Found+m.Found, a.Lost+m.Lost; found != uint64(got)+lost {
			t.Errorf("round %d: %d points found, %d given out, %d lost: the books do not balance", round, found, got, lost)
		}
		if _, damage := broken.Trouble(); damage != nil {
			repaired++
		}
		broken.add(t, Metrics, "after")
		if got := broken.next(t, Metrics, 1, true); got != "after " {
			t.Errorf("round %d: got %q, want what came after the damage", round, got)
		}
		broken.Close()
	}
	t.Logf("%d of %d lines, %d of %d told of damage", total, 2*batches*rounds, repaired, rounds)
	if total < 2*batches*rounds*8/10 || repaired == 0 {
		t.Errorf("got %d lines of %d, and damage told of %d times", total, 2*batches*rounds, repaired)
	}
}

// TestDamageWhileItRuns: pages go bad under a spool that is open. What is out can
// be acknowledged all the same, and the books balance.
func TestDamageWhileItRuns(t *testing.T) {
	s, lines := filled(t, 300)
	l, err := s.Load(Metrics, 10, 1<<20)
	if err != nil || l.Count != 10 {
		t.Fatalf("got %d lines, %v", l.Count, err)
	}
	if _, err := s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA shrink_memory"); err != nil {
		t.Fatal(err)
	}
	spoil(t, s.path, func(b []byte) []byte {
		for page := 5; page*4096 < len(b); page += 7 {
			copy(b[page*4096:], make([]byte, 4096))
		}
		return b
	})
	s.Acknowledge(Metrics, l.IDs...)
	got := drained(t, s, lines)
	a, m := s.Figures(Alerts), s.Figures(Metrics)
	if lost := int(a.Lost + m.Lost); got+10+lost != len(lines) || lost == 0 || a.Points+m.Points != 0 {
		t.Errorf("got %d lines given out, 10 before, %d lost of %d: %+v %+v", got, lost, len(lines), a, m)
	}
	_, damage := s.Trouble()
	if damage == nil || !strings.Contains(damage.Error(), "spool.db.damaged") {
		t.Errorf("got %v, want that the file was moved aside", damage)
	}
	if _, err := os.Stat(s.path + sqlite.Aside); err != nil {
		t.Error(err)
	}
}

// TestARepairIsInterrupted: the process ends at any step of it, and the next one
// goes on: no line is missing that the damage has left.
func TestARepairIsInterrupted(t *testing.T) {
	const batches = 200
	s, lines := filled(t, batches)
	half := func(b []byte) []byte { return b[:len(b)/2] }
	whole := copied(t, s)
	spoil(t, whole.path, half)
	want := drained(t, whole, lines)
	rename := func(s *Spool, from, to string) {
		if err := os.Rename(s.path+from, s.path+to); err != nil {
			t.Fatal(err)
		}
	}
	partial := func(s *Spool) {
		for _, name := range []string{building, building + "-wal"} {
			if err := os.WriteFile(s.path+name, []byte("begun"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, step := range map[string]func(s *Spool){
		"before the file was moved":    partial,
		"before its journal was":       func(s *Spool) { partial(s); rename(s, "", sqlite.Aside) },
		"while the new one was filled": func(s *Spool) { partial(s); rename(s, "", sqlite.Aside); rename(s, "-wal", sqlite.Aside+"-wal") },
	} {
		torn := copied(t, s)
		spoil(t, torn.path, half)
		step(torn)
		if got := drained(t, torn, lines); got != want || want < batches/2 {
			t.Errorf("interrupted %s: got %d lines, want %d", name, got, want)
		}
		if _, err := os.Stat(torn.path + building); err == nil {
			t.Errorf("interrupted %s: the file of the repair is still there", name)
		}
		torn.add(t, Alerts, "after")
	}
}
