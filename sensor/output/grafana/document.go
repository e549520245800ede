package grafana

import (
	"fmt"
	"strings"
)

// Document is the dashboards as a table for docs/grafana.md.
func Document() string {
	var b strings.Builder
	b.WriteString("| dashboard | what it answers | variables | panels |\n|---|---|---|---|\n")
	for _, board := range boards() {
		var variables, titles []string
		for _, v := range board.variables {
			variables = append(variables, "`"+v.name+"`")
		}
		for _, p := range board.panels {
			title := p.title
			if len(p.asks.in(MetricsQL)) == 0 {
				title += "¹"
			}
			titles = append(titles, title)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", board.title, board.text, strings.Join(variables, " "), strings.Join(titles, " · "))
	}
	return b.String()
}
