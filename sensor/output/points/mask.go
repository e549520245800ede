package points

import "strings"

// hidden is how many digits at the end of a number never leave the sensor.
const hidden = 4

// mask hides the end of a number; the range is what is left.
func mask(number string) (masked, rang string) {
	if number == "" {
		return "", ""
	}
	keep := max(0, len(number)-hidden)
	rang = number[:keep]
	if rang == "+" {
		rang = ""
	}
	return number[:keep] + strings.Repeat("*", len(number)-keep), rang
}

// shortest is the length from which digits in a sentence are taken for a
// number of the public network: extensions and amounts are shorter.
const shortest = 7

// maskText masks every number within a sentence.
func maskText(s string) string {
	b := []byte(s)
	digits := 0
	for i := range len(b) + 1 {
		if i < len(b) && b[i] >= '0' && b[i] <= '9' {
			digits++
			continue
		}
		if digits >= shortest {
			copy(b[i-hidden:i], strings.Repeat("*", hidden))
		}
		digits = 0
	}
	return string(b)
}
