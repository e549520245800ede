package explain

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// JSON prints one object a decision, a line each.
func JSON(w io.Writer, list []Explanation) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range list {
		if err := e.Encode(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// Text prints the decisions for a person, their times in location.
func Text(w io.Writer, location *time.Location, list []Explanation) error {
	var b strings.Builder
	for i := range list {
		if i > 0 {
			b.WriteString("\n")
		}
		list[i].append(&b, location)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (x *Explanation) append(b *strings.Builder, location *time.Location) {
	fmt.Fprintf(b, "%s, at %s, by rules version %s\n", x.Time.In(location).Format("2006-01-02 15:04:05.000 MST"), x.Stage, x.Rules)
	for _, t := range x.Terms {
		fmt.Fprintf(b, "%+7.1f  %s: %s\n", t.Points, t.Rule, printable(t.Text))
		fmt.Fprintf(b, "%9sfrom", "")
		for _, in := range t.Inputs {
			fmt.Fprintf(b, " %s=%s", in.Name, printable(fmt.Sprint(in.Value)))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(b, "%7.1f  score, equal to what was stored\n", x.Score)
}

// printable keeps what an attacker chose from steering a terminal.
func printable(s string) string {
	quoted := strconv.Quote(s)
	if s == "" || strings.Contains(quoted, `\x`) || strings.Contains(quoted, `\u`) {
		return quoted
	}
	return s
}
