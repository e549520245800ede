package numbering

// seen is a row of the table as the home country sees it.
type seen struct {
	class Class
	rate  float64
}

// Estimates for what the table, drawn up in France, does not know: EUR a
// minute of a country's own numbers, and of France's numbers seen from abroad
// (there they are as dear as other European numbers are from France).
const (
	ownFixed       = 0.02
	ownMobile      = 0.05
	franceFixed    = 0.04
	franceMobile   = 0.15
	francePremium  = 2.00
	franceOverseas = 0.10
)

// views computes every row's class and price for callers at home.
func (h *home) views(t *Table) []seen {
	views := make([]seen, len(t.rows))
	for i := range t.rows {
		d := &t.rows[i]
		switch {
		case h.iso == "FR" && d.Class != Mobile, h.iso == "FR" && d.Country == "FR":
			views[i] = seen{d.Class, d.Rate}
		case h.owns(d):
			views[i] = ownView(d)
		default:
			views[i] = abroadView(d)
		}
	}
	return views
}

// owns says that the number is the home country's. North America shares its
// free and its premium numbers.
func (h *home) owns(d *Destination) bool {
	if d.Country == h.iso {
		return true
	}
	return h.code == "1" && d.Country == "US" && (d.Kind == TollFreeKind || d.Kind == Premium)
}

func ownView(d *Destination) seen {
	switch d.Kind {
	case MobileKind:
		return seen{Mobile, ownMobile}
	case Premium:
		return seen{NationalPremium, d.Rate}
	case TollFreeKind:
		return seen{TollFree, 0}
	case SatelliteKind, EmergencyKind:
		return seen{d.Class, d.Rate}
	}
	return seen{Domestic, ownFixed}
}

func abroadView(d *Destination) seen {
	class, rate := d.Class, d.Rate
	switch d.Class {
	case Mobile:
		class = International
		if d.risky {
			class = HighRisk
		}
		if d.Country == "FR" {
			rate = franceMobile
		}
	case Domestic:
		class, rate = International, franceOverseas
		if d.Country == "FR" {
			rate = franceFixed
		}
	case NationalPremium:
		class, rate = InternationalPremium, francePremium
	case TollFree:
		rate = max(rate, franceFixed) // free at home, charged from abroad
		if d.Country == "001" {
			rate = 0
		}
	}
	return seen{class, rate}
}
