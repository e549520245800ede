package alertrules

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const packaging = "../../../packaging"

// TestCommitted: what is committed is what is generated.
func TestCommitted(t *testing.T) {
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(packaging, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("packaging/%s is not what the code says: make generate", name)
		}
	}
}

// TestProvisioning: the files by hand name what the rules name.
func TestProvisioning(t *testing.T) {
	for server, source := range dataSource {
		for want, name := range map[string]string{
			"uid: " + source.uid + " ": "datasources/tollwatch.yaml", "uid: " + source.alerts + " ": "datasources/tollwatch.yaml",
			"name: tollwatch\n": "alerting/tollwatch-contact.yaml",
		} {
			text, err := os.ReadFile(filepath.Join(packaging, "grafana/provisioning", server, name))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), want) || strings.Contains(string(text), "\t") {
				t.Errorf("%s/%s has no %q", server, name, want)
			}
		}
		text, err := YAML(grafana(server))
		if err != nil || strings.Count(string(text), `receiver: "tollwatch"`) != len(rules()) || !strings.Contains(string(text), `datasourceUid: "`+source.uid+`"`) {
			t.Errorf("%s: rules that name no receiver or no data source: %v", server, err)
		}
	}
}

// TestNames: uids and names are unique, and within what Grafana takes.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules() {
		for _, name := range []string{r.uid, r.title, r.metric} {
			if name == "" || seen[name] || len(r.uid) > 40 {
				t.Errorf("%q is empty, long or there twice", name)
			}
			seen[name] = true
		}
		if len(r.advice) < 40 || r.summary == "" || len(r.asks) == 0 || r.metrics == "" {
			t.Errorf("%s says too little", r.title)
		}
	}
}

func TestYAML(t *testing.T) {
	got, err := YAML(map[string]any{"a": []any{1, "x: \"y\"", map[string]any{"b": true, "c": []int{}}}, "d": "two\nlines", "e": map[string]any{"f": nil, "g": "<&>"}})
	want := `a:
  - 1
  - "x: \"y\""
  - b: true
    c: []
d: |-
  two
  lines
e:
  f: null
  g: "<&>"
`
	if err != nil || string(got) != want {
		t.Errorf("got\n%s%v, want\n%s", got, err, want)
	}
}
