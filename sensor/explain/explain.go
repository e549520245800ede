package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"tollwatch/detect"
	"tollwatch/detect/rules"
	"tollwatch/sensor/store"
)

// ErrUnknown: the store has no alert of the incident.
var ErrUnknown = errors.New("no such incident")

// Term is one rule's part of a score, and what the rule looked at.
type Term struct {
	Rule   string  `json:"rule"`
	Points float64 `json:"points"`
	Text   string  `json:"text"`
	Inputs []Input `json:"inputs"`
}

// Input is one of the facts of a decision.
type Input struct {
	Name  string `json:"name"` // as in detect/rules: of Inputs, or of Signs
	Value any    `json:"value"`
}

// Explanation is a decision, scored again.
type Explanation struct {
	Type     string    `json:"type"` // explanation
	Incident string    `json:"incident"`
	Time     time.Time `json:"time"` // of the decision
	Stage    string    `json:"stage"`
	Rules    string    `json:"rules_version"`
	Score    float64   `json:"score"`
	Terms    []Term    `json:"terms"`
}

// Incident explains the decisions behind an incident's alerts, the earliest
// first; one that several alerts rest on comes once. The error is about the first
// decision that cannot be made again; those before it are returned beside it.
func Incident(s *store.Store, id string) ([]Explanation, error) {
	var out []Explanation
	var last []byte
	for b, err := range s.Decisions(id) {
		if err != nil {
			return out, err
		}
		if bytes.Equal(b, last) {
			continue
		}
		last = b
		x, err := again(b)
		if err != nil {
			return out, err
		}
		x.Incident = id
		out = append(out, x)
	}
	if last != nil {
		return out, nil
	}
	for _, err := range s.Alerts(store.Filter{Incident: id, Limit: 1}) {
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("incident %s was kept without its inputs: an older tollwatch wrote it, or no rule decided it", id)
	}
	return nil, fmt.Errorf("%w: %s", ErrUnknown, id)
}

// again scores one stored decision.
func again(b []byte) (Explanation, error) {
	var d detect.Decision
	if err := json.Unmarshal(b, &d); err != nil {
		return Explanation{}, fmt.Errorf("read a stored decision: %w", err)
	}
	if d.Rules != rules.Version {
		return Explanation{}, fmt.Errorf("the decision of %s was made by rules version %s, this tollwatch has %s: explain it with the one that made it",
			d.Time.UTC().Format(time.RFC3339), d.Rules, rules.Version)
	}
	reasons, score := d.Recompute()
	if !slices.EqualFunc(reasons, d.Reasons, same) || math.Float64bits(score) != math.Float64bits(d.Score) {
		return Explanation{}, fmt.Errorf("the decision of %s has score %v, and its inputs give %v, or other reasons: the store or the rules were changed",
			d.Time.UTC().Format(time.RFC3339), d.Score, score)
	}
	x := Explanation{Type: "explanation", Time: d.Time, Stage: d.Stage.String(), Rules: d.Rules, Score: score}
	for _, r := range reasons {
		x.Terms = append(x.Terms, Term{Rule: r.Rule, Points: r.Points, Text: r.Text, Inputs: inputs(&d, r.Rule)})
	}
	return x, nil
}

func same(a, b detect.Reason) bool {
	return a.Rule == b.Rule && a.Text == b.Text && math.Float64bits(a.Points) == math.Float64bits(b.Points)
}

// inputs are what a rule looked at, in the order of the struct.
func inputs(d *detect.Decision, rule string) []Input {
	facts := reflect.ValueOf(&d.Inputs).Elem()
	if d.Signs != nil {
		facts = reflect.ValueOf(d.Signs).Elem()
	}
	var out []Input
	for _, name := range rules.Reads(rule) {
		out = append(out, Input{name, facts.FieldByName(name).Interface()})
	}
	return out
}
