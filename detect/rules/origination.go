package rules

import "fmt"

// origination: the PBX itself makes the call, which no telephone asked for.
//
//   - Looks for: a call on a trunk without any telephone's leg five seconds later, where such calls always had one: a web page or a call file of the PBX was used. A number shown that is none of the site's.
//   - Formula: 20 without a telephone; 10 for a strange number.
//   - Default: for numbers shown that had a telephone's leg at 95 % of their last 50 calls, 20 at least, while more than a quarter of the site's last 20 calls had one. For ten minutes after such a call the next need not wait. A number is strange after 200 calls, halved each week, of a site that shows a new one at fewer than one call in fifty.
//   - Memory: 50 bits for each of at most 5000 numbers.
//   - Misses: telephones that speak no SIP, taps that see trunks only, and numbers that such telephones and others share.
func origination(in *Inputs, _ float64) float64 {
	switch {
	case !Watched(in.Class):
		return 0
	case in.NoTelephone:
		return 20
	case in.StrangeNumber:
		return 10
	}
	return 0
}

func originationText(in *Inputs) string {
	if in.NoTelephone {
		return "no telephone asked for this call, as one always did before: the PBX makes it itself"
	}
	return fmt.Sprintf("the call to %s shows a number that is none of this site's", in.Number)
}
