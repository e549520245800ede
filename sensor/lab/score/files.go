package score

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/truth"
)

// document is what the scorer reads of a truth file.
type document struct {
	Parameters struct{ Length string }
	Calls      []truth.Call
	Attacks    []truth.Attack
}

// page is what the scorer reads of an alert.
type page struct {
	Type      string
	Event     string
	Time      time.Time
	Incident  string
	Level     string
	Extension string
	Source    string
	CallIDs   []string `json:"call_ids"`
}

func (p *page) wakes() bool { return p.Level == "major" || p.Level == "critical" }

// Files scores the alerts of a sensor (NDJSON) against a truth file.
func Files(truthFile, alerts io.Reader) (*Sheet, error) {
	var doc document
	if err := json.NewDecoder(truthFile).Decode(&doc); err != nil {
		return nil, fmt.Errorf("read truth: %w", err)
	}
	if doc.Calls == nil {
		return nil, errors.New("read truth: it has no calls: is this a file of siplab generate?")
	}
	pages, err := readPages(alerts)
	if err != nil {
		return nil, err
	}
	b := newBoard(&doc)
	sheet := NewSheet()
	q := Quiet{Months: length(&doc).Hours() / 720}
	for i := range pages {
		switch p := &pages[i]; {
		case b.attribute(p):
		case p.wakes():
			q.Pages++
		default:
			q.Notices++
		}
	}
	for _, r := range b.results() {
		sheet.Attack(r)
	}
	sheet.Quiet("all", q)
	return sheet, nil
}

// length is the scenario's, or at least a day.
func length(doc *document) time.Duration {
	d, err := time.ParseDuration(doc.Parameters.Length)
	if err != nil || d < 24*time.Hour {
		d = 24 * time.Hour
	}
	return d
}

// maxLine bounds an object of the sensor.
const maxLine = 4 << 20

// readPages keeps the loudest alert of each incident, the first of that level.
func readPages(r io.Reader) ([]page, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var pages []page
	at := map[string]int{}
	for n := 1; lines.Scan(); n++ {
		var p page
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("read alerts: line %d is no JSON of tollwatch replay --json", n)
		}
		if p.Type != "alert" {
			continue
		}
		k, known := at[p.Incident]
		switch {
		case !known:
			at[p.Incident] = len(pages)
			pages = append(pages, p)
		case p.wakes() && !pages[k].wakes():
			pages[k] = p
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read alerts: %w", err)
	}
	return pages, nil
}

// board lays pages to attacks.
type board struct {
	doc    *document
	byCall map[string]string // Call-ID → attack
	found  map[string]*page  // first page of each attack
	calls  map[string][]*truth.Call
}

func newBoard(doc *document) *board {
	b := &board{doc: doc, byCall: map[string]string{}, found: map[string]*page{}, calls: map[string][]*truth.Call{}}
	for i := range doc.Calls {
		c := &doc.Calls[i]
		if c.Label == "" {
			continue
		}
		b.calls[c.Label] = append(b.calls[c.Label], c)
		for _, l := range c.Legs {
			b.byCall[l.CallID] = c.Label
		}
	}
	return b
}

// attribute says whether an alert is about an attack; one that wakes somebody
// is noted.
func (b *board) attribute(p *page) bool {
	label := ""
	for _, id := range p.CallIDs {
		if l, ok := b.byCall[id]; ok {
			label = l
		}
	}
	for i := range b.doc.Attacks {
		if a := &b.doc.Attacks[i]; label == "" && len(p.CallIDs) == 0 && concerns(a, p) {
			label = a.Label
		}
	}
	if label == "" {
		return false
	}
	if first := b.found[label]; p.wakes() && (first == nil || p.Time.Before(first.Time)) {
		b.found[label] = p
	}
	return true
}

// concerns says that an alert without calls names the attack's extension or
// address, while it went on or within the hour.
func concerns(a *truth.Attack, p *page) bool {
	since, until := a.Since, a.Until
	if since == nil {
		since, until = a.Start, a.End
	}
	if since == nil || p.Time.Before(*since) || p.Time.After(until.Add(time.Hour)) {
		return false
	}
	if a.Extension != "" && p.Extension == a.Extension {
		return true
	}
	source, err := netip.ParseAddrPort(p.Source)
	for _, s := range a.Sources {
		if err == nil && source.Addr().String() == s {
			return true
		}
	}
	return false
}

// results are those of all attacks, in the order of the truth.
func (b *board) results() []Result {
	var out []Result
	done := map[string]bool{}
	for i := range b.doc.Attacks {
		a := &b.doc.Attacks[i]
		if done[a.Label] {
			continue
		}
		done[a.Label] = true
		out = append(out, b.result(a.Label))
	}
	return out
}

// result follows the calls of an attack up to its first page.
func (b *board) result(label string) Result {
	attack := NewAttack(label, label)
	first := b.found[label]
	for i := range b.doc.Attacks {
		if a := &b.doc.Attacks[i]; a.Label == label && a.Since != nil && (first == nil || !a.Since.After(first.Time)) {
			attack.Sign(*a.Since, false)
		}
	}
	for _, c := range b.calls[label] {
		if first == nil || !c.Start.After(first.Time) {
			attack.Call(planned(c))
		}
	}
	if first != nil {
		attack.Page(first.Time)
	}
	return attack.Result()
}

// planned is a call as the plan had it, as far as the score needs it.
func planned(c *truth.Call) *plan.Call {
	p := &plan.Call{Start: c.Start, Number: c.Number, Preparation: c.Preparation}
	switch c.Direction {
	case plan.Outbound.String():
		p.Direction = plan.Outbound
	case plan.Inbound.String():
		p.Direction = plan.Inbound
	}
	if c.Answer != nil && !c.Forged {
		p.Outcome, p.AnswerAfter, p.Duration = plan.Answered, c.Answer.Sub(c.Start), time.Duration(c.Duration*float64(time.Second))
		if c.Onward != "" {
			p.Onward = &plan.Onward{Number: c.Onward, After: p.AnswerAfter, Duration: p.Duration}
		}
	}
	return p
}
