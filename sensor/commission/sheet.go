package commission

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Result is what a check came to.
type Result uint8

// Pass is well. Warn works, yet something is missing that one should know of.
// Fail is not fit for its purpose.
const (
	Pass Result = iota + 1
	Warn
	Fail
)

var resultNames = [...]string{"", "pass", "warn", "fail"}

func (r Result) String() string {
	if int(r) >= len(resultNames) {
		return ""
	}
	return resultNames[r]
}

// MarshalText implements encoding.TextMarshaler.
func (r Result) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Check is one line of a sheet.
type Check struct {
	Name    string `json:"check"`             // one of docs/commissioning.md
	Subject string `json:"subject,omitempty"` // an interface, a file; empty: the whole
	Result  Result `json:"result"`
	Found   string `json:"found"`
	Advice  string `json:"advice,omitempty"` // what to do; empty when there is nothing
}

// Sheet is all checks, in the order in which one would mend.
type Sheet []Check

// Count is how many checks came to r.
func (s Sheet) Count(r Result) (n int) {
	for i := range s {
		if s[i].Result == r {
			n++
		}
	}
	return n
}

// Print writes one line a check, and one that sums up.
func (s Sheet) Print(w io.Writer) error {
	wide := 0
	for i := range s {
		wide = max(wide, len(s[i].title()))
	}
	for i := range s {
		if err := s[i].print(w, wide); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d passed, %d to know of, %d failed\n", s.Count(Pass), s.Count(Warn), s.Count(Fail))
	return err
}

func (c *Check) title() string { return strings.TrimSpace(c.Name + " " + c.Subject) }

func (c *Check) print(w io.Writer, wide int) error {
	advice := ""
	if c.Advice != "" {
		advice = "; do: " + c.Advice
	}
	_, err := fmt.Fprintf(w, "%s  %-*s  %s%s\n", c.Result, wide, c.title(), oneLine(c.Found), oneLine(advice))
	return err
}

// oneLine keeps what others said, an error or a file name, within the line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// JSON writes one object a check, and one that sums up.
func (s Sheet) JSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for i := range s {
		if err := out.Encode(struct {
			Type string `json:"type"`
			Check
		}{"check", s[i]}); err != nil {
			return err
		}
	}
	return out.Encode(struct {
		Type   string `json:"type"`
		Passed int    `json:"passed"`
		Warned int    `json:"warned"`
		Failed int    `json:"failed"`
	}{"sheet", s.Count(Pass), s.Count(Warn), s.Count(Fail)})
}
