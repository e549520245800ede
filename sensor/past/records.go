package past

import (
	"errors"
	"fmt"
	"io"
	"os"

	"tollwatch/sensor/cdr"
)

// most is how many records are held at once: they are taught in the order of
// their starts, and no export keeps that order. Of rows that cannot be read so
// many are told one by one, the others counted: each fault clips what it quotes,
// and all of them take a few megabytes.
const (
	most      = 2_000_000
	maxFaults = 10_000
)

// File is what was read of one file.
type File struct {
	Name    string
	Format  *cdr.Format
	Records []cdr.Record
	Faults  []*cdr.RowError // the first rows that could not be read
	Unread  int             // all of those
}

// Read reads a file of records.
func Read(name string, o cdr.Options) (File, error) {
	f := File{Name: name}
	in, err := os.Open(name)
	if err != nil {
		return f, fmt.Errorf("read call records: %w", err)
	}
	defer in.Close()
	r, err := cdr.NewReader(name, in, o)
	if err != nil {
		return f, fmt.Errorf("read call records: %w", err)
	}
	f.Format = r.Format()
	for {
		rec, err := r.Next()
		var row *cdr.RowError
		switch {
		case errors.Is(err, io.EOF):
			return f, nil
		case errors.As(err, &row):
			if f.Unread++; f.Unread <= maxFaults {
				f.Faults = append(f.Faults, row)
			}
		case err != nil:
			return f, fmt.Errorf("read call records: %s: %w", name, err)
		case len(f.Records) >= most:
			return f, fmt.Errorf("read call records: %s: more than %d records: split the file by months", name, most)
		default:
			f.Records = append(f.Records, rec)
		}
	}
}
