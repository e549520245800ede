package rules

import "fmt"

// probing: somebody looks for the prefix that lets a call out.
//
//   - Looks for: the same last nine digits behind ever other prefixes, from one source outside, or from one extension to what is abroad or no number.
//   - Formula: from outside 55 at the third prefix. From an extension, whose password is then in other hands, 65 at the third and 85 at the tenth. 85 when one of them was served: it went on to a trunk or, of an extension, rang.
//   - Default: 3 and 10 prefixes, with no more than ten minutes between two tries. + and 00 are no prefix. Of an extension only refused attempts count.
//   - Memory: 120 bytes for each of the 512 pairs of caller and number that are tried most.
//   - Misses: pauses of more than ten minutes; each prefix from another source or before another number; with a view of the trunk alone, what the PBX refuses.
func probing(s *Signs, _ float64) float64 {
	switch {
	case s.Prefixes < LeastPrefixes:
		return 0
	case s.Served, s.Inside && s.Prefixes >= manyPrefixes:
		return 85
	case s.Inside:
		return 65
	}
	return 55
}

// LeastPrefixes are more than people try who do not know how to dial out.
const (
	LeastPrefixes = 3
	manyPrefixes  = 10
)

func probingText(s *Signs) string {
	who, served := s.Source, ""
	if s.Extension != "" {
		who = "extension " + s.Extension
	}
	if s.Served {
		served = ", and was served"
	}
	return fmt.Sprintf("%s tried one number behind %d prefixes, as %s the last time%s", who, s.Prefixes, s.Number, served)
}
