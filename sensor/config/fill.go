package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Answer is the value of a key.
type Answer struct {
	Key   string // site.name
	Value any    // string, []string, float64, int or bool
}

// Fill puts answers into a configuration file, each into the line of its key; the
// comments stay. What comes out is a configuration, or the error is a [Problems];
// name stands before each.
func Fill(name string, file []byte, answers ...Answer) ([]byte, error) {
	lines := strings.SplitAfter(string(file), "\n")
	for _, a := range answers {
		if keys[a.Key] == nil {
			return nil, Problems{{File: name, Text: a.Key + ": unknown key"}}
		}
		lines = a.put(lines)
	}
	out := []byte(strings.Join(lines, ""))
	_, err := Parse(name, out)
	return out, err
}

// put writes the answer into its line, or into a new one at the head of its section.
func (a *Answer) put(lines []string) []string {
	section, key, _ := strings.Cut(a.Key, ".")
	head := -1
	for i, in := 0, ""; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if strings.HasPrefix(line, "[") {
			in = strings.TrimSpace(strings.Trim(strings.TrimSpace(strings.Split(line, "#")[0]), "[]"))
			if in == section {
				head = i
			}
		}
		if name, rest, ok := strings.Cut(line, "="); ok && in == section && strings.TrimSpace(name) == key {
			lines[i] = a.line(key, comment(rest))
			return lines
		}
	}
	if head < 0 {
		return append(lines, "\n["+section+"]\n", a.line(key, ""))
	}
	lines[head] = strings.TrimSuffix(lines[head], "\n") + "\n" + a.line(key, "")
	return lines
}

// comment is what follows a value that has no # of its own.
func comment(rest string) string {
	quoted := byte(0)
	for i := range len(rest) {
		switch c := rest[i]; {
		case quoted != 0 && c == '\\' && quoted == '"':
			return "" // rare: the comment is not worth reading escapes
		case quoted == c:
			quoted = 0
		case quoted == 0 && (c == '"' || c == '\''):
			quoted = c
		case quoted == 0 && c == '#':
			return rest[i:]
		}
	}
	return ""
}

// commentColumn is where the comments of the file that ships stand.
const commentColumn = 28

func (a *Answer) line(key, comment string) string {
	s := key + " = " + a.toml()
	if comment != "" {
		s = fmt.Sprintf("%-*s%s", commentColumn, s+" ", comment)
	}
	return s + "\n"
}

// toml is the value as TOML writes it. What TOML cannot read of it, Fill refuses.
func (a *Answer) toml() string {
	switch v := a.Value.(type) {
	case string:
		return strconv.Quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i := range v {
			quoted[i] = strconv.Quote(v[i])
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(a.Value)
}
