package numbering

import "fmt"

// Class is what kind of destination a number is, seen from the home country.
type Class uint8

// The classes of docs/json.md, dest_class. Domestic and Mobile are the home
// country's own; docs/destinations.md says what belongs to each.
const (
	Domestic Class = iota + 1
	Mobile
	International
	HighRisk
	Satellite
	InternationalPremium
	NationalPremium
	TollFree
	Emergency
	Internal
	Unparsed
)

var classNames = [...]string{"", "domestic", "mobile", "international", "high_risk", "satellite",
	"international_premium", "national_premium", "toll_free", "emergency", "internal", "unparsed"}

func (c Class) String() string {
	if int(c) >= len(classNames) {
		return ""
	}
	return classNames[c]
}

// ParseClass reads the word that String prints.
func ParseClass(s string) (Class, bool) {
	for i, name := range classNames {
		if i > 0 && name == s {
			return Class(i), true
		}
	}
	return 0, false
}

// MarshalText writes the word, so that what is stored survives a new class.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the word; an empty one is no class.
func (c *Class) UnmarshalText(text []byte) error {
	class, ok := ParseClass(string(text))
	if !ok && len(text) > 0 {
		return fmt.Errorf("class %q: not one of this version", text)
	}
	*c = class
	return nil
}

// Foreign says that a call to the class leaves the home country, or may: a
// satellite or an international premium number belongs to none.
func (c Class) Foreign() bool {
	switch c {
	case International, HighRisk, Satellite, InternationalPremium:
		return true
	}
	return false
}
