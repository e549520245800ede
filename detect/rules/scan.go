package rules

import "fmt"

// scan: a stranger looks what there is.
//
//   - Looks for: requests of a source outside that is no telephone, PBX or trunk of this site.
//   - Formula: 45 at 20 requests for 3 users or more in ten minutes, or at 5 requests of a program that calls itself a scanner; nothing where enumeration has points.
//   - Default: as stated. It happens to every PBX on the Internet, so that it is a notice and wakes nobody.
//   - Memory: 128 bytes for each of at most 4096 sources; an IPv6 network of 64 bits is one.
//   - Misses: slower scans, scans from inside the house, scans of many addresses that ask once each.
func scan(s *Signs, sum float64) float64 {
	if sum > 0 || s.Requests == 0 {
		return 0
	}
	if s.Requests >= scanRequests && s.Users >= LeastUsers || s.Scanner != "" && s.Requests >= scannerRequests {
		return 45
	}
	return 0
}

// What an honest stranger does not do. Who watches a PBX from outside asks for
// one user, as often as every half minute.
const (
	scanRequests    = 20
	LeastUsers      = 3
	scannerRequests = 5
)

func scanText(s *Signs) string {
	return fmt.Sprintf("%s sent %d requests for %d users in ten minutes%s", s.Source, s.Requests, s.Users, s.calling())
}

// calling is the name of a program that says what it is.
func (s *Signs) calling() string {
	if s.Scanner == "" {
		return ""
	}
	return ", and calls itself " + s.Scanner
}
