package sensortest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tollwatch/sensor/livetest"
)

// TestReload: SIGHUP brings a price list and opening hours into force. A list that
// is broken is refused with its place, and so is a configuration; what a start
// alone can change is named. The sensor goes on.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	sensor := livetest.Tollwatch(t)
	listen, web := freePort(t), freePort(t)
	file, prices, said := filepath.Join(dir, "tollwatch.toml"), filepath.Join(dir, "tariff.csv"), filepath.Join(dir, "log")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	configure := func(site, more string) {
		write(file, fmt.Sprintf("[site]\nname = %q\n[capture]\ninterfaces = []\n[hep]\nlisten = %q\n[store]\ndir = %q\n[http]\nlisten = %q\n[tariff]\nfile = %q\n%s",
			site, listen, filepath.Join(dir, "store"), web, prices, more))
	}
	write(prices, "prefix;price\n33;0,01\n")
	configure("lyon", "")
	log, err := os.Create(said)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(sensor, "run", "--config", file)
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the sensor ended: %v", err)
		}
	})
	await(t, "the sensor to be ready", func() bool { return get("http://"+web+"/readyz") == "ok\n" })

	for _, c := range []struct {
		change func()
		want   string
	}{
		{func() { write(prices, "prefix;price\n33;0,01\n44;0,02\n") }, `msg="tariff and hours reloaded" prices=2`},
		{func() { write(prices, "prefix;price\n33;dear\n") }, `not reloaded, the old one stays in force" error="` + prices + `:2:4: price: `},
		{func() { write(prices, "prefix;price\n33;1\n"); configure("lyon", "[hours]\nopen = [\"lundi\"]\n") }, file + ":14:1: hours.open: "},
		{func() { configure("lille", "[hours]\nopen = [\"mon-fri 08:00-18:00\"]\n") }, `wait for the next start" sections=[site]`},
		{func() {}, `prices=1 caps=0 openings=1`},
	} {
		c.change()
		if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		await(t, c.want, func() bool {
			b, _ := os.ReadFile(said)
			return strings.Contains(string(b), c.want)
		})
	}
}
