package sensor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/config"
)

func TestClosures(t *testing.T) {
	closed, problems := parseClosures("h", "# 2026\n2026-12-24\n\n  2026-08-03..2026-08-21  # summer\r\n")
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	if len(problems) > 0 || len(closed) != 2 || closed[0].First != day(12, 24) || closed[0].Last != day(12, 24) ||
		closed[1].First != day(8, 3) || closed[1].Last != day(8, 21) {
		t.Errorf("got %v, %v, want Christmas Eve and the summer", closed, problems)
	}
	_, problems = parseClosures("h", "2026-02-29\n 24/12/2026\n2026-08-21..2026-08-03\n2026-01-02\n")
	want := "h:1:1: \"2026-02-29\" is no date\nh:2:2: \"24/12/2026\" is no date\nh:3:1: \"2026-08-21..2026-08-03\" ends before it begins"
	var got []string
	for _, p := range problems {
		text, _, _ := strings.Cut(p.String(), ": 2026-12-24 or")
		got = append(got, text)
	}
	if strings.Join(got, "\n") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "\n"), want)
	}
}

// TestEngineHours: what the configuration says comes to the engine; a broken file
// is refused in one line.
func TestEngineHours(t *testing.T) {
	path := filepath.Join(t.TempDir(), "holidays")
	if err := os.WriteFile(path, []byte("2026-12-24\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Hours = config.Hours{Open: []string{"mon-fri 08:00-18:00"}, Holidays: "FR", HolidaysFile: path}
	cfg, err := EngineConfig(c)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 12, 23, 19, 0, 0, 0, cfg.Location)
	if got, want := cfg.Hours.Next(at), time.Date(2026, 12, 28, 8, 0, 0, 0, cfg.Location); !got.Equal(want) {
		t.Errorf("got next %v, want %v", got, want)
	}
	if err := os.WriteFile(path, []byte("x\ny\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := EngineConfig(c); err == nil || !strings.Contains(err.Error(), ":1:1: ") || !strings.HasSuffix(err.Error(), "(problem 1 of 2)") {
		t.Errorf("got %v, want the first of two problems", err)
	}
}
