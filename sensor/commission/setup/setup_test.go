package setup

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
	"tollwatch/sensor/rights"
)

// check writes a configuration and checks it; DIR in it is a folder of the test.
func check(t *testing.T, dir, text string) commission.Sheet {
	t.Helper()
	return checkWith(t, dir, text, Options{Version: "test"})
}

func checkWith(t *testing.T, dir, text string, o Options) commission.Sheet {
	t.Helper()
	file := write(t, dir, "tollwatch.toml", strings.ReplaceAll(text, "DIR", dir), 0o600)
	e, err := config.Examine(file)
	if err != nil {
		t.Fatal(err)
	}
	return Check(t.Context(), e, o)
}

func write(t *testing.T, dir, name, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
	return file
}

// expect compares the lines of some names with what they begin with.
func expect(t *testing.T, s commission.Sheet, names string, want ...string) {
	t.Helper()
	var got []string
	for _, c := range s {
		if strings.Contains(names, c.Name) {
			got = append(got, strings.Join(strings.Fields(c.Result.String()+" "+c.Name+" "+c.Subject+" "+c.Found+"; "+c.Advice), " "))
		}
	}
	if len(got) != len(want) {
		t.Fatalf("got %d lines of %s, want %d:\n%s", len(got), names, len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got\n%s\nwant\n%s…", got[i], want[i])
		}
	}
}

// TestEveryProblemAtOnce: the file, the files that it names, its trunks, its
// interfaces and its folder are all wrong, and one reading tells it.
func TestEveryProblemAtOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "prices.csv", "prefix,price\n+33x,1\n44,-1\n", 0o600)
	write(t, dir, "holidays", "2026-12-24\nChristmas\n", 0o600)
	write(t, dir, "empty", " \n", 0o600)
	write(t, dir, "file", "no folder", 0o600)
	s := check(t, dir, `[site]
country = "Freedonia"
pbx = ["192.0.2.5"]
[capture]
interfaces = ["tw-none-1", "tw-none-2"]
[hep]
listen = "127.0.0.1:0"
key_file = "DIR/gone"
[influx]
url = "https://influx.example.net"
bucket = "b"
token_file = "DIR/empty"
[store]
dir = "DIR/file/store"
[reconcile]
folder = "DIR/bills"
[tariff]
file = "DIR/prices.csv"
[hours]
holidays_file = "DIR/holidays"
[[trunk]]
name = "a"
[[trunk]]
name = "b"
addresses = ["192.0.2.5"]
`)
	file := filepath.Join(dir, "tollwatch.toml")
	expect(t, s, "configuration trunk interface store",
		"fail configuration "+file+":2:11: site.country: \"Freedonia\" is no country",
		"fail configuration "+filepath.Join(dir, "prices.csv")+":",
		"fail configuration "+filepath.Join(dir, "prices.csv")+":",
		"fail configuration "+filepath.Join(dir, "holidays")+":2:1: \"Christmas\" is no date",
		"fail configuration "+file+":8:12: hep.key_file: read secret "+dir+"/gone: no such file",
		"fail configuration "+file+":12:14: influx.token_file: "+dir+"/empty is empty",
		"fail configuration "+file+":16:10: reconcile.folder: read folder "+dir+"/bills: no such file",
		"fail trunk a has neither addresses, domains nor users",
		"fail trunk b 192.0.2.5 is an address of the PBX too",
		"fail interface tw-none-1 no such interface; there are ",
		"fail interface tw-none-2 no such interface; there are ",
		"fail store "+dir+"/file/store cannot be written by this user: not a directory; chown",
	)
}

// TestSound: a configuration that would run passes, and what it lacks is told.
func TestSound(t *testing.T) {
	dir := t.TempDir()
	text := "[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a/b\"\n"
	s := check(t, dir, text)
	expect(t, s, "configuration store influx webhook",
		"pass configuration "+dir+"/tollwatch.toml: no problem",
		"pass store "+dir+"/a/b (will be made): can be written, ",
		"pass influx off",
		"warn webhook off, like influx: an incident is logged and kept, and wakes nobody; give the address",
	)
	if _, err := os.Stat(filepath.Join(dir, "a")); err == nil {
		t.Error("the folder was made: a check changes nothing")
	}
	secret := write(t, dir, "secret", "s", 0o644)
	s = check(t, dir, text+"[webhook]\nurl = \"http://127.0.0.1:9/x\"\nsecret_file = \"DIR/secret\"\n")
	expect(t, s, "webhook", "pass webhook http://127.0.0.1:9/x (not asked now)", "warn webhook "+secret+" can be read by every user")
}

// TestWhatTheSensorRefuses is found too, although no value of the file is wrong by
// itself: a country whose numbers nobody here can read, and more trunks than fit.
func TestWhatTheSensorRefuses(t *testing.T) {
	dir := t.TempDir()
	s := check(t, dir, "[site]\ncountry = \"BR\"\n[capture]\ninterfaces = [\"lo\"]\n")
	expect(t, s, "configuration", "fail configuration "+dir+"/tollwatch.toml:2:11: site.country: country \"BR\" has no numbering plan here")
	text := "[capture]\ninterfaces = [\"lo\"]\n"
	for n := range 17 {
		text += fmt.Sprintf("[[trunk]]\nname = \"operator-%d\"\n", n)
	}
	expect(t, check(t, t.TempDir(), text), "configuration", "fail configuration 17 trunks configured: at most 16")
}

// TestSomebodyElsesFolder: an installer is root, the sensor is not.
func TestSomebodyElsesFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("who is not root has no folder to give away")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if c := folder(dir); c.Result != commission.Pass || !strings.Contains(c.Found, "belongs to user 65534, as whom the sensor must run") {
		t.Errorf("got %+v, want it to pass, and as whom to run", c)
	}
}

func TestRights(t *testing.T) {
	for _, c := range []struct {
		held   rights.Set
		mode   string
		result commission.Result
		want   string
	}{
		{rights.Of(rights.NetRaw, rights.BPF, rights.Perfmon, rights.SysAdmin), "auto", commission.Pass, "held: CAP_NET_RAW CAP_PERFMON CAP_BPF; capture by ebpf"},
		{rights.Of(rights.NetRaw), "auto", commission.Warn, "held: CAP_NET_RAW; capture by afpacket (ebpf: needs CAP_PERFMON CAP_BPF)"},
		{rights.Of(rights.NetRaw), "afpacket", commission.Pass, "held: CAP_NET_RAW; capture by afpacket"},
		{0, "afpacket", commission.Fail, "held: none; no way to capture (afpacket: needs CAP_NET_RAW)"},
		{0, "auto", commission.Fail, "held: none; no way to capture (ebpf: needs "},
		{rights.Of(rights.NetRaw, rights.BPF), "ebpf", commission.Fail, "held: CAP_NET_RAW CAP_BPF; no way to capture (ebpf: needs CAP_PERFMON)"},
	} {
		host := capture.Host{Major: 6, Minor: 1, Bits: 64, Held: c.held}
		if got := judgeRights(&host, c.mode); got.Result != c.result || !strings.HasPrefix(got.Found, c.want) {
			t.Errorf("%s, %s: got %s, %s; want %s, %s", c.held, c.mode, got.Result, got.Found, c.result, c.want)
		}
	}
}

// TestWhatIsNoTOML has one line: nothing is told of the defaults, which are not meant.
func TestWhatIsNoTOML(t *testing.T) {
	dir := t.TempDir()
	s := check(t, dir, "[influx]\nurl = \"http://127.0.0.1:1\"\nbucket = tollwatch\n")
	expect(t, s, "configuration rights trunk interface store influx privacy webhook",
		"fail configuration "+dir+"/tollwatch.toml:3:10: tollwatch is neither a number, true nor false: text stands in quotation marks")
}
