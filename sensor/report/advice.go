package report

import (
	"strings"

	"tollwatch/sensor/record"
)

// advice is what to do about each scheme, or rule, in the order of its effect. EXT and
// SOURCE stand for the alert's own; a step whose word is not known is left out.
var advice = map[string][]string{
	"toll_fraud":       {"block extension EXT at the PBX and change its password", "have the operator bar these destinations"},
	"spend_cap":        {"look whether somebody of this site makes these calls", "block extension EXT at the PBX if not", "have the operator set the same limit"},
	"account_takeover": {"change the password of extension EXT and remove its registrations", "block SOURCE at the router", "have the operator bar calls abroad until that is done"},
	"voicemail":        {"change the PIN of the mailboxes and bar calls out of them", "have the operator bar these destinations"},
	"forwarding":       {"remove the forward of extension EXT", "bar forwards to numbers abroad at the PBX", "have the operator bar these destinations"},
	"transfer":         {"bar transfers to numbers abroad at the PBX", "have the operator bar these destinations"},
	"open_relay":       {"have the PBX refuse calls without a password", "block SOURCE at the router", "have the operator bar these destinations"},
	"probing":          {"change the password of extension EXT", "block SOURCE at the router"},
	"brute_force":      {"block SOURCE at the router", "let only known addresses reach the PBX"},
	"enumeration":      {"block SOURCE at the router", "let only known addresses reach the PBX"},
	"scan":             {"let only known addresses reach the PBX"},
	"flood":            {"let only known addresses reach the PBX"},
	"trunk":            {"ask the operator who is registered with the account of this site, and change its password"},
	"pumping":          {"have the operator refuse these callers, or close the number until they stop"}, // a rule: the scheme is toll fraud
	"wangiri":          {"tell people not to call these numbers back"},
	"sensor":           {"see that the sensor is fed: its cable, its mirror port, its load"},
}

// doNow is what stops the loss, in the order of its effect.
func doNow(a *record.Alert) string {
	all := advice[a.Scheme]
	if len(a.Reasons) > 0 {
		if own, ok := advice[a.Reasons[0].Rule]; ok {
			all = own
		}
	}
	var steps []string
	for _, step := range all {
		if a.Extension == "" && strings.Contains(step, "EXT") || a.Source == "" && strings.Contains(step, "SOURCE") {
			continue
		}
		steps = append(steps, strings.NewReplacer("EXT", a.Extension, "SOURCE", host(a.Source)).Replace(step))
	}
	return strings.Join(steps, "; ")
}

// host is an address without its port.
func host(source string) string {
	if i := strings.LastIndexByte(source, ':'); i > 0 {
		return strings.Trim(source[:i], "[]")
	}
	return source
}
