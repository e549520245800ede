package attack

import "tollwatch/sensor/lab/plan"

// Kind is a way to attack. The stage is that of the usual taxonomy of PBX
// hacking: reconnaissance, access, theft, cover.
type Kind struct {
	Name, Stage, Text string
	Dials             bool // numbers of its destinations
	sources           func(*thief) []plan.Source
}

// Burst is the kind of an attack that names none.
const Burst = "burst"

// Kinds lists all.
func Kinds() []Kind {
	return []Kind{
		{Burst, "theft", "a machine dials from stolen extensions", true, burstSources},
		{"prefixes", "reconnaissance", "one number behind ever other prefixes, refused", true, prefixSources},
		{"scan", "reconnaissance", "OPTIONS, REGISTER and INVITE of strangers who look for extensions", false, scanSources},
		{"web", "reconnaissance", "requests for the PBX's web pages", false, webSources},
		{"brute_force", "access", "passwords that are wrong, of one extension, from all addresses", false, bruteSources},
		{"hijack", "access", "a registration of the extension from the thief's address, with the right password", false, hijackSources},
		{"trunk_theft", "access", "a second binding of the site's account at the operator: its calls are made elsewhere", false, trunkTheftSources},
		{"full_trunk", "theft", "the site's own calls fail, because stolen ones keep the operator's channels busy", false, fullTrunkSources},
		{"mailbox", "access", "calls to a mailbox that try PINs", false, mailboxSources},
		{"forward", "access", "a code is dialled that forwards the extension to the thief's number", true, forwardSources},
		{"hairpin", "theft", "calls from outside that the site passes on: by keys, by a forward, by 302 or by REFER", true, hairpinSources},
		{"wangiri", "theft", "calls that ring once; a few people call back", true, wangiriSources},
		{"pumping", "theft", "calls to the site's toll-free number, of exactly one minute", false, pumpingSources},
		{"acknowledge", "cover", "a person says that what was alerted is in order", false, acknowledgeSources},
		{"forged", "cover", "calls of which no packet is real", true, forgedSources},
		{"wipe", "cover", "calls of strangers to ever other numbers, as many as tables hold", true, wipeSources},
	}
}

// Names lists the kinds, for a message.
func Names() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// LookupKind finds a kind by its name.
func LookupKind(name string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}
