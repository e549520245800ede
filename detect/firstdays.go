package detect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tollwatch/detect/numbering"
)

// Learned is what the site's first 14 days taught of a destination abroad. It takes
// no points away, because the site may have been hacked already, until calls after
// these days teach the same, or a person confirms it.
type Learned struct {
	Group
	Calls   int     // ordinary ones that were answered, in 90 days
	Numbers int     // different ones that were; 3 stands for 3 or more
	Dearest float64 // EUR, the dearest call
}

// ErrNothingToConfirm: the first 14 days taught no such destination, or it is
// confirmed already.
var ErrNothingToConfirm = errors.New("not among the destinations of the first 14 days that wait for a word")

// FirstDays are the destinations that wait for a word, the most called first.
func (e *Engine) FirstDays() []Learned {
	var out []Learned
	for _, slot := range e.memory.groups.OldestFirst() {
		if g := *slot; g.unconfirmed() {
			l := Learned{Group: Group{g.key.country, g.key.class}, Calls: g.in90Days(e.memory.day), Dearest: g.dearest}
			for _, hash := range g.numbers {
				if hash != 0 {
					l.Numbers++
				}
			}
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b Learned) int { return b.Calls - a.Calls })
	return out
}

// Confirm takes a person's word that these destinations are the site's own.
// It believes all of them or none.
func (e *Engine) Confirm(groups []Group) error {
	var found []*group
	for _, of := range groups {
		g := e.memory.find(groupKey{of.Country, of.Class})
		if g == nil || !g.unconfirmed() {
			return fmt.Errorf("%s: %w", of, ErrNothingToConfirm)
		}
		found = append(found, g)
	}
	for _, g := range found {
		g.late = daysToKnow
	}
	return nil
}

// unconfirmed says that some of the days that taught the destination were among the
// site's first 14, and that too few came later.
func (g *group) unconfirmed() bool { return g.key.class.Foreign() && g.taught > g.late }

// String is the country and the class: "KY high_risk".
func (g Group) String() string { return strings.TrimSpace(g.Country + " " + g.Class.String()) }

// ParseGroup reads what String prints.
func ParseGroup(text string) (Group, error) {
	fields := strings.Fields(text)
	if n := len(fields); n == 1 || n == 2 {
		if class, ok := numbering.ParseClass(fields[n-1]); ok {
			return Group{strings.Join(fields[:n-1], ""), class}, nil
		}
	}
	return Group{}, fmt.Errorf("destination %q: want a country and a class: %q", text, "MA international")
}
