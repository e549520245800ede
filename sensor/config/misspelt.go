package config

import "strings"

// meant asks for the one of some words that a misspelt one is close to: one mistake of
// a letter away, or two in a long word.
func meant(word string, words []string) string {
	const long = 6
	best, least := "", 2
	if len(word) >= long {
		least = 3
	}
	for _, w := range words {
		if d := mistakes(strings.ToLower(word), w); d < least && d < len(w) {
			best, least = w, d
		}
	}
	if best == "" {
		return ""
	}
	return "is " + best + " meant? "
}

// mistakes is how many letters are missing, too many, wrong, or have changed places
// with the next (Damerau's distance of strings, by optimal alignment).
func mistakes(a, b string) int {
	const tooLong = 40 // no key is half as long, and the cost grows with the square
	if len(a) > tooLong || len(b) > tooLong {
		return tooLong
	}
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
