package rules

import (
	"math"

	"tollwatch/detect/numbering"
)

// Version names the set of rules and their defaults. It changes with any
// change of a score, so that an old decision says which rules made it.
const Version = "4"

// Reason is one rule's part of a score.
type Reason struct {
	Rule   string  // the rule's ID
	Points float64 // a multiple of 0.5
	Text   string  // one plain sentence with the numbers; empty until Explain
}

// Rule is one scheme, of outbound calls or of signs.
type Rule[T Inputs | Signs] struct {
	ID string // public: the word in an alert's reasons and in Influx

	// Points is what the rule gives for the inputs. Zero points are no reason. sum
	// is what the rules before it in the list gave.
	Points func(in *T, sum float64) float64
	// Text is why, for inputs that it gave points to.
	Text func(in *T) string
}

// The rules of money, which bound a person's word.
const (
	BurnID       = "burn"
	MoneyTimerID = "money_timer"
	NewSpendID   = "new_spend"
	SlowFraudID  = "slow_fraud"
)

// list is the order in which reasons for an outbound call are printed and added.
var list = [...]Rule[Inputs]{
	{"class", class, classText},
	{"novelty", novelty, noveltyText},
	{"first_abroad", firstAbroad, firstAbroadText},
	{"rate", rate, rateText},
	{"concurrency_extension", concurrencyExtension, concurrencyExtensionText},
	{"concurrency_trunk", concurrencyTrunk, concurrencyTrunkText},
	{BurnID, burn, burnText},
	{MoneyTimerID, moneyTimer, moneyTimerText},
	{NewSpendID, newSpend, newSpendText},
	{SlowFraudID, slowFraud, slowFraudText},
	{"off_hours", offHours, offHoursText},
	{"short_calls", shortCalls, shortCallsText},
	{"media_oddity", mediaOddity, mediaOddityText},
	{"hairpin", hairpin, hairpinText},
	{"forwarding", forwarding, forwardingText},
	{"transfer", transfer, transferText},
	{"call_back", callBack, callBackText},
	{"hijacked", hijacked, hijackedText},
	{"origination", origination, originationText},
	{"lone_attempt", loneAttempt, loneAttemptText}, // late: it looks at the sum
	{SpendCapID, spendCap, spendCapText},           // last: so does it, and nothing takes from it
}

// signList is the same for signs.
var signList = [...]Rule[Signs]{
	{"breach", breach, breachText},
	{"brute_force", bruteForce, bruteForceText},
	{"enumeration", enumeration, enumerationText},
	{"scan", scan, scanText}, // after enumeration: it looks at the sum
	{"flood", flood, floodText},
	{"probing", probing, probingText},
	{"open_relay", openRelay, openRelayText},
	{"voicemail", voicemail, voicemailText},
	{"forward_code", forwardCode, forwardCodeText},
	{"wangiri", wangiri, wangiriText},
	{"pumping", pumping, pumpingText},
	{"media_only", mediaOnly, mediaOnlyText},
	{"registration", registration, registrationText},
	{"trunk_binding", trunkBinding, trunkBindingText},
	{"trunk_state", trunkState, trunkStateText},
	{"inbound_silence", inboundSilence, inboundSilenceText},
}

// List returns every rule of outbound calls in the order of the reasons.
func List() []Rule[Inputs] { return list[:] }

// SignList returns every rule of signs in the order of the reasons.
func SignList() []Rule[Signs] { return signList[:] }

// Append adds the reasons for the call to dst, without their texts, and returns
// the score as well. It is done several times for each call and allocates
// nothing while dst has room.
func Append(dst []Reason, in *Inputs) ([]Reason, float64) {
	if in.Class == numbering.Emergency {
		return dst, 0 // never scored, whatever else is true of it
	}
	return appendReasons(dst, list[:], in)
}

// AppendSigns does the same for signs.
func AppendSigns(dst []Reason, s *Signs) ([]Reason, float64) {
	return appendReasons(dst, signList[:], s)
}

func appendReasons[T Inputs | Signs](dst []Reason, list []Rule[T], in *T) ([]Reason, float64) {
	sum := 0.0
	for i := range list {
		points := halves(list[i].Points(in, sum))
		if points == 0 {
			continue
		}
		dst = append(dst, Reason{Rule: list[i].ID, Points: points})
		sum += points
	}
	return dst, sum
}

// Explain writes the texts of reasons that Append gave for in. Few are ever
// read, so that they are written when somebody is told.
func Explain(reasons []Reason, in *Inputs) { explain(reasons, list[:], in) }

// ExplainSigns does the same for AppendSigns.
func ExplainSigns(reasons []Reason, s *Signs) { explain(reasons, signList[:], s) }

func explain[T Inputs | Signs](reasons []Reason, list []Rule[T], in *T) {
	for i := range reasons {
		for j := range list {
			if list[j].ID == reasons[i].Rule {
				reasons[i].Text = list[j].Text(in)
			}
		}
	}
}

// Score gives reasons with their texts and the score, for whoever has only the
// stored inputs.
func Score(in Inputs) ([]Reason, float64) {
	reasons, score := Append(nil, &in)
	Explain(reasons, &in)
	return reasons, score
}

// ScoreSigns does the same for stored signs.
func ScoreSigns(s Signs) ([]Reason, float64) {
	reasons, score := AppendSigns(nil, &s)
	ExplainSigns(reasons, &s)
	return reasons, score
}

// halves rounds to multiples of 0.5, which both binary and decimal fractions
// hold exactly: printed points add up to the printed score in any order.
func halves(points float64) float64 { return math.Round(points*2) / 2 }
