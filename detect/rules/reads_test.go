package rules

import (
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write reads.go anew")

// TestReads holds reads.go to what the rules' functions look at, themselves and
// through the functions of this package that they call. It writes the file:
// go test ./detect/rules -run TestReads -update
func TestReads(t *testing.T) {
	functions := functions(t)
	var b strings.Builder
	b.WriteString("package rules\n\n// Reads names the fields of Inputs or of Signs that a rule looks at.\n")
	b.WriteString("func Reads(id string) []string { return reads[id] }\n\n// reads is written by TestReads.\nvar reads = map[string][]string{\n")
	list := func(id string, fields []string) {
		name, seen := camel(id), map[string]bool{}
		look(functions, name, seen)
		look(functions, name+"Text", seen)
		fmt.Fprintf(&b, "%q: {", id)
		for _, field := range fields { // in the order of the struct
			if seen["."+field] {
				fmt.Fprintf(&b, "%q, ", field)
			}
		}
		b.WriteString("},\n")
	}
	for _, r := range List() {
		list(r.ID, fieldsOf(reflect.TypeFor[Inputs]()))
	}
	for _, r := range SignList() {
		list(r.ID, fieldsOf(reflect.TypeFor[Signs]()))
	}
	b.WriteString("}\n")
	want, err := format.Source([]byte(strings.ReplaceAll(b.String(), ", }", "}")))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("reads.go", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("reads.go"); err != nil || string(got) != string(want) {
		t.Errorf("reads.go is not what the rules look at: run go test ./detect/rules -run TestReads -update (%v)", err)
	}
}

// functions are the functions and methods of the package, by name.
func functions(t *testing.T) map[string]*ast.FuncDecl {
	out := map[string]*ast.FuncDecl{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				out[f.Name.Name] = f
			}
		}
	}
	return out
}

// look notes every selector in a function, as .Name, and goes on into what it calls.
func look(functions map[string]*ast.FuncDecl, name string, seen map[string]bool) {
	f := functions[name]
	if f == nil || seen[name] {
		return
	}
	seen[name] = true
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "numbering" {
				return false // a class, not a field
			}
			seen["."+n.Sel.Name] = true
			look(functions, n.Sel.Name, seen)
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok {
				look(functions, f.Name, seen)
			}
		}
		return true
	})
}

func fieldsOf(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		out = append(out, t.Field(i).Name)
	}
	return out
}
