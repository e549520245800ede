package record

import (
	"bufio"
	"encoding/json"
	"io"
	"reflect"
)

// Writer prints objects as NDJSON, one a line. It buffers: Flush before the
// last word.
type Writer struct {
	buf  *bufio.Writer
	enc  *json.Encoder
	line []byte

	calls, streams, registrations encoder
}

// NewWriter writes to w.
func NewWriter(w io.Writer) *Writer {
	buf := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	return &Writer{buf: buf, enc: enc, calls: newEncoder(reflect.TypeFor[Call]()), streams: newEncoder(reflect.TypeFor[Stream]()),
		registrations: newEncoder(reflect.TypeFor[Registration]())}
}

// Put writes one object.
func (w *Writer) Put(o Object) error {
	switch o := o.(type) {
	case *Call:
		return w.flat(w.calls, reflect.ValueOf(o))
	case *Stream:
		return w.flat(w.streams, reflect.ValueOf(o))
	case *Registration:
		return w.flat(w.registrations, reflect.ValueOf(o))
	}
	return w.enc.Encode(o)
}

func (w *Writer) flat(e encoder, pointer reflect.Value) error {
	w.line = e.append(w.line[:0], pointer.Elem())
	_, err := w.buf.Write(w.line)
	return err
}

// Flush writes what is buffered.
func (w *Writer) Flush() error { return w.buf.Flush() }
