package setup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nobody owns no file and is in no group of the test's.
const nobody = 65534

// asRoot is for what only root may do.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("who is not root cannot give files away: run this as root")
	}
	t.Skip("who is not root cannot give files away")
}

// given is a folder or file of a user and a group.
func given(t *testing.T, path string, uid, gid int, mode os.FileMode) {
	t.Helper()
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// openFolder is one that every user may enter: that of a test has a closed one above.
func openFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	given(t, filepath.Dir(dir), 0, 0, 0o755)
	return dir
}

// TestRootReadsWhatTheServiceMayNot: an installer is root, and the token that it
// wrote is root's alone; check says so of each file, and what to do.
func TestRootReadsWhatTheServiceMayNot(t *testing.T) {
	asRoot(t)
	dir := openFolder(t)
	given(t, dir, nobody, nobody, 0o755)
	for _, name := range []string{"token", "secret", "mask", "agents"} {
		write(t, dir, name, "0123456789abcdef", 0o600)
	}
	text := `[capture]
interfaces = ["lo"]
[hep]
listen = "127.0.0.1:9060"
key_file = "DIR/agents"
[influx]
url = "http://127.0.0.1:1"
bucket = "b"
token_file = "DIR/token"
[privacy]
mask = "hashed"
key_file = "DIR/mask"
[webhook]
url = "http://127.0.0.1:9/x"
secret_file = "DIR/secret"
[store]
dir = "DIR"
`
	s := checkWith(t, dir, text, Options{Offline: true})
	file := dir + "/tollwatch.toml"
	service := serviceOf(dir)
	line := func(place, key, name string) string {
		path := dir + "/" + name
		return "fail configuration " + file + ":" + place + ": " + key + ": the sensor's user " + service.name + " may not read " + path +
			"; chgrp " + service.group + " " + path + "; chmod 640 " + path
	}
	expect(t, s, "configuration", line("5:12", "hep.key_file", "agents"), line("9:14", "influx.token_file", "token"),
		line("12:12", "privacy.key_file", "mask"), line("15:15", "webhook.secret_file", "secret"))
	for _, name := range []string{"token", "secret", "mask", "agents"} {
		given(t, filepath.Join(dir, name), 0, nobody, 0o640) // as it was told
	}
	expect(t, checkWith(t, dir, text, Options{Offline: true}), "configuration", "pass configuration "+file)

	given(t, filepath.Join(dir, "token"), 0, 0, 0o644)
	expect(t, checkWith(t, dir, text, Options{Offline: true}), "influx", "pass influx http://127.0.0.1:1",
		"warn influx "+dir+"/token can be read by every user of this machine; chgrp "+service.group+" "+dir+"/token; chmod 640 ")
}

// TestTheWayToAFile: owner, group and others each by their own bits, a folder that
// cannot be entered, a link, and what has no way at all.
func TestTheWayToAFile(t *testing.T) {
	asRoot(t)
	dir := openFolder(t)
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	file, inside := write(t, dir, "file", "x", 0o600), write(t, closed, "inside", "x", 0o644)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(inside, link); err != nil {
		t.Fatal(err)
	}
	s := &service{name: "box", group: "box", uid: 4001, groups: []uint32{4001, 4002}}
	for _, c := range []struct {
		uid, gid int
		mode     os.FileMode
		want     string
	}{
		{0, 0, 0o600, "may not read"},
		{0, 0, 0o644, ""},
		{4001, 0, 0o400, ""},
		{4001, 0, 0o044, "may not read"}, // the owner's bits alone count
		{0, 4001, 0o640, ""},
		{0, 4002, 0o640, ""}, // of a group that it has besides
		{0, 4002, 0o604, "may not read"},
		{0, 4003, 0o640, "may not read"},
	} {
		given(t, file, c.uid, c.gid, c.mode)
		if got, advice := s.hindered(file); !strings.Contains(got, c.want) || (got == "") != (c.want == "") || (advice == "") != (c.want == "") {
			t.Errorf("%d:%d %o: got %q, %q; want %q", c.uid, c.gid, c.mode, got, advice, c.want)
		}
	}
	for _, path := range []string{inside, link} {
		if got, advice := s.hindered(path); got != "the sensor's user box may not enter "+closed || !strings.Contains(advice, "chmod o+x "+closed) {
			t.Errorf("%s: got %q, %q; want the closed folder", path, got, advice)
		}
	}
	if got, _ := s.hindered(filepath.Join(dir, "absent")); got != "" {
		t.Errorf("got %q of a file that is not there: that is told elsewhere", got)
	}
	if s := serviceOf(dir); s != nil && s.name != account {
		t.Errorf("got %+v of root's own folder, want nobody else than the package's user", s)
	}
}
