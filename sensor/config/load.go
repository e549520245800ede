package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/pelletier/go-toml/v2"
)

// maxBytes is far above any configuration: a wrong file name must not be read
// for ever.
const maxBytes = 1 << 20

// Load reads a file. What it returns beside an error is not to be used.
func Load(path string) (Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return Config{}, unreadable(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return Config{}, unreadable(path, err)
	}
	if len(data) > maxBytes {
		return Config{}, Problems{{File: path, Text: "longer than 1 MiB: this is no configuration"}}
	}
	return Parse(path, data)
}

func unreadable(path string, err error) error {
	reason := err
	var perr *fs.PathError
	if errors.As(err, &perr) {
		reason = perr.Err
	}
	return fmt.Errorf("read configuration %s: %w", path, reason)
}

// Parse reads the bytes of a file; name stands before each problem. The error
// is a Problems.
func Parse(name string, data []byte) (Config, error) {
	if p := syntax(name, data); p != nil {
		return Config{}, p
	}
	r := reader{file: name, config: Default()}
	r.read(data)
	r.crossCheck()
	if len(r.problems) > 0 {
		return Config{}, r.problems
	}
	return r.config, nil
}

// syntax finds what is no TOML at all: only the first such place can be told.
func syntax(name string, data []byte) Problems {
	var anything map[string]any
	err := toml.Unmarshal(data, &anything)
	if err == nil {
		return nil
	}
	p := Problem{File: name, Text: err.Error()}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		p.Line, p.Column = at.Position()
	}
	return Problems{p}
}
