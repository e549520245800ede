package rules

import (
	"fmt"

	"tollwatch/detect/numbering"
)

// class: the destination is of a kind where fraud is paid out.
//
//   - Looks for: numbers that earn their holder money by being called.
//   - Formula: points by class.
//   - Default: international premium 40, satellite 35, high risk 20 (25 while
//     nothing is learned: the list buys the cold start, and later costs most
//     false alarms), unparsed 10, national premium 10, all others 0.
//   - Memory: none; the table of numbers is embedded.
//   - Misses: fraud to cheap countries, which the list does not name; ranges
//     hijacked since the list was drawn up.
func class(in *Inputs, _ float64) float64 {
	switch in.Class {
	case numbering.InternationalPremium:
		return 40
	case numbering.Satellite:
		return 35
	case numbering.HighRisk:
		return 25 - 5*in.Warmup
	case numbering.Unparsed, numbering.NationalPremium:
		return 10
	}
	return 0
}

func classText(in *Inputs) string {
	return fmt.Sprintf("%s is %s (about %.2f EUR a minute)", in.Number, kind(in), in.Rate)
}

// kind is the class in words that need no glossary.
func kind(in *Inputs) string {
	if nowhere(in) {
		return "behind a code that belongs to no country"
	}
	switch in.Class {
	case numbering.InternationalPremium:
		return "an international premium number"
	case numbering.Satellite:
		return "a satellite telephone"
	case numbering.HighRisk:
		return "in " + in.Country + ", where stolen calls are often sent"
	case numbering.NationalPremium:
		return "a premium number of this country"
	case numbering.International:
		return "abroad, in " + in.Country
	}
	return "no number of any known plan"
}

func nowhere(in *Inputs) bool {
	return (in.Country == "" || in.Country == "001") && (in.Class == numbering.HighRisk || in.Class == numbering.International)
}

// place names the destination group in a sentence.
func place(in *Inputs) string {
	switch in.Class {
	case numbering.HighRisk, numbering.International:
		if nowhere(in) {
			return "codes that belong to no country"
		}
		return in.Country
	case numbering.Unparsed:
		return "numbers of no known plan"
	case numbering.Satellite:
		return "satellite telephones"
	case numbering.NationalPremium:
		return "premium numbers of this country"
	}
	if in.Country == "" || in.Country == "001" {
		return "international premium numbers"
	}
	return "premium numbers of " + in.Country
}
