package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// syntax finds what is no TOML at all: only the first such place can be told.
func syntax(name string, data []byte) Problems {
	var anything map[string]any
	err := toml.Unmarshal(data, &anything)
	if err == nil {
		return nil
	}
	p := Problem{File: name, Text: strings.TrimPrefix(err.Error(), "toml: ")}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		p.Line, p.Column = at.Position()
		p.explain(lineOf(data, p.Line))
	}
	return Problems{p}
}

func lineOf(data []byte, n int) string {
	lines := bytes.Split(data, []byte("\n"))
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSuffix(string(lines[n-1]), "\r")
}

// explain puts what the parser says into words for whoever does not know TOML, where
// it is a mistake that people make: the parser takes tollwatch for the beginning of
// true.
func (p *Problem) explain(line string) {
	said := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(p.Text, w) {
				return true
			}
		}
		return false
	}
	switch {
	case said("strings cannot have new lines"):
		p.Text = "the quotation mark at the end is missing"
	case said("escape"):
		p.Text += `: in "…" a \ begins an escape; write '…'`
	case said("expected '=' after key"):
		p.Text = "a line has the form key = value"
	case said("at start of value", "expected keyword", "expected newline but got", "must be quoted"):
		before, word := wordAt(line, p.Column-1)
		if strings.TrimSpace(before) != "" && !strings.ContainsAny(last(before), "=[{,") {
			return
		}
		p.Text, p.Column = ofWord(word), len(before)+1
	}
}

// last is the last sign of a text that is no space.
func last(s string) string {
	s = strings.TrimSpace(s)
	return s[max(0, len(s)-1):]
}

// wordAt is the word around a place of a line, and what stands before it.
func wordAt(line string, at int) (before, word string) {
	at = min(max(at, 0), len(line))
	begin := strings.LastIndexAny(line[:at], " \t=[{,") + 1
	word = line[begin:]
	if end := strings.IndexAny(word, " \t]},#"); end >= 0 {
		word = word[:end]
	}
	return line[:begin], word
}

// longWord is how much of a word is told.
const longWord = 60

func ofWord(word string) string {
	if len(word) > longWord || !utf8.ValidString(word) {
		return "text stands in quotation marks"
	}
	switch small := strings.ToLower(word); {
	case word == "":
		return "a value is missing after the ="
	case small == "true" || small == "false":
		return "write " + small + " in small letters"
	case strings.ContainsAny(word[:1], `"'`):
		return fmt.Sprintf("after %s something is too much", word)
	case strings.HasPrefix(word, "“"), strings.HasPrefix(word, "”"), strings.HasPrefix(word, "„"), strings.HasPrefix(word, "«"), strings.HasPrefix(word, "‘"), strings.HasPrefix(word, "’"):
		return `quotation marks are straight ones: "…"`
	}
	return fmt.Sprintf("%s is neither a number, true nor false: text stands in quotation marks, %q", word, word)
}
