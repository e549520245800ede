package rules

import "fmt"

// openRelay: the PBX serves a stranger without a password.
//
//   - Looks for: a call abroad or to a premium number from an address outside that is no telephone, PBX or trunk, and gave no credentials.
//   - Formula: 85 when the PBX sent the same number on to a trunk, or talked for a minute or more about each of three numbers.
//   - Default: as stated. An answer alone is no service: common PBXs answer strangers with an announcement.
//   - Memory: 40 bytes for each of at most 256 sources that were served.
//   - Misses: numbers of the own country; a source that three calls at home were served for, or whose call rang at a telephone, as of a peer or an operator; a tap that does not see strangers.
func openRelay(s *Signs, _ float64) float64 {
	if s.Relayed {
		return 85
	}
	return 0
}

func openRelayText(s *Signs) string {
	return fmt.Sprintf("%s called %s without a password, and the PBX served it", s.Source, s.Number)
}
