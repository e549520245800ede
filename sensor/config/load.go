package config

import "github.com/pelletier/go-toml/v2/unstable"

// itself is far longer than any configuration.
var itself = File{Name: "configuration", Most: 1 << 20, Long: "longer than 1 MiB: this is no configuration"}

// Load reads a file. What it returns beside an error is not to be used.
func Load(path string) (Config, error) {
	data, err := itself.Read(path)
	if err != nil {
		return Config{}, err
	}
	return Parse(path, data)
}

// Parse reads the bytes of a file; name stands before each problem. The error
// is a Problems.
func Parse(name string, data []byte) (Config, error) {
	if p := syntax(name, data); p != nil {
		return Config{}, p
	}
	r := read(name, data)
	if len(r.problems) > 0 {
		return Config{}, r.problems
	}
	return r.config, nil
}

func read(name string, data []byte) *reader {
	r := &reader{file: name, config: Default(), at: map[string]unstable.Position{}}
	r.read(data)
	r.crossCheck()
	return r
}
