package rules

import "fmt"

// enumeration: a stranger looks for extensions.
//
//   - Looks for: one source outside that asks for many users. The reason says so where the PBX answers differently for users that exist and for others (401 or 407, and 404, 403 or 484): that is a leak to be closed.
//   - Formula: 45 at 8 users in ten minutes, 55 at 30.
//   - Default: as stated. The first ten seconds do not count unless a user does not exist: a gateway that logs its lines in is done by then.
//   - Memory: as of scan; users are counted in 256 bits.
//   - Misses: fewer than 8 users in ten minutes; many sources that try a few each; attempts from inside the house.
func enumeration(s *Signs, _ float64) float64 {
	switch {
	case s.Users >= manyUsers:
		return 55
	case s.Users >= EnumerationUsers:
		return 45
	}
	return 0
}

// EnumerationUsers are more than one telephone has, and manyUsers than a gateway.
const (
	EnumerationUsers = 8
	manyUsers        = 30
)

func enumerationText(s *Signs) string {
	leak := ""
	if s.Leak {
		leak = "; the PBX tells which of them exist, by other answers"
	}
	return fmt.Sprintf("%s asked for %d users in ten minutes%s%s", s.Source, s.Users, s.calling(), leak)
}
