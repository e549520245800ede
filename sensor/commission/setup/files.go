package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"tollwatch/sensor"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
	"tollwatch/sensor/tariff"
)

// named are the problems of the files that a configuration names.
func named(e *config.Examined) (out config.Problems) {
	c := &e.Config
	read := func(key, path string, load func(string) error) {
		if path == "" || !e.Sound(key) {
			return
		}
		err := load(path)
		var inside config.Problems
		switch {
		case errors.As(err, &inside):
			out = append(out, inside...)
		case err != nil:
			out = append(out, e.Problem(key, err.Error()))
		}
	}
	read("tariff.file", c.Tariff.File, func(path string) error { _, err := tariff.Load(path); return err })
	read("hours.holidays_file", c.Hours.HolidaysFile, func(path string) error { _, err := sensor.LoadClosures(path); return err })
	read("hep.key_file", c.HEP.KeyFile, readSecret)
	read("influx.token_file", c.Influx.TokenFile, readSecret)
	read("privacy.key_file", c.Privacy.KeyFile, func(path string) error { _, err := sensor.ReadMaskKey(path); return err })
	read("webhook.secret_file", c.Webhook.SecretFile, readSecret)
	read("reconcile.folder", c.Reconcile.Folder, readFolder)
	return out
}

// longSecret is more than any key or token; it is not kept.
const longSecret = 64 << 10

func readSecret(path string) error {
	b, err := config.File{Name: "secret", Most: longSecret, Long: "longer than 64 KiB: this is no secret"}.Read(path)
	if err == nil && strings.TrimSpace(string(b)) == "" {
		err = fmt.Errorf("%s is empty: take the key out, or write the secret into the file", path)
	}
	clear(b)
	return err
}

func readFolder(path string) error {
	_, err := os.ReadDir(path)
	var reason *fs.PathError
	if errors.As(err, &reason) {
		return fmt.Errorf("read folder %s: %w", path, reason.Err)
	}
	return err
}

// unreadable has a line for each file that root reads now, and the service will not.
func unreadable(e *config.Examined) (s commission.Sheet) {
	service := serviceOf(e.Config.Store.Dir)
	if service == nil || !e.Sound("store.dir") {
		return nil
	}
	c := &e.Config
	for _, f := range []struct{ key, path string }{
		{"tariff.file", c.Tariff.File}, {"hours.holidays_file", c.Hours.HolidaysFile}, {"hep.key_file", c.HEP.KeyFile},
		{"influx.token_file", c.Influx.TokenFile}, {"privacy.key_file", c.Privacy.KeyFile}, {"webhook.secret_file", c.Webhook.SecretFile},
	} {
		if f.path == "" || !e.Sound(f.key) {
			continue
		}
		if found, advice := service.hindered(f.path); found != "" {
			s = append(s, commission.Check{Name: "configuration", Result: commission.Fail, Found: e.Problem(f.key, found).String(), Advice: advice})
		}
	}
	return s
}

// exposed has a line for each secret that every user of the machine may read.
func exposed(name, path, dir string) (s commission.Sheet) {
	const others = 0o007
	i, err := os.Stat(path)
	if err != nil || i.Mode().Perm()&others == 0 {
		return nil
	}
	c := commission.Check{Name: name, Result: commission.Warn, Found: path + " can be read by every user of this machine", Advice: "chmod o= " + path}
	if service := serviceOf(dir); service != nil {
		c.Advice = service.give(path) // which may read it as one of the others
	}
	return commission.Sheet{c}
}
