package sip

import (
	"reflect"
	"testing"
)

// checkSpans holds the property that every reader of a Message relies on: all
// spans lie inside the buffer, and counts are what can be.
func checkSpans(t *testing.T, b []byte, m *Message) {
	t.Helper()
	if len(m.buf) > MaxMessage || len(m.buf) > len(b) {
		t.Fatalf("scanned %d bytes of %d, want at most %d", len(m.buf), len(b), MaxMessage)
	}
	walk(t, b, reflect.ValueOf(*m), len(m.buf))
	var contacts int
	for a, next := m.NextContact(0); next >= 0; a, next = m.NextContact(next) {
		walk(t, b, reflect.ValueOf(a), len(m.buf))
		if contacts++; contacts > len(b) {
			t.Fatalf("more contacts than bytes in %q", b)
		}
	}
	if contacts != m.Contacts {
		t.Fatalf("NextContact gave %d values, Parse counted %d in %q", contacts, m.Contacts, b)
	}
}

func walk(t *testing.T, b []byte, v reflect.Value, size int) {
	t.Helper()
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Type() == reflect.TypeFor[Span]() {
			start, end := f.Field(0).Uint(), f.Field(1).Uint()
			if start > end || end > uint64(size) {
				t.Fatalf("%s.%s is [%d:%d] of %d bytes: %q", v.Type(), v.Type().Field(i).Name, start, end, size, b)
			}
			continue
		}
		if f.Kind() == reflect.Struct {
			walk(t, b, f, size)
		}
	}
}
