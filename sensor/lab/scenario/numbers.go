package scenario

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Range is a block of telephone numbers.
type Range struct {
	Prefix  string // E.164 with +
	Free    int    // digits behind the prefix
	Country string // ISO 3166-1 alpha-2
	Mobile  bool
	Fiction bool // the regulator has set it aside: nobody is called by it
}

// Ranges are all blocks that the lab draws numbers from. Niger has set nothing
// aside; its numbers begin with 2, 7, 8 or 9, so that a number that begins
// with 1 has the right length and reaches nobody.
func Ranges() []Range {
	return []Range{
		{"+3319900", 4, "FR", false, true},
		{"+3326191", 4, "FR", false, true},
		{"+3335301", 4, "FR", false, true},
		{"+3346571", 4, "FR", false, true},
		{"+3353649", 4, "FR", false, true},
		{"+3363998", 4, "FR", true, true},
		{"+442079460", 3, "GB", false, true},
		{"+447700900", 3, "GB", true, true},
		{"+493023125", 3, "DE", false, true},
		{"+121255501", 2, "US", false, true},
		{"+3532091", 5, "IE", false, true},
		{"+468465004", 2, "SE", false, true},
		{"+141655501", 2, "CA", false, true},
		{"+6125550", 4, "AU", false, true},
		{"+187655501", 2, "JM", false, true},
		{"+134555501", 2, "KY", false, true},
		{"+227100000", 2, "NE", false, false},
	}
}

// domestic and abroad split what an office calls. The last two of Ranges are
// the court's destinations, which an office calls by attack alone.
const (
	domesticRanges = 6
	attackRanges   = 2
)

// homePrefix is the country code of the site.
const homePrefix = "+33"

// siteBlock is where the site's own numbers lie: extension 201 is
// 01 99 00 12 01. What others are called by begins above it.
const (
	siteBlock  = "+33199001"
	outsiders  = 5000 // of the four free digits
	firstPhone = 200  // extensions are counted from here
)

func (r Range) draw(rng *rand.Rand) string {
	most, least := 1, 0
	for range r.Free {
		most *= 10
	}
	if r.Prefix == "+3319900" {
		least = outsiders
	}
	return fmt.Sprintf("%s%0*d", r.Prefix, r.Free, least+rng.IntN(most-least))
}

// extensionName and extensionNumber are the two names of telephone i, from 0.
func extensionName(i int) string { return fmt.Sprint(firstPhone + 1 + i) }

func extensionNumber(i int) string { return fmt.Sprintf("%s%03d", siteBlock, firstPhone+1+i) }

// rangeOf finds the block of numbers behind a prefix such as +1345.
func rangeOf(prefix string) (Range, bool) {
	for _, r := range Ranges() {
		if strings.HasPrefix(r.Prefix, prefix) && len(prefix) > 1 {
			return r, true
		}
	}
	return Range{}, false
}

// Written is an E.164 number as a trunk or a French telephone writes it.
func Written(number string, f TrunkFormat) string {
	switch national, home := strings.CutPrefix(number, homePrefix); {
	case f == E164:
		return number
	case f == National && home:
		return "0" + national
	}
	return "00" + number[1:]
}
