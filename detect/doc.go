// Package detect turns the events of calls into verdicts, one per leg, and
// alerts, one per change of an incident. An [Engine] belongs to one site and
// owns all that it learned there.
//
// It decides at the INVITE, again when the trunk's leg names the number that
// counts, at the answer, every five seconds while a call runs, and at its end.
// A score is the sum of printed reasons (package rules); each decision keeps
// the inputs it was made from.
//
// It promises fixed memory (every table has a cap and counts what it evicts),
// packet time only, and the same alerts for the same events. It never reads a
// clock, never stores anything itself (learned state is encoded to bytes for
// others to keep), and never touches a call.
//
// Where things are: engine.go takes events, leg.go says what a leg is to this
// site, roles.go and trunk.go who is PBX, telephone and trunk, ongoing.go what is known of
// a running call, gate.go and its neighbours what strangers try, inward.go and onward.go what calls
// from outside do, decide.go fills the inputs of the rules, memory.go and its
// neighbours hold what was learned, cap.go what was consumed of caps on
// spending, incident.go and alert.go what is told, people.go and word.go what
// people say of it, maintenance.go when roles are learned anew.
package detect
