package main

import (
	"cmp"
	"fmt"
	"strings"

	"tollwatch/sensor/output/points"
)

// schema is every measurement with its tags and fields.
func schema() string {
	var b strings.Builder
	b.WriteString("Tags of every point; one that is empty is left out.\n\n")
	tags(&b, points.Common)
	for _, m := range points.Schema() {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n\n", m.Name, sentence(m.Text))
		if len(m.Tags) > 0 {
			tags(&b, m.Tags)
			b.WriteString("\n")
		}
		b.WriteString("| field | type | unit | mask | meaning |\n|---|---|---|---|---|\n")
		for _, f := range m.Fields {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", f.Key, f.Type, cmp.Or(f.Unit, " "), cmp.Or(f.Kind.String(), " "), cell(f.Text))
		}
	}
	return b.String()
}

func tags(b *strings.Builder, tags []points.Tag) {
	b.WriteString("| tag | values | meaning |\n|---|---|---|\n")
	for _, t := range tags {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", t.Key, code(strings.Join(t.Values, ", ")), cell(t.Text))
	}
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// cell is a text within a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
