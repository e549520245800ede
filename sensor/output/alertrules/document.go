package alertrules

import (
	"cmp"
	"fmt"
	"strings"
)

// Document is the rules as a table for docs/grafana.md.
func Document() string {
	var b strings.Builder
	b.WriteString("| rule | `severity` | after | one notification is of | what it means, and what to do |\n|---|---|---|---|---|\n")
	for _, r := range rules() {
		of := cmp.Or(strings.Join(labels[r.group], " and "), "all that have it")
		fmt.Fprintf(&b, "| %s | %s | %d min | %s | %s |\n", r.title, r.severity, r.minutes, of, r.advice)
	}
	return b.String()
}
