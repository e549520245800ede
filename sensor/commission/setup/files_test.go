package setup

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAPathThatIsNotAbsolute is found in a shell, and not by a service.
func TestAPathThatIsNotAbsolute(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "token", "box:boxed", 0o600)
	write(t, dir, "secret", "s", 0o600)
	s := checkWith(t, dir, "[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a\"\n[influx]\nurl = \"http://127.0.0.1:1\"\nbucket = \"b\"\ntoken_file = \"token\"\n"+
		"[webhook]\nurl = \"http://127.0.0.1:9\"\nsecret_file = \"./secret\"\n", Options{Offline: true})
	file := filepath.Join(dir, "tollwatch.toml")
	expect(t, s, "configuration",
		"warn configuration "+file+":8:14: influx.token_file: token is looked for in the working directory, which is / where a service runs; write \""+here+"/token\"",
		"warn configuration "+file+":11:15: webhook.secret_file: ./secret is looked for in the working directory, which is / where a service runs; write \""+here+"/secret\"",
		"pass configuration "+file)
}

// TestATokenWithSomethingAroundIt: an editor's mark, and quotation marks; the token
// itself is not printed.
func TestATokenWithSomethingAroundIt(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"box:boxed\n":        "",
		"\ufeffbox:boxed\n":  " begins with a byte order mark, which counts as a part of the token; write the token alone",
		"\"box:boxed\"\n":    " has quotation marks around the token, which count as a part of it; write the token alone",
		"“box:boxed”":        " has quotation marks around the token",
		"box:it's\"quoted\"": "",
	} {
		file := write(t, dir, "token", text, 0o600)
		s := checkWith(t, dir, "[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a\"\n[influx]\nurl = \"http://127.0.0.1:1\"\nbucket = \"b\"\ntoken_file = \""+file+"\"\n", Options{Offline: true})
		lines := []string{"pass configuration "}
		if want != "" {
			lines = []string{"warn configuration " + dir + "/tollwatch.toml:8:14: influx.token_file: " + file + want, lines[0]}
		}
		expect(t, s, "configuration", lines...)
	}
}
