package config

import (
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// reader walks the expressions of a file and sets each key by the table of
// keys, so that every problem has a place and none hides another.
type reader struct {
	file     string
	parser   unstable.Parser
	config   Config
	section  string                       // that the keys belong to
	skip     bool                         // the section is not known: its keys are not told one by one
	at       map[string]unstable.Position // of the values; of a key that is there more than once, the last
	trunkAt  []unstable.Position          // of each trunk
	capAt    []unstable.Position          // of each cap
	problems Problems
}

// The sections that are lists.
const (
	trunkSection = "trunk"
	capSection   = "tariff.cap"
)

func isList(section string) bool { return section == trunkSection || section == capSection }

func (r *reader) read(data []byte) {
	r.parser.Reset(data)
	for r.parser.NextExpression() {
		e := r.parser.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			r.enter(e)
		case unstable.KeyValue:
			if !r.skip {
				r.keyValue(r.section, e)
			}
		}
	}
}

// enter begins the section of a header.
func (r *reader) enter(e *unstable.Node) {
	name, at := r.key(e)
	list := e.Kind == unstable.ArrayTable
	r.section, r.skip = name, true
	switch {
	case !slices.Contains(sections, name):
		r.problem(at, "["+name+"]", "unknown section: "+meant(name, sections)+"there are "+strings.Join(sections, ", "))
	case list && !isList(name):
		r.problem(at, "[["+name+"]]", "there is one of it: write ["+name+"]")
	case !list && isList(name):
		r.problem(at, "["+name+"]", "there may be several: write [["+name+"]]")
	default:
		r.skip = false
		r.begin(name, at)
	}
}

func (r *reader) begin(section string, at unstable.Position) {
	switch section {
	case trunkSection:
		r.config.Trunks = append(r.config.Trunks, Trunk{})
		r.trunkAt = append(r.trunkAt, at)
	case capSection:
		r.config.Tariff.Caps = append(r.config.Tariff.Caps, Cap{})
		r.capAt = append(r.capAt, at)
	}
}

// keyValue sets one key, which may be dotted or an inline table.
func (r *reader) keyValue(section string, e *unstable.Node) {
	name, at := r.key(e)
	if section != "" {
		name = section + "." + name
	}
	v := e.Value()
	if v.Kind == unstable.InlineTable {
		r.inline(name, v, at)
		return
	}
	if v.Kind == unstable.Array && isList(name) {
		for it := v.Children(); it.Next(); {
			r.inline(name, it.Node(), at)
		}
		return
	}
	r.set(name, v, at)
}

func (r *reader) inline(section string, v *unstable.Node, at unstable.Position) {
	r.begin(section, at)
	for it := v.Children(); it.Next(); {
		r.keyValue(section, it.Node())
	}
}

func (r *reader) set(name string, v *unstable.Node, at unstable.Position) {
	set, ok := keys[name]
	if !ok || r.listless(name) {
		r.problem(at, name, unknownKey(name))
		return
	}
	if v.Raw.Length > 0 {
		at = r.parser.Shape(v.Raw).Start
	}
	r.at[name] = at
	if text := set(&r.config, v); text != "" {
		r.problem(at, name, text)
	}
}

// listless says that the key is of a list that has not begun.
func (r *reader) listless(key string) bool {
	return strings.HasPrefix(key, trunkSection+".") && len(r.trunkAt) == 0 || strings.HasPrefix(key, capSection+".") && len(r.capAt) == 0
}

// unknownKey lists what the section knows.
func unknownKey(name string) string {
	section, own := split(name)
	var known []string
	for key := range keys {
		if s, k := split(key); s == section {
			known = append(known, k)
		}
	}
	if known == nil {
		return "unknown key: it must stand in a section, " + strings.Join(sections, ", ")
	}
	slices.Sort(known)
	return "unknown key: " + meant(own, known) + "[" + section + "] knows " + strings.Join(known, ", ")
}

// split parts a key into its section and its own name.
func split(key string) (section, own string) {
	i := max(strings.LastIndexByte(key, '.'), 0)
	return key[:i], strings.TrimPrefix(key[i:], ".")
}

// key is the dotted key of an expression and its place.
func (r *reader) key(e *unstable.Node) (string, unstable.Position) {
	var parts []string
	var at unstable.Position
	for it := e.Key(); it.Next(); {
		if parts == nil {
			at = r.parser.Shape(it.Node().Raw).Start
		}
		parts = append(parts, string(it.Node().Data))
	}
	return strings.Join(parts, "."), at
}

func (r *reader) problem(at unstable.Position, key, text string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: at.Line, Column: at.Column, Key: key, Text: text})
}

// crossCheck finds what is wrong only together.
func (r *reader) crossCheck() {
	in := r.config.Influx
	if in.URL != "" && in.Bucket == "" {
		r.problem(r.at["influx.url"], "influx.bucket", "missing: points need a bucket (a database, in InfluxDB 1)")
	}
	if len(r.config.Capture.Interfaces) == 0 && r.config.HEP.Listen == "" {
		r.problem(r.at["capture.interfaces"], "capture.interfaces", "an empty list names nothing: only with [hep] listen may there be no interface")
	}
	seen := map[string]bool{}
	for i, t := range r.config.Trunks {
		if t.Name == "" || seen[t.Name] {
			r.problem(r.trunkAt[i], "trunk.name", "each trunk needs a name of its own")
		}
		seen[t.Name] = true
	}
	r.checkCaps()
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
}

func (r *reader) checkCaps() {
	seen := map[string]bool{}
	for i, c := range r.config.Tariff.Caps {
		switch {
		case c.Class == "":
			r.problem(r.capAt[i], "tariff.cap.class", "missing: one of "+strings.Join(capClasses, ", "))
		case seen[c.Class]:
			r.problem(r.capAt[i], "tariff.cap.class", c.Class+" has a cap already: there is one for each class")
		case !c.limits():
			r.problem(r.capAt[i], "tariff.cap", "limits nothing: give per_call, per_hour, per_day, per_month or calls_at_once")
		}
		seen[c.Class] = true
	}
}
