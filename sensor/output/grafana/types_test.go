package grafana

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// plainTS is a type with the values of its enumerations for the enumerations, as JSON
// has them.
const plainTS = `
type Plain<T> = T extends string ? ` + "`${T}`" + ` : T extends number ? (` + "`${T}` extends `${infer N extends number}`" + ` ? N : T)
  : T extends (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
`

// composable is where the types of a kind of panel are.
var composable = map[kind]string{kindStat: "stat/panelcfg/x/StatPanelCfg", kindGraph: "timeseries/panelcfg/x/TimeSeriesPanelCfg",
	kindTable: "table/panelcfg/x/TablePanelCfg", kindText: "text/panelcfg/x/TextPanelCfg"}

// TestTypes: Grafana's own types fit every dashboard, the options of every panel and
// the look of its values; a name that they have not is an error.
func TestTypes(t *testing.T) {
	if said := compiler(t)(typescript(t)); said != "" {
		t.Error(said)
	}
}

// wrong is what the compiler must find, or the check is worth nothing.
const wrong = `
// @ts-expect-error
export const e1: Plain<stat.Options>["colorMode"] = 5;
// @ts-expect-error
export const e2: Plain<Dashboard> = { schemaVersion: 42, panels: [{ type: "stat", fieldConfig: { defaults: { color: { mode: "pink" } }, overrides: [] } }] };
// @ts-expect-error
export const e3: Plain<text.Options> = { content: "", mode: "markdown", shine: true };
`

// typescript is a program that is right if the types fit.
func typescript(t *testing.T) string {
	var b strings.Builder
	b.WriteString("import type { Dashboard } from '@grafana/schema';\n")
	for k, path := range composable {
		fmt.Fprintf(&b, "import type * as %s from '@grafana/schema/dist/esm/raw/composable/%s_types.gen';\n", k, path)
	}
	b.WriteString(plainTS + wrong)
	n := 0
	declare := func(typ string, v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		n++
		fmt.Fprintf(&b, "export const v%d: Plain<%s> = %s;\n", n, typ, text)
	}
	for _, l := range []Language{InfluxQL, MetricsQL} {
		for _, board := range boards() {
			d := board.in(l)
			declare("Dashboard", d)
			for _, p := range d.Panels {
				declare(p.Type+".Options", p.Options)
				if p.FieldConfig.Defaults.Custom != nil {
					declare(p.Type+".FieldConfig", p.FieldConfig.Defaults.Custom)
				}
			}
		}
	}
	return b.String()
}

const tsconfig = `{"compilerOptions": {"strict": true, "noEmit": true, "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "skipLibCheck": true, "types": []}, "files": ["dashboards.ts"]}`

// compiler says what is wrong with a program, or nothing.
func compiler(t *testing.T) func(string) string {
	t.Helper()
	node, modules := node(t)
	dir := t.TempDir()
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return func(program string) string {
		for name, text := range map[string]string{"dashboards.ts": program, "tsconfig.json": tsconfig} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		out, err := exec.Command(node, filepath.Join(modules, "typescript", "lib", "tsc.js"), "-p", dir).CombinedOutput()
		if err != nil && len(out) == 0 {
			t.Fatal(err)
		}
		return string(out)
	}
}
