package sensor

import (
	"fmt"
	"strings"
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/sensor/config"
)

// closuresFile is what [hours] names; maxClosures are its lines.
var closuresFile = config.File{Name: "holidays", Most: 64 << 10, Long: "longer than 64 KiB: these are no holidays"}

const maxClosures = 1000

// LoadClosures reads days without anybody: a line each, 2026-12-24 or
// 2026-08-03..2026-08-21; # begins a comment. Its error is a [config.Problems]
// where the file could be read at all.
func LoadClosures(path string) ([]calendar.Closure, error) {
	data, err := closuresFile.Read(path)
	if err != nil {
		return nil, err
	}
	closed, problems := parseClosures(path, string(data))
	if len(problems) > 0 {
		return nil, problems
	}
	return closed, nil
}

func parseClosures(name, text string) (closed []calendar.Closure, problems config.Problems) {
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line, _, _ = strings.Cut(line, "#")
		days := strings.TrimSpace(line)
		if days == "" {
			continue
		}
		column := 1 + strings.Index(line, days)
		c, wrong := closure(days)
		if wrong == "" && len(closed) == maxClosures {
			wrong = fmt.Sprintf("more than %d lines: these are no holidays", maxClosures)
			return closed, append(problems, config.Problem{File: name, Line: number, Column: column, Text: wrong})
		}
		if wrong != "" {
			problems = append(problems, config.Problem{File: name, Line: number, Column: column, Text: wrong})
			continue
		}
		closed = append(closed, c)
	}
	return closed, problems
}

func closure(days string) (c calendar.Closure, wrong string) {
	first, last, several := strings.Cut(days, "..")
	if !several {
		last = first
	}
	var one, other error
	c.First, one = time.Parse(time.DateOnly, strings.TrimSpace(first))
	c.Last, other = time.Parse(time.DateOnly, strings.TrimSpace(last))
	switch {
	case one != nil || other != nil:
		return c, fmt.Sprintf("%q is no date: 2026-12-24 or 2026-08-03..2026-08-21 for instance", days)
	case c.Last.Before(c.First):
		return c, fmt.Sprintf("%q ends before it begins", days)
	}
	return c, ""
}
