package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Range is a block of telephone numbers that reach nobody.
type Range struct {
	Prefix  string  // E.164 with +
	Free    int     // digits behind the prefix
	Country string  // ISO 3166-1 alpha-2
	Rate    float64 // euro a minute that a small company pays, about
	Kind    Kind
	Fiction bool // the regulator has set it aside; otherwise no subscriber's number begins so
}

// Kind is what sort of numbers a block holds.
type Kind uint8

// The kinds. A few countries are where stolen calls go more often than others;
// honest people live there too.
const (
	Fixed Kind = iota
	Mobile
	Prone   // of a country that stolen calls often go to
	Premium // who calls pays more than the way there costs: a hotline, a ticket office
)

// Ranges are all blocks that the lab draws numbers from: those of the site's
// own country first, then the others', then those of prone countries.
func Ranges() []Range { return slices.Clone(ranges) }

var ranges = []Range{
	{"+3319900", 4, "FR", 0.02, Fixed, true},
	{"+3326191", 4, "FR", 0.02, Fixed, true},
	{"+3335301", 4, "FR", 0.02, Fixed, true},
	{"+3346571", 4, "FR", 0.02, Fixed, true},
	{"+3353649", 4, "FR", 0.02, Fixed, true},
	{"+3363998", 4, "FR", 0.05, Mobile, true},
	{"+33894000", 3, "FR", 0.80, Premium, false}, // no list of prices names a service behind 0894
	{"+442079460", 3, "GB", 0.04, Fixed, true},
	{"+447700900", 3, "GB", 0.12, Mobile, true},
	{"+493023125", 3, "DE", 0.04, Fixed, true},
	{"+121255501", 2, "US", 0.04, Fixed, true},
	{"+3532091", 5, "IE", 0.05, Fixed, true},
	{"+468465004", 2, "SE", 0.04, Fixed, true},
	{"+141655501", 2, "CA", 0.04, Fixed, true},
	{"+6125550", 4, "AU", 0.06, Fixed, true},
	{"+34100000", 4, "ES", 0.04, Fixed, false},
	{"+39100000", 4, "IT", 0.04, Fixed, false},
	{"+4110000", 4, "CH", 0.06, Fixed, false},
	{"+3112000", 4, "NL", 0.04, Fixed, false},
	{"+35110000", 4, "PT", 0.05, Fixed, false},
	{"+4810000", 4, "PL", 0.06, Fixed, false},
	{"+35210", 4, "LU", 0.05, Fixed, false},
	{"+451000", 4, "DK", 0.04, Fixed, false},
	{"+471000", 4, "NO", 0.05, Fixed, false},
	{"+4010000", 4, "RO", 0.06, Fixed, false},
	{"+42010000", 4, "CZ", 0.06, Fixed, false},
	{"+30100000", 4, "GR", 0.05, Fixed, false},
	{"+90100000", 4, "TR", 0.10, Fixed, false},
	{"+9721000", 4, "IL", 0.08, Fixed, false},
	{"+9711000", 4, "AE", 0.35, Fixed, false},
	{"+91100000", 4, "IN", 0.08, Fixed, false},
	{"+861200000", 4, "CN", 0.06, Fixed, false},
	{"+55100000", 4, "BR", 0.10, Fixed, false},
	{"+21210000", 4, "MA", 0.35, Fixed, false},
	{"+9621000", 4, "JO", 0.35, Fixed, false},
	{"+23310000", 4, "GH", 0.45, Fixed, false},
	{"+25160000", 4, "ET", 0.45, Fixed, false},
	{"+57100000", 4, "CO", 0.12, Fixed, false},
	{"+651000", 4, "SG", 0.05, Fixed, false},
	{"+8521000", 4, "HK", 0.06, Fixed, false},
	{"+661000", 4, "TH", 0.10, Fixed, false},
	{"+8410000", 4, "VN", 0.20, Fixed, false},
	{"+38010000", 4, "UA", 0.25, Fixed, false},
	{"+7100000", 4, "RU", 0.15, Fixed, false},
	{"+9741000", 4, "QA", 0.45, Fixed, false},
	{"+187655501", 2, "JM", 0.60, Prone, true},
	{"+2131000", 4, "DZ", 0.35, Prone, false},
	{"+2161000", 4, "TN", 0.80, Prone, false},
	{"+22110000", 4, "SN", 0.55, Prone, false},
	{"+225100000", 4, "CI", 0.60, Prone, false},
	{"+23710000", 4, "CM", 0.50, Prone, false},
	{"+2520000", 4, "SO", 1.60, Prone, false},
	{"+2231000", 4, "ML", 0.60, Prone, false},
	{"+5091000", 4, "HT", 0.60, Prone, false},
	{"+3711000", 4, "LV", 0.60, Prone, false},
	{"+531000", 4, "CU", 1.20, Prone, false},
	{"+5001", 4, "FK", 2.00, Prone, false},
	{"+220100", 4, "GM", 1.20, Prone, false},
	{"+960100", 4, "MV", 1.30, Prone, false},
	{"+2321000", 4, "SL", 1.30, Prone, false},
	{"+2261000", 4, "BF", 0.70, Prone, false},
	{"+26110000", 4, "MG", 1.40, Prone, false},
	{"+22410000", 4, "GN", 1.20, Prone, false},
	{"+3701000", 4, "LT", 0.60, Prone, false},
	{"+372100", 4, "EE", 0.60, Prone, false},
	{"+3871000", 4, "BA", 0.55, Prone, false},
	{"+134555501", 2, "KY", 2.00, Prone, true},
	{"+227100000", 2, "NE", 2.00, Prone, false},
}

// Abroad are the blocks of other countries, of prone ones or of all others.
func Abroad(prone bool) []Range {
	return slices.DeleteFunc(Ranges(), func(r Range) bool {
		return strings.HasPrefix(r.Prefix, HomePrefix) || (r.Kind == Prone) != prone
	})
}

// Home are the blocks of the site's country where people are.
func Home() []Range { return atHome(false) }

// PremiumHome are those of its services that cost more.
func PremiumHome() []Range { return atHome(true) }

func atHome(premium bool) []Range {
	return slices.DeleteFunc(Ranges(), func(r Range) bool {
		return !strings.HasPrefix(r.Prefix, HomePrefix) || (r.Kind == Premium) != premium
	})
}

// HomePrefix is the country code of the site.
const HomePrefix = "+33"

// TollFree is the number of the site that it pays for itself when it is called.
const TollFree = "+33805990012"

// siteBlock is where the site's own numbers lie: extension 201 is
// 01 99 00 12 01. What others are called by begins above it.
const (
	siteBlock  = "+33199001"
	outsiders  = 5000 // of the four free digits
	firstPhone = 200  // extensions are counted from here
)

// Draw returns a number of the block.
func (r Range) Draw(rng *rand.Rand) string {
	most, least := 1, 0
	for range r.Free {
		most *= 10
	}
	if r.Prefix == "+3319900" {
		least = outsiders
	}
	return fmt.Sprintf("%s%0*d", r.Prefix, r.Free, least+rng.IntN(most-least))
}

// RangeOf finds the block of numbers behind a prefix such as +1345.
func RangeOf(prefix string) (Range, bool) {
	for _, r := range ranges {
		if strings.HasPrefix(r.Prefix, prefix) && len(prefix) > 1 {
			return r, true
		}
	}
	return Range{}, false
}

// Whole says that a number of a block is all there.
func Whole(number string) bool {
	r, ok := Block(number)
	return ok && len(number) == len(r.Prefix)+r.Free && strings.Trim(number[1:], "0123456789") == ""
}

// Block finds the block that a number is of.
func Block(number string) (Range, bool) {
	for i := range ranges {
		if strings.HasPrefix(number, ranges[i].Prefix) {
			return ranges[i], true
		}
	}
	return Range{}, false
}

// Rate is what a minute to the number costs, in euro; 0 for a number of no block.
func Rate(number string) float64 {
	r, _ := Block(number)
	return r.Rate
}
