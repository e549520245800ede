package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"tollwatch/detect/numbering"
)

// document is where users read of the rules, from this package's folder.
var document = filepath.Join("..", "..", "docs", "detections.md")

// parts is what every rule says of itself, in its comment and in the document.
var parts = []string{"Looks for:", "Formula:", "Default:", "Memory:", "Misses:"}

// TestEachRuleHasAFile: the file is named after the rule and holds its
// function, whose comment says all that a reader needs.
func TestEachRuleHasAFile(t *testing.T) {
	for _, id := range ids() {
		name := camel(id)
		file, err := parser.ParseFile(token.NewFileSet(), id+".go", nil, parser.ParseComments)
		if err != nil {
			t.Errorf("rule %s: %v", id, err)
			continue
		}
		i := slices.IndexFunc(file.Decls, func(d ast.Decl) bool {
			f, ok := d.(*ast.FuncDecl)
			return ok && f.Name.Name == name
		})
		if i < 0 {
			t.Errorf("%s.go has no function %s", id, name)
			continue
		}
		comment := file.Decls[i].(*ast.FuncDecl).Doc.Text()
		for _, part := range parts {
			if !strings.Contains(comment, part) {
				t.Errorf("%s.go: the comment of %s says nothing under %q", id, name, part)
			}
		}
	}
}

// TestDocumentListsTheRules: a section a rule, in the same order.
func TestDocumentListsTheRules(t *testing.T) {
	b, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for section := range strings.SplitSeq(string(b), "\n## ") {
		title, body, _ := strings.Cut(section, "\n")
		if !strings.HasPrefix(title, "`") {
			continue
		}
		got = append(got, strings.Trim(title, "`"))
		for _, part := range parts {
			if !strings.Contains(body, "**"+part+"**") {
				t.Errorf("detections.md: section %s says nothing under %q", title, part)
			}
		}
	}
	want := ids()
	if !slices.Equal(got, want) {
		t.Errorf("detections.md has sections %v, want the rules %v", got, want)
	}
}

// ids names the rules of calls, then those of signs.
func ids() []string {
	var out []string
	for _, r := range List() {
		out = append(out, r.ID)
	}
	for _, r := range SignList() {
		out = append(out, r.ID)
	}
	return out
}

func camel(id string) string {
	var b strings.Builder
	up := false
	for _, c := range id {
		switch {
		case c == '_':
			up = true
		case up:
			b.WriteRune(unicode.ToUpper(c))
			up = false
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// learned is a site with history, and a call to the Cayman Islands.
func learned(change func(*Inputs)) Inputs {
	in := Inputs{Class: numbering.HighRisk, Country: "KY", Number: "+13459491234", Extension: "204", Rate: 2, Phones: true,
		Warmup: 1, PriorRate: 0.01, PriorNew: 0.05, Exposure: 2000, Calls10: 1, NewCalls10: 1, ExtensionLegs: 1, ExtensionUsual: 2,
		ExtensionCostly: 1, ExtensionCostlyUsual: 2, TrunkCostly: 1, TrunkCostlyUsual: 2, BudgetHour: 5, SpentHour: 2, CostLimit: 5}
	change(&in)
	return in
}

// TestPoints has one line a formula.
func TestPoints(t *testing.T) {
	for _, c := range []struct {
		name string
		in   Inputs
		want string // rule and points, in order
	}{
		{"a known country", learned(func(in *Inputs) {}), "class 20"},
		{"the same, nothing learned", learned(func(in *Inputs) { in.Warmup = 0 }), "class 25"},
		{"half learned", learned(func(in *Inputs) { in.Warmup = 0.5; in.NewDestination = true }), "class 22.5 novelty 10"},
		{"never called", learned(func(in *Inputs) { in.NewDestination = true; in.NewCaller = true }), "class 20 novelty 20 first_abroad 8"},
		{"a plain country", learned(func(in *Inputs) { in.Class = numbering.International }), ""},
		{"satellite", learned(func(in *Inputs) { in.Class = numbering.Satellite }), "class 35"},
		{"premium abroad", learned(func(in *Inputs) { in.Class = numbering.InternationalPremium }), "class 40"},
		{"premium at home", learned(func(in *Inputs) { in.Class = numbering.NationalPremium; in.NewCaller = true }), "class 10"},
		{"two calls", learned(func(in *Inputs) { in.Calls10 = 2 }), "class 20 rate 15"},
		{"three calls in ten minutes", learned(func(in *Inputs) { in.Calls10 = 3 }), "class 20 rate 20"},
		{"three calls in two minutes", learned(func(in *Inputs) { in.Calls10, in.Calls2 = 3, 3 }), "class 20 rate 40"},
		{"five calls", learned(func(in *Inputs) { in.Calls10 = 5 }), "class 20 rate 40"},
		{"five calls where that is usual", learned(func(in *Inputs) { in.Calls10 = 5; in.LearnedG = 4000 }), "class 20"},
		{"three at once, one of them at home", learned(func(in *Inputs) { in.ExtensionLegs, in.ExtensionCostly = 3, 2 }), "class 20 concurrency_extension 10"},
		{"a conference, one of it costly", learned(func(in *Inputs) { in.ExtensionLegs = 4 }), "class 20"},
		{"a conference, most of it to new destinations", learned(func(in *Inputs) {
			in.ExtensionLegs, in.ExtensionCostly, in.NewDestination = 7, 5, true
			in.Watched = 15
		}), "class 20 novelty 20 concurrency_extension 15"},
		{"the same on the trunk", learned(func(in *Inputs) {
			in.ExtensionLegs, in.ExtensionCostly, in.NewDestination, in.Phones = 7, 5, true, false
			in.Watched = 15
		}), "class 20 novelty 20 concurrency_extension 60"},
		{"three at once", learned(func(in *Inputs) { in.ExtensionLegs, in.ExtensionCostly = 3, 3 }), "class 20 concurrency_extension 25"},
		{"four at once", learned(func(in *Inputs) { in.ExtensionLegs, in.ExtensionCostly = 4, 4 }), "class 20 concurrency_extension 30"},
		{"three at once to a new destination", learned(func(in *Inputs) {
			in.ExtensionLegs, in.ExtensionCostly, in.NewDestination = 3, 3, true
			in.Watched = 15
		}), "class 20 novelty 20 concurrency_extension 40"},
		{"a day's calls to new destinations", learned(func(in *Inputs) { in.NewDestination, in.NewSpent, in.NewLimit, in.Watched = true, 8, 7, 15 }), "class 20 novelty 20 new_spend 65"},
		{"half of what they may cost", learned(func(in *Inputs) { in.NewDestination, in.NewSpent, in.NewLimit, in.Watched = true, 4, 7, 15 }), "class 20 novelty 20 new_spend 2"},
		{"a known destination on such a day", learned(func(in *Inputs) { in.NewSpent, in.NewLimit = 80, 7 }), "class 20"},
		{"four at home", learned(func(in *Inputs) { in.Class = numbering.Mobile; in.ExtensionLegs = 4 }), "concurrency_extension 45"},
		{"four at home on the trunk", learned(func(in *Inputs) { in.Class = numbering.Mobile; in.ExtensionLegs = 4; in.Phones = false }), ""},
		{"three costly on the trunk", learned(func(in *Inputs) { in.ExtensionCostly = 3; in.Phones = false }), "class 20 concurrency_extension 25"},
		{"five of the site", learned(func(in *Inputs) { in.TrunkCostly = 5 }), "class 20 concurrency_trunk 36"},
		{"five of the site, four of them a conference", learned(func(in *Inputs) { in.TrunkCostly, in.ExtensionCostly, in.ExtensionLegs = 5, 4, 6 }), "class 20 concurrency_extension 15"},
		{"ten of the site", learned(func(in *Inputs) { in.TrunkCostly = 10 }), "class 20 concurrency_trunk 45"},
		{"twice the budget", learned(func(in *Inputs) { in.SpentHour = 10 }), "class 20 burn 25"},
		{"twice the budget by one call", learned(func(in *Inputs) { in.SpentHour, in.Cost = 10, 8; in.CostLimit = 30 }), "class 20 burn 15"},
		{"a hundred budgets", learned(func(in *Inputs) { in.SpentHour = 500 }), "class 20 burn 60"},
		{"too dear", learned(func(in *Inputs) { in.Cost = 5; in.Answered = true }), "class 20 money_timer 65"},
		{"worth a mention", learned(func(in *Inputs) { in.Cost = 5; in.CostNotice = 5; in.CostLimit = 20; in.Answered = true }), "class 20 money_timer 2"},
		{"too long", learned(func(in *Inputs) { in.Minutes, in.Answered, in.NewDestination, in.Watched = 61, true, true, 15 }), "class 20 novelty 20 money_timer 15"},
		{"long, where people talk", learned(func(in *Inputs) { in.Minutes, in.Answered = 61, true }), "class 20"},
		{"new places are daily business", learned(func(in *Inputs) {
			in.NewDestination, in.Watched, in.LearnedNew, in.Exposure = true, 15, 42, 14*PeriodsADay
		}), "class 20 novelty 5"},
		{"nobody talks", learned(func(in *Inputs) { in.MuteOfLast5 = 3 }), "class 20 media_oddity 10"},
		{"they answer faster than people", learned(func(in *Inputs) { in.QuickOfLast5 = 4 }), "class 20 media_oddity 5"},
		{"both, and nobody talks at home", learned(func(in *Inputs) { in.Class, in.MuteOfLast5, in.QuickOfLast5 = numbering.Domestic, 5, 5 }), ""},
		{"it ends with a call from outside", learned(func(in *Inputs) { in.Hairpin, in.EndsAlike = true, true }), "class 20 hairpin 30"},
		{"by a stolen account", learned(func(in *Inputs) { in.Hijack = 55 }), "class 20 hijacked 33"},
		{"by a worker who moved", learned(func(in *Inputs) { in.Hijack = 15 }), "class 20"},
		{"by a stolen account, to a plain country", learned(func(in *Inputs) {
			in.Class, in.NewDestination, in.Watched, in.Hijack = numbering.International, true, 15, 60
		}), "novelty 20 hijacked 18"},
		{"by a stolen account, at home", learned(func(in *Inputs) { in.Class, in.Hijack = numbering.Mobile, 60 }), ""},
		{"nobody's call", learned(func(in *Inputs) { in.NoTelephone = true }), "class 20 origination 20"},
		{"a strange number shown", learned(func(in *Inputs) { in.StrangeNumber = true }), "class 20 origination 10"},
		{"nobody's call at home", learned(func(in *Inputs) { in.Class, in.NoTelephone = numbering.Mobile, true }), ""},
		{"short calls", learned(func(in *Inputs) { in.ShortOfLast5 = 3; in.ShortIn10 = 3 }), "class 20 short_calls 10"},
		{"even calls", learned(func(in *Inputs) { in.Durations, in.DurationSpread, in.IntervalsSpread = 5, 0.1, 1 }), "class 20 short_calls 15"},
		{"a clockwork", learned(func(in *Inputs) {
			in.ShortOfLast5, in.ShortIn10, in.Durations, in.Intervals, in.DurationSpread, in.IntervalsSpread = 5, 8, 8, 7, 0.01, 0.01
		}), "class 20 short_calls 40"},
		{"a lone attempt", learned(func(in *Inputs) {
			in.Class = numbering.InternationalPremium
			in.NewDestination = true
			in.LoneAttempt = true
		}),
			"class 40 novelty 20 lone_attempt -5"},
		{"half of a cap", learned(func(in *Inputs) { in.CapPeriod, in.CapUsed, in.Cap = PerDay, 5, 10 }), "class 20 spend_cap 25"},
		{"most of a cap", learned(func(in *Inputs) { in.CapPeriod, in.CapUsed, in.Cap = PerDay, 8, 10 }), "class 20 spend_cap 35"},
		{"a cap", learned(func(in *Inputs) { in.CapPeriod, in.CapUsed, in.Cap = PerDay, 10, 10 }), "class 20 spend_cap 60"},
		{"a cap at home", Inputs{Class: numbering.Domestic, CapPeriod: PerCall, CapUsed: 12, Cap: 10}, "spend_cap 80"},
		{"less than half of a cap", learned(func(in *Inputs) { in.CapPeriod, in.CapUsed, in.Cap = PerDay, 4.99, 10 }), "class 20"},
		{"one call of two at once", learned(func(in *Inputs) { in.CapPeriod, in.CapUsed, in.Cap = AtOnce, 1, 2 }), "class 20"},
		{"half of a cap in a fraud", learned(func(in *Inputs) { in.Calls10, in.CapPeriod, in.CapUsed, in.Cap = 5, PerDay, 5, 10 }), "class 20 rate 40"},
		{"the same, answered", learned(func(in *Inputs) {
			in.Class = numbering.InternationalPremium
			in.NewDestination, in.LoneAttempt, in.Answered = true, true, true
		}), "class 40 novelty 20"},
		{"emergency", learned(func(in *Inputs) { in.Class = numbering.Emergency; in.ExtensionLegs = 9; in.TrunkCostly = 20 }), ""},
	} {
		reasons, score := Score(c.in)
		var got []string
		sum := 0.0
		for _, r := range reasons {
			got = append(got, r.Rule+" "+trim(r.Points))
			sum += r.Points
			if r.Text == "" {
				t.Errorf("%s: rule %s gives no reason", c.name, r.Rule)
			}
		}
		if g := strings.Join(got, " "); g != c.want || sum != score {
			t.Errorf("%s: got %q (score %v), want %q: %+v", c.name, g, score, c.want, reasons)
		}
	}
}

// TestTexts: a person understands them.
func TestTexts(t *testing.T) {
	for _, c := range []struct {
		in   Inputs
		want string
	}{
		{learned(func(in *Inputs) { in.ExtensionLegs, in.ExtensionCostly = 3, 3 }), "3rd call at once from extension 204 (2 are usual)"},
		{learned(func(in *Inputs) { in.ExtensionLegs, in.ExtensionCostly = 12, 12 }), "12th call at once from extension 204 (2 are usual)"},
		{learned(func(in *Inputs) { in.NewDestination, in.Watched = true, 90 }), "this site has not called KY in 90 days"},
		{learned(func(in *Inputs) { in.NewDestination, in.Watched = true, 14.2 }), "this site has not called KY in the 14 days that it was watched"},
		{learned(func(in *Inputs) { in.NewDestination, in.Watched = true, 0.75 }), "this site has not called KY in the 18 hours that it was watched"},
		{learned(func(in *Inputs) { in.Calls10 = 5 }), "5 calls to KY in ten minutes (usual: none)"},
		{Inputs{Class: numbering.Mobile, CapPeriod: AtOnce, CapUsed: 4, Cap: 4}, "4 calls at once, the cap is 4"},
		{Inputs{Class: numbering.Mobile, CapPeriod: PerCall, CapClass: numbering.Mobile, CapUsed: 8, Cap: 10}, "80 % of the cap on a single call among calls to mobiles of this country: 8.00 of 10.00 EUR"},
		{learned(func(in *Inputs) { in.SpentHour = 12.5 }), "12.50 EUR in one hour on costly calls, should first minutes be charged whole (up to 5.00 is ordinary)"},
	} {
		reasons, _ := Score(c.in)
		if !slices.ContainsFunc(reasons, func(r Reason) bool { return r.Text == c.want }) {
			t.Errorf("got %+v, want a reason %q", reasons, c.want)
		}
	}
}

// TestOrdinaryCallsAllocateNothing: most calls have no reason.
func TestOrdinaryCallsAllocateNothing(t *testing.T) {
	in := learned(func(in *Inputs) { in.Class = numbering.Mobile })
	buf := make([]Reason, 0, len(list))
	if n := testing.AllocsPerRun(1000, func() { buf, _ = Append(buf[:0], &in) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

// FuzzScore: points are halves, they add up, and no input makes them wild.
func FuzzScore(f *testing.F) {
	f.Add(uint8(4), 2.0, 1.0, 5, 40.0, 2000.0, 3, 3, 10.0, 5.0)
	f.Add(uint8(11), -1.0, 7.0, -5, 1e300, -2.0, 1000, -3, 1e308, 0.0)
	f.Fuzz(func(t *testing.T, class uint8, rate, warm float64, calls int, learnedCalls, exposure float64, legs, usual int, spent, budget float64) {
		in := Inputs{Class: numbering.Class(class), Rate: rate, Warmup: min(max(warm, 0), 1), NewDestination: calls%2 == 0, NewCaller: true, PriorRate: 0.01, PriorNew: 0.05,
			Calls10: calls % 17, NewCalls10: calls % 17, LearnedG: min(max(learnedCalls, 0), 1e6), Exposure: min(max(exposure, 0), 1e6), ExtensionLegs: legs, ExtensionUsual: usual,
			ExtensionCostly: legs, TrunkCostly: legs, SpentHour: spent, BudgetHour: budget, Cost: spent, CostLimit: budget, Answered: legs%2 == 0, Phones: true}
		reasons, score := Score(in)
		sum := 0.0
		for _, r := range reasons {
			if r.Points != halves(r.Points) {
				t.Fatalf("got %v points of %s, want halves", r.Points, r.Rule)
			}
			sum += r.Points
		}
		if sum != score || !(score >= 0 && score < 500) {
			t.Fatalf("got score %v, reasons add up to %v", score, sum)
		}
	})
}

func trim(points float64) string { return strconv.FormatFloat(points, 'f', -1, 64) }
