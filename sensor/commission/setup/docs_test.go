package setup

import (
	"os"
	"strings"
	"testing"

	"tollwatch/sensor/output/influx/influxtest"
)

// fenced are the blocks of a document in a language.
func fenced(t *testing.T, file, language string) (out []string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "```"+language+"\n")
	for ok {
		var block string
		block, rest, _ = strings.Cut(rest, "```")
		out = append(out, block)
		_, rest, ok = strings.Cut(rest, "```"+language+"\n")
	}
	return out
}

// TestTheDocumentWorks: what docs/influx.md says of InfluxDB 1.8 and of
// VictoriaMetrics is typed in as it stands, and check finds it well; the other
// snippets are sound.
func TestTheDocumentWorks(t *testing.T) {
	const document = "../../../docs/influx.md"
	statements, settings := fenced(t, document, "influxql"), fenced(t, document, "toml")
	if len(statements) != 1 || len(settings) != 4 {
		t.Fatalf("got %d and %d blocks", len(statements), len(settings))
	}
	server := influxtest.Influxd(t, influxtest.Login("admin", "secret"))
	for line := range strings.Lines(statements[0]) {
		server.InfluxQL(t, "", strings.TrimSpace(line))
	}
	base := "[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a\"\n"
	token := write(t, t.TempDir(), "influx.token", "box:change-me\n", 0o600)
	typed := func(snippet, url string) string {
		snippet = strings.ReplaceAll(snippet, "/etc/tollwatch/influx.token", token)
		for _, written := range []string{"http://influx.example.net:8086", "http://metrics.example.net:8428"} {
			snippet = strings.ReplaceAll(snippet, written, url)
		}
		return base + snippet
	}
	expect(t, check(t, t.TempDir(), typed(settings[0], server.URL)), "influx configuration",
		"pass configuration",
		"pass influx tollwatch a point was written in ",
		"pass influx tollwatch_alerts a point was written in ")
	for _, of2And3 := range settings[1:3] {
		s := checkWith(t, t.TempDir(), typed(of2And3, ""), Options{Offline: true})
		expect(t, s, "influx configuration", "pass configuration", "pass influx https://influx.example.net")
	}
	expect(t, check(t, t.TempDir(), typed(settings[3], influxtest.Victoria(t).URL)), "influx configuration",
		"pass configuration", "warn influx any a point was written in ")
}
