package rules

import "fmt"

// hairpin: a call from outside goes out again.
//
//   - Looks for: the way of whoever found a mailbox, an attendant or a DISA that dials on, or set a forward: he calls the site, and the site calls for him.
//   - Formula: 30 to a watched class; 65 to a class with points after at least 8 keys; 80 to either when the caller had tried PINs. Nothing to a number that the site calls itself.
//   - Default: both legs are of one call, or the second begins within ten seconds of the 8th key, the 302 or the REFER of a call that is up; or, where telephones are seen, a call from outside that none of them took was up when the second began, and both end within two seconds, the first before the second (30 points at the end, or 80). A number is the site's own custom after answered calls on two days, the first more than three days ago.
//   - Memory: a count of keys for each call, the last 16 calls with many keys, the last 16 that ended, the last 64 forwards and transfers, and at most 1024 customary numbers.
//   - Misses: keys that are heard in the voice only, where the legs are not joined, until the caller hangs up; a second call that is transferred after it was answered.
func hairpin(in *Inputs, _ float64) float64 {
	switch {
	case !in.Hairpin || in.Customary || !Watched(in.Class):
		return 0
	case in.Guessed:
		return 80
	case in.HairpinKeys > 0 && Risky(in.Class):
		return 65
	}
	return 30
}

func hairpinText(in *Inputs) string {
	from := in.HairpinFrom
	if from == "" {
		from = "a withheld number"
	}
	switch {
	case in.Guessed:
		return fmt.Sprintf("%s, who had tried PINs here, called the site and went out again", from)
	case in.EndsAlike:
		return fmt.Sprintf("%s called the site, no telephone took it, and the call ended with this one, for which no telephone asked", from)
	case in.HairpinKeys > 0:
		return fmt.Sprintf("%s called the site, pressed %d keys, and went out again", from, in.HairpinKeys)
	}
	return fmt.Sprintf("%s called the site and went out again", from)
}

// passedOn says that the call is the way on of another, to where nobody of this
// site calls.
func passedOn(in *Inputs) bool {
	return !in.Customary && (in.Hairpin || in.Forwarded || in.Transferred)
}
