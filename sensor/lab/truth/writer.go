package truth

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Writer writes the document piece by piece. The first error is kept and
// returned by Close.
type Writer struct {
	w     *bufio.Writer
	calls int
	err   error
}

// NewWriter writes the head of the document.
func NewWriter(w io.Writer, h Header) *Writer {
	t := &Writer{w: bufio.NewWriter(w)}
	h.Format = 1
	head := t.encode(h)
	if t.err == nil {
		head = head[:len(head)-1] // the object goes on
	}
	t.write(string(head), ",\n\"calls\":[")
	return t
}

// Call writes one call.
func (t *Writer) Call(c *Call) {
	if t.calls > 0 {
		t.write(",")
	}
	t.calls++
	t.write("\n", string(t.encode(c)))
}

// Close writes what is known only at the end. It does not close the file.
func (t *Writer) Close(r []Registration, a []Attack, totals Totals) error {
	t.write("\n],\n\"registrations\":", string(t.encode(r)), ",\n\"attacks\":", string(t.encode(a)), ",\n\"totals\":", string(t.encode(totals)), "}\n")
	if t.err == nil {
		t.err = t.w.Flush()
	}
	if t.err != nil {
		return fmt.Errorf("write truth: %w", t.err)
	}
	return nil
}

func (t *Writer) encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil && t.err == nil {
		t.err = err
	}
	return b
}

func (t *Writer) write(parts ...string) {
	for _, p := range parts {
		if t.err == nil {
			_, t.err = t.w.WriteString(p)
		}
	}
}
