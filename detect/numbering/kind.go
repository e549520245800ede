package numbering

// Kind is what a number is, whoever calls it. [Class] is what it is to callers
// of one country: a French mobile is Mobile in France and International in
// Belgium, and a MobileKind in both.
type Kind uint8

// The kinds, as far as the table tells them apart.
const (
	General Kind = iota + 1 // fixed, or not known any better
	MobileKind
	Premium
	TollFreeKind
	SatelliteKind
	EmergencyKind
	Short      // a short code of ordinary price
	Unassigned // under a country code that was given to nobody
)

var kindNames = [...]string{"", "general", "mobile", "premium", "toll_free", "satellite", "emergency", "short", "unassigned"}

func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// kindOf derives the kind from the class that the row has in France.
func kindOf(d *Destination, short bool) Kind {
	switch d.Class {
	case Mobile:
		return MobileKind
	case NationalPremium, InternationalPremium:
		return Premium
	case TollFree:
		return TollFreeKind
	case Satellite:
		return SatelliteKind
	case Emergency:
		return EmergencyKind
	}
	switch {
	case short:
		return Short
	case d.Country == "":
		return Unassigned
	}
	return General
}
