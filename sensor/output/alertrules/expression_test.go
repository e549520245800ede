package alertrules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// evaluate reckons an expression of Grafana's math, as far as rules use it: its
// operators bind as Go's do.
func evaluate(t *testing.T, text string, values map[string]float64) float64 {
	t.Helper()
	e, err := parser.ParseExpr(strings.ReplaceAll(text, "$", ""))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return reckon(t, e, values)
}

func reckon(t *testing.T, e ast.Expr, values map[string]float64) float64 {
	t.Helper()
	switch e := e.(type) {
	case *ast.ParenExpr:
		return reckon(t, e.X, values)
	case *ast.BasicLit:
		x, err := strconv.ParseFloat(e.Value, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	case *ast.Ident:
		x, ok := values[e.Name]
		if !ok {
			t.Fatalf("no value of %s", e.Name)
		}
		return x
	case *ast.BinaryExpr:
		return operate(t, e.Op, reckon(t, e.X, values), reckon(t, e.Y, values))
	}
	t.Fatalf("%T is no part of a rule", e)
	return 0
}

func operate(t *testing.T, op token.Token, x, y float64) float64 {
	t.Helper()
	truth := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	switch op {
	case token.ADD:
		return x + y
	case token.MUL:
		return x * y
	case token.GTR:
		return truth(x > y)
	case token.GEQ:
		return truth(x >= y)
	case token.LSS:
		return truth(x < y)
	case token.LAND:
		return truth(x != 0 && y != 0)
	case token.LOR:
		return truth(x != 0 || y != 0)
	}
	t.Fatalf("operator %s", op)
	return 0
}

func TestEvaluate(t *testing.T) {
	values := map[string]float64{"A": 1, "B": 4, "C": 10}
	for text, want := range map[string]float64{
		"$A > 0 && ($B < 3 || $B < 0.3 * $C)": 0, "$A > 0 && ($B < 3 || $B < 0.5 * $C)": 1, "$A + $B > 5": 0, "$A + $B >= 5": 1,
	} {
		if got := evaluate(t, text, values); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
