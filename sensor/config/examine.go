package config

import (
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Examined is a file that was read whatever is wrong with it, for whoever looks
// further than at the file itself. A key that has a problem may have any value
// in Config.
type Examined struct {
	Config   Config
	Problems Problems

	file   string
	broken bool // it is no TOML: nothing of it was read
	at     map[string]unstable.Position
}

// Examine reads a file as Load does. The error is that of a file that cannot be
// read at all.
func Examine(path string) (*Examined, error) {
	data, err := itself.Read(path)
	if err != nil {
		return nil, err
	}
	if p := syntax(path, data); p != nil {
		return &Examined{Config: Default(), Problems: p, file: path, broken: true}, nil
	}
	r := read(path, data)
	return &Examined{Config: r.config, Problems: r.problems, file: path, at: r.at}, nil
}

// ExamineDefault is the configuration of no file.
func ExamineDefault() *Examined {
	return &Examined{Config: Default(), file: "no configuration file, the defaults"}
}

// Sound says that no problem is told of a key: its value can be used. Of a file that
// is no TOML, no value is anybody's: the defaults would tell of what is not meant.
func (e *Examined) Sound(key string) bool {
	return !e.broken && !slices.ContainsFunc(e.Problems, func(p Problem) bool { return p.Key == key })
}

// Problem is one of a key whose value is well formed, at its place in the file.
func (e *Examined) Problem(key, text string) Problem {
	at := e.at[key]
	return Problem{File: e.file, Line: at.Line, Column: at.Column, Key: key, Text: text}
}

// File is its name, for messages.
func (e *Examined) File() string { return e.file }
