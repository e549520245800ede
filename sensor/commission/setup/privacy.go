package setup

import (
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
)

// leaving is what each mask lets out, for a person.
var leaving = map[string]string{
	"full":       "numbers, addresses and users go to InfluxDB as they are",
	"hide_last4": "public numbers go to InfluxDB without their last four digits, extensions and addresses as they are",
	"hashed":     "numbers, addresses and users go to InfluxDB as hashes",
	"none":       "no number, address or user goes to InfluxDB",
}

// privacy says what leaves, where anything does.
func privacy(e *config.Examined) commission.Sheet {
	c := &e.Config
	if c.Influx.URL == "" || !e.Sound("privacy.mask") || !e.Sound("privacy.key_file") {
		return nil
	}
	line := commission.Check{Name: "privacy", Subject: c.Privacy.Mask, Result: commission.Pass, Found: leaving[c.Privacy.Mask]}
	if c.Privacy.Mask != "hashed" {
		return commission.Sheet{line}
	}
	if c.Privacy.KeyFile == "" {
		line.Found += ", with a key of this sensor's own: those of another sensor at the site are others"
		return commission.Sheet{line}
	}
	return append(commission.Sheet{line}, exposed("privacy", c.Privacy.KeyFile, c.Store.Dir)...)
}
