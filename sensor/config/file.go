package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// File is a kind of file that the configuration is, or names.
type File struct {
	Name string // for messages: configuration, tariff, holidays
	Most int    // bytes; a wrong file name must not be read for ever
	Long string // what a longer one is told to be
}

// Read reads the file at path. That one is too long is a [Problems].
func (f File) Read(path string) ([]byte, error) {
	data, err := f.read(path)
	if err != nil {
		var reason *fs.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return nil, fmt.Errorf("read %s %s: %w", f.Name, path, err)
	}
	if len(data) > f.Most {
		return nil, Problems{{File: path, Text: f.Long}}
	}
	return data, nil
}

func (f File) read(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, int64(f.Most)+1))
}
