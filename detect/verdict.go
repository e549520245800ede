package detect

import (
	"fmt"
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
)

// Reason is one rule's part of a score.
type Reason = rules.Reason

// Result is what one event, or one tick, led to. It and what it points to are
// valid until the engine's next call.
type Result struct {
	Verdict *Verdict // for events that bear a leg; nil otherwise, and for a copy of a call that goes to a recorder
	Alerts  []Alert
}

// Verdict is what detection makes of a leg's call.
type Verdict struct {
	Leg       call.LegID
	Direction Direction
	Number    numbering.Number // the number that counts: of the leg nearest the trunk
	Extension string           // who of this site; empty when not known
	Trunk     string           // by which trunk; empty when none was seen

	Score   float64
	Reasons []Reason // add up to Score; without their texts, see rules.Explain

	// What the call has cost so far, EUR: likely, and the band around it.
	CostEUR, CostLow, CostHigh float64
	Rated                      bool // this leg bears the cost: the answered one nearest the trunk

	Decision *Decision // nil for a call that no rule looks at
}

// Stage is the moment of a decision.
type Stage uint8

// The stages of a call at which it is judged.
const (
	AtAttempt Stage = iota + 1
	AtProgress
	AtAnswer
	WhileRunning
	AtEnd
	AtSign // of no call: something else was seen
)

var stageNames = [...]string{"", "attempt", "progress", "answer", "running", "end", "sign"}

func (s Stage) String() string { return name(stageNames[:], uint8(s)) }

// MarshalText writes the word, as a stored decision has it.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads it.
func (s *Stage) UnmarshalText(text []byte) error {
	i := slices.Index(stageNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("stage %q: not one of this version", text)
	}
	*s = Stage(i)
	return nil
}

// Decision is one judgement of a call or of a sign, with all that it was made
// from: Recompute gives Score again. Of a verdict the reasons are without
// their texts, of an alert with them. As JSON it holds every number to the bit.
type Decision struct {
	Time    time.Time
	Stage   Stage
	Rules   string       // version of the rules
	Inputs  rules.Inputs `json:",omitzero"`
	Signs   *rules.Signs `json:",omitempty"` // of a decision that is about no outbound call; Inputs is empty then
	Score   float64
	Reasons []Reason
}

// Recompute gives the reasons and the score anew, from the inputs alone.
func (d *Decision) Recompute() ([]Reason, float64) {
	if d.Signs != nil {
		return rules.ScoreSigns(*d.Signs)
	}
	return rules.Score(d.Inputs)
}
