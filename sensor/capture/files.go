package capture

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync/atomic"
)

// OpenFiles reads captures one after the other; "-" is standard input. It
// looks at once whether each is there and a file, so that a wrong name at the
// end of the list does not come out after an hour; what is in them is judged
// by Next.
func OpenFiles(names []string, stdin io.Reader) (Source, error) {
	s := &files{names: names, stdin: stdin, release: func() {}}
	for _, name := range names {
		if name == "-" {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return nil, unreadable(name, err)
		}
		if info.IsDir() {
			return nil, &FileError{Name: name, Offset: -1, Reason: "this is a folder", Hint: "name the files in it"}
		}
		s.stats.FileSize += uint64(info.Size())
	}
	return s, nil
}

func unreadable(name string, err error) *FileError {
	e := &FileError{Name: name, Offset: -1, Reason: "cannot be opened", Err: err}
	var path *fs.PathError
	if errors.As(err, &path) {
		e.Err = path.Err // the name is in the line already
	}
	return e
}

// files is the Source over a list of names.
type files struct {
	names   []string // those not begun
	stdin   io.Reader
	current records // nil between files
	name    string  // of current
	release func()  // ends the decompressor of current
	file    atomic.Pointer[os.File]
	closed  atomic.Bool
	stats   Stats
}

func (s *files) Next(f *Frame) error {
	for {
		if s.closed.Load() {
			s.finish()
			return io.EOF
		}
		if s.current == nil && len(s.names) == 0 {
			return io.EOF
		}
		if err := s.read(f); err != errNextFile {
			return err
		}
	}
}

// errNextFile: the current file is at its end.
var errNextFile = errors.New("next file")

func (s *files) read(f *Frame) error {
	if s.current == nil {
		if err := s.open(); err != nil {
			s.finish()
			if err == io.EOF || s.closed.Load() {
				return errNextFile
			}
			return err
		}
	}
	err := s.current.next(f)
	if err == nil {
		s.stats.Frames++
		s.stats.Bytes += uint64(len(f.Data))
		return nil
	}
	s.finish()
	if err == io.EOF || s.closed.Load() {
		return errNextFile
	}
	return s.named(err)
}

// open begins the next file.
func (s *files) open() error {
	s.name, s.names = s.names[0], s.names[1:]
	in := s.stdin
	if s.name != "-" {
		file, err := os.Open(s.name)
		if err != nil {
			return unreadable(s.name, err)
		}
		s.file.Store(file)
		in = &counted{file, &s.stats.FileRead}
	}
	if in == nil {
		return &FileError{Name: s.name, Offset: -1, Reason: "there is no standard input"}
	}
	set, release, err := openRecords(in, &s.closed)
	s.release = release
	if err != nil {
		return s.named(err)
	}
	s.current = set
	return nil
}

// finish closes the current file.
func (s *files) finish() {
	s.release()
	s.release, s.current = func() {}, nil
	s.closeFile()
}

func (s *files) closeFile() {
	if f := s.file.Swap(nil); f != nil {
		f.Close()
	}
}

// named gives a fault the name of the file.
func (s *files) named(err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return err
	}
	name := s.name
	if name == "-" {
		name = "from standard input"
	}
	return &FileError{Name: name, Offset: f.offset, Reason: f.reason, Hint: f.hint, Err: f.err}
}

// Close lets Next return io.EOF, also one that is reading now. Standard input is
// not ours to close: a Next that waits for it waits on.
func (s *files) Close() error {
	s.closed.Store(true)
	s.closeFile()
	return nil
}

func (s *files) Stats() Stats { return s.stats }

// counted counts what is read from a file.
type counted struct {
	r io.Reader
	n *uint64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	*c.n += uint64(n)
	return n, err
}
