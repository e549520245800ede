package points

import (
	"unicode"
	"unicode/utf8"
)

const (
	maxTag   = 128  // bytes; tags are words of ours, names of trunks and sites
	maxField = 1024 // bytes
)

// Clean makes a text that no server refuses: valid, printable, bounded.
func Clean(s string, limit int) string { return string(appendClean(nil, s, limit)) }

// appendClean appends s cleaned, limit bytes at most and whole characters.
func appendClean(dst []byte, s string, limit int) []byte {
	end := len(dst) + limit
	for _, r := range s {
		switch {
		case r == utf8.RuneError: // of an invalid byte, too
			r = '?'
		case unicode.IsControl(r):
			r = ' '
		}
		if len(dst)+utf8.RuneLen(r) > end {
			break
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// cut shortens b to limit bytes at most and whole characters.
func cut(b []byte, limit int) []byte {
	if len(b) <= limit {
		return b
	}
	for limit > 0 && !utf8.RuneStart(b[limit]) {
		limit--
	}
	return b[:limit]
}

// isClean says that s is its own clean form, and good as a tag.
func isClean(s string) bool {
	if len(s) > maxTag || s[len(s)-1] == '\\' {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
