package setup

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"tollwatch/sensor"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
	"tollwatch/sensor/tariff"
)

// file is one that a configuration names.
type file struct {
	key, path string
	load      func(path string) error
}

// files are those whose keys are well formed.
func files(e *config.Examined) (out []file) {
	c := &e.Config
	for _, f := range [...]file{
		{"tariff.file", c.Tariff.File, func(path string) error { _, err := tariff.Load(path); return err }},
		{"hours.holidays_file", c.Hours.HolidaysFile, func(path string) error { _, err := sensor.LoadClosures(path); return err }},
		{"hep.key_file", c.HEP.KeyFile, readSecret},
		{"influx.token_file", c.Influx.TokenFile, readSecret},
		{"privacy.key_file", c.Privacy.KeyFile, func(path string) error { _, err := sensor.ReadMaskKey(path); return err }},
		{"webhook.secret_file", c.Webhook.SecretFile, readSecret},
	} {
		if f.path != "" && e.Sound(f.key) {
			out = append(out, f)
		}
	}
	return out
}

// named are the problems of the files that a configuration names, and of its folder.
func named(e *config.Examined) (out config.Problems) {
	all := files(e)
	if folder := e.Config.Reconcile.Folder; folder != "" && e.Sound("reconcile.folder") {
		all = append(all, file{"reconcile.folder", folder, readFolder})
	}
	for _, f := range all {
		err := f.load(f.path)
		var inside config.Problems
		switch {
		case errors.As(err, &inside):
			out = append(out, inside...)
		case err != nil:
			out = append(out, e.Problem(f.key, err.Error()))
		}
	}
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
	for _, f := range files(e) {
		if found, advice := service.hindered(f.path); found != "" {
			s = append(s, commission.Check{Name: "configuration", Result: commission.Fail, Found: e.Problem(f.key, found).String(), Advice: advice})
		}
	}
	return s
}

// relative has a line for each file whose path begins where the shell of who checks
// happens to be.
func relative(e *config.Examined) (s commission.Sheet) {
	for _, f := range files(e) {
		whole, err := filepath.Abs(f.path)
		if filepath.IsAbs(f.path) || err != nil {
			continue
		}
		s = append(s, commission.Check{Name: "configuration", Result: commission.Warn,
			Found:  e.Problem(f.key, f.path+" is looked for in the working directory, which is / where a service runs").String(),
			Advice: fmt.Sprintf("write %q", whole)})
	}
	return s
}

// token has a line for a token with what editors and shells put around it. The server
// would take it for a part of the token, and say that it knows none such.
func token(e *config.Examined) commission.Sheet {
	path := e.Config.Influx.TokenFile
	if path == "" || !e.Sound("influx.token_file") {
		return nil
	}
	b, err := config.File{Name: "token", Most: longSecret}.Read(path)
	defer clear(b)
	const mark = "\ufeff"
	text := bytes.TrimSpace(b)
	first, _ := utf8.DecodeRune(text)
	odd := ""
	switch {
	case err != nil || len(text) == 0:
	case bytes.HasPrefix(text, []byte(mark)):
		odd = "begins with a byte order mark, which counts as a part of the token"
	case strings.ContainsRune("\"'“”„", first):
		odd = "has quotation marks around the token, which count as a part of it"
	}
	if odd == "" {
		return nil
	}
	return commission.Sheet{{Name: "configuration", Result: commission.Warn, Found: e.Problem("influx.token_file", path+" "+odd).String(),
		Advice: "write the token alone into the file"}}
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
