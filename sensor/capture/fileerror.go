package capture

import "fmt"

// FileError is a fault of a capture file, told after all frames before it were
// delivered.
type FileError struct {
	Name   string
	Offset int64  // of the faulty header or record, in the decompressed file; -1 when the file was not read
	Reason string // what is wrong, lower case
	Hint   string // what the operator can do; may be empty
	Err    error  // what the system or a decompressor said; may be nil
}

// Error is one line.
func (e *FileError) Error() string {
	s := "read capture " + e.Name
	if e.Offset >= 0 {
		s += fmt.Sprintf(" at byte %d", e.Offset)
	}
	s += ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Unwrap gives errors.Is the system's word, os.ErrNotExist for instance.
func (e *FileError) Unwrap() error { return e.Err }
