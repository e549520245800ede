package scenario

import (
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2/unstable"
)

// nodeText returns a TOML value as the text that set reads; false when its
// type is not that of the target.
func nodeText(v *unstable.Node, target any) (string, bool) {
	switch target.(type) {
	case *[]string:
		return listText(v)
	case *string, *time.Duration:
		return string(v.Data), v.Kind == unstable.String
	case *bool:
		return string(v.Data), v.Kind == unstable.Bool
	case *int:
		return plainNumber(v), v.Kind == unstable.Integer
	case *float64:
		return plainNumber(v), v.Kind == unstable.Integer || v.Kind == unstable.Float
	case *time.Time:
		return string(v.Data), v.Kind == unstable.DateTime
	}
	return "", false
}

func listText(v *unstable.Node) (string, bool) {
	if v.Kind != unstable.Array {
		return "", false
	}
	var parts []string
	for it := v.Children(); it.Next(); {
		if it.Node().Kind != unstable.String {
			return "", false
		}
		parts = append(parts, string(it.Node().Data))
	}
	return strings.Join(parts, ","), true
}

// plainNumber drops the underscores that TOML allows between digits.
func plainNumber(v *unstable.Node) string { return strings.ReplaceAll(string(v.Data), "_", "") }

func wanted(target any) string {
	switch target.(type) {
	case *[]string:
		return `a list of texts, ["+1345", "+227"]`
	case *string:
		return "a text in quotes"
	case *time.Duration:
		return `a duration in quotes, "10m"`
	case *bool:
		return "true or false"
	case *int:
		return "a whole number"
	case *float64:
		return "a number"
	}
	return "a date with time and offset, 2026-03-06T08:00:00+01:00"
}
