package scenario

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"tollwatch/sensor/lab/attack"
)

// Load returns the parameters of a named scenario, or of a file in TOML.
func Load(nameOrFile string) (Parameters, error) {
	if p, ok := Lookup(nameOrFile); ok {
		return p, nil
	}
	data, err := os.ReadFile(nameOrFile)
	if errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(nameOrFile, "./") {
		return Parameters{}, fmt.Errorf("scenario %q: there is no such name, nor such a file; the names: %s", nameOrFile, names())
	}
	if err != nil {
		return Parameters{}, fmt.Errorf("read scenario: %w", err)
	}
	return Parse(nameOrFile, data)
}

func names() string {
	var s []string
	for _, n := range Named() {
		s = append(s, n.Name)
	}
	return strings.Join(s, ", ")
}

// baseKey names the scenario that a file starts from.
const baseKey = "base"

// Parse reads a scenario file; the error is one line and begins with
// file:line:column. Keys that the file does not name keep the values of its
// base. The first [[attack]] of a file puts an end to the base's attacks.
func Parse(file string, data []byte) (Parameters, error) {
	var anything map[string]any
	if err := toml.Unmarshal(data, &anything); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, column := at.Position()
			return Parameters{}, fmt.Errorf("%s:%d:%d: %w", file, line, column, err)
		}
		return Parameters{}, fmt.Errorf("%s: %w", file, err)
	}
	r := reader{file: file, p: base(), at: map[place]unstable.Position{}}
	r.p.Name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if err := r.read(data); err != nil {
		return Parameters{}, err
	}
	if f := r.p.check(); f != nil {
		return Parameters{}, r.fault(r.at[f.place], f.key, f.text)
	}
	return r.p, nil
}

// place is where a key was set: attacks are counted.
type place struct {
	key    string
	attack int
}

type reader struct {
	file    string
	parser  unstable.Parser
	p       Parameters
	section string
	own     bool // the file has attacks of its own
	any     bool // a key was read
	at      map[place]unstable.Position
}

func (r *reader) read(data []byte) error {
	r.parser.Reset(data)
	for r.parser.NextExpression() {
		e := r.parser.Expression()
		var err error
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			err = r.enter(e)
		case unstable.KeyValue:
			err = r.keyValue(e)
		}
		if err != nil {
			return err
		}
	}
	return r.parser.Error()
}

func (r *reader) fault(at unstable.Position, key, text string) error {
	if at.Line == 0 {
		return fmt.Errorf("%s: %s: %s", r.file, key, text)
	}
	return fmt.Errorf("%s:%d:%d: %s: %s", r.file, at.Line, at.Column, key, text)
}

func (r *reader) enter(e *unstable.Node) error {
	name, at := r.key(e)
	switch {
	case name == honestSection && e.Kind == unstable.Table:
	case name == attackSection && e.Kind == unstable.ArrayTable:
		r.newAttack()
	default:
		return r.fault(at, name, "unknown section: there are [honest] and [[attack]]")
	}
	r.section = name + "."
	return nil
}

func (r *reader) newAttack() {
	if !r.own {
		r.own, r.p.Attacks = true, nil
	}
	r.p.Attacks = append(r.p.Attacks, attack.Court("court-a", 0))
}

func (r *reader) keyValue(e *unstable.Node) error {
	name, at := r.key(e)
	name = r.section + name
	v := e.Value()
	if name == baseKey {
		return r.base(v, at)
	}
	r.any = true
	k, ok := findKey(name)
	if !ok || k.OfAttack() && !r.own {
		return r.fault(at, name, unknown(name))
	}
	var a *attack.Attack
	if r.own {
		a = &r.p.Attacks[len(r.p.Attacks)-1]
	}
	r.at[place{name, max(len(r.p.Attacks)-1, 0)}] = at
	k.given(a)
	target := k.of(&r.p, a)
	text, ok := nodeText(v, target)
	if !ok {
		return r.fault(at, name, "wrong type: want "+wanted(target))
	}
	if err := k.set(target, text); err != nil {
		return r.fault(at, name, err.Error())
	}
	return nil
}

func (r *reader) base(v *unstable.Node, at unstable.Position) error {
	p, ok := Lookup(string(v.Data))
	if !ok || v.Kind != unstable.String {
		return r.fault(at, baseKey, "want one of "+names())
	}
	if r.any || r.section != "" {
		return r.fault(at, baseKey, "must be the first key")
	}
	p.Name = r.p.Name
	r.p = p
	return nil
}

// key joins a dotted key and tells where it begins.
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

func unknown(name string) string {
	section := ""
	if s, _, ok := strings.Cut(name, "."); ok {
		section = s
	}
	var known []string
	for _, k := range Keys() {
		if k.section() == section {
			known = append(known, strings.TrimPrefix(k.Name, section+"."))
		}
	}
	if known == nil {
		return "unknown section: there are [honest] and [[attack]]"
	}
	return "unknown key: there are " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
}
