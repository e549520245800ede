package rules

import "fmt"

// trunk_binding: somebody else is registered with the site's account at its operator.
//
//   - Looks for: a Contact that is not this site's in the operator's answer to the site's own REGISTER, which lists every binding of the account.
//   - Formula: 70 for a host on the Internet or a name, 55 for a private address: that may be a second PBX of the site, or what a thief behind a router wrote.
//   - Default: the hosts of the PBX's own Contacts, the addresses of PBX and operator, and any port of these are nobody else's.
//   - Memory: four own and four other hosts for each of at most 64 accounts.
//   - Misses: an operator who does not list bindings, or who lists its own in place of the PBX's; what is registered there already when nothing of the PBX is listed.
func trunkBinding(s *Signs, _ float64) float64 {
	switch {
	case s.Contact == "" || s.Account == "":
		return 0
	case s.PrivateContact:
		return 55
	}
	return 70
}

func trunkBindingText(s *Signs) string {
	return fmt.Sprintf("the operator lists a binding of this site's account %s at %s, which is none of its own", s.Account, s.Contact)
}
