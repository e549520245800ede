package record

import (
	"bufio"
	"encoding/json"
	"io"
)

// Writer prints objects as NDJSON, one a line. It buffers: Flush before the
// last word.
type Writer struct {
	buf *bufio.Writer
	enc *json.Encoder
}

// NewWriter writes to w.
func NewWriter(w io.Writer) *Writer {
	buf := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	return &Writer{buf: buf, enc: enc}
}

// Put writes one object.
func (w *Writer) Put(o Object) error { return w.enc.Encode(o) }

// Flush writes what is buffered.
func (w *Writer) Flush() error { return w.buf.Flush() }
