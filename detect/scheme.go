package detect

import "tollwatch/detect/rules"

// telling are the rules of calls whose points tell of a scheme, the most telling
// first. What no rule tells of is toll fraud.
var telling = [...]struct {
	rule   string
	scheme func(*rules.Inputs) Scheme
}{
	{"transfer", func(*rules.Inputs) Scheme { return Transfer }},
	{"forwarding", func(*rules.Inputs) Scheme { return Forwarding }},
	{"hairpin", func(in *rules.Inputs) Scheme {
		if in.HairpinKeys > 0 || in.Guessed {
			return Voicemail
		}
		return Forwarding
	}},
}

// schemeOf is what a decision on a call tells of: of a cap where nothing else
// made it suspicious.
func schemeOf(d *Decision) Scheme {
	if d.own() < noticeScore {
		return SpendCap
	}
	for _, t := range telling {
		for _, r := range d.Reasons {
			if r.Rule == t.rule && r.Points > 0 {
				return t.scheme(&d.Inputs)
			}
		}
	}
	return TollFraud
}
