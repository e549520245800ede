package sensor

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"tollwatch/sensor/config"
	"tollwatch/sensor/output/mask"
	"tollwatch/sensor/output/points"
	"tollwatch/sensor/store"
)

// maskKeyState is the name under which the store keeps the key of hashes that was
// made for a site that has none in a file.
const maskKeyState = "mask_key"

// ReadMaskKey reads the key that the sensors of one site share.
func ReadMaskKey(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the key of [privacy] key_file: %w", err)
	}
	if b = bytes.TrimSpace(b); len(b) < mask.KeyBytes {
		return nil, fmt.Errorf("read the key of [privacy] key_file: %s has %d bytes, want %d at least: head -c 24 /dev/urandom | base64 > %s",
			file, len(b), mask.KeyBytes, file)
	}
	return b, nil
}

// identify is what the points of a sensor have in common. The store may be nil:
// hashes then agree within one run alone, where no file has the key.
func identify(cfg config.Config, sensor string, s *store.Store) (points.Identity, error) {
	id := points.Identity{Site: SiteName(cfg), Customer: cfg.Site.Customer, Sensor: sensor, View: cfg.Site.View, Primary: cfg.Site.Primary}
	var err error
	if id.Mask, err = mask.Parse(cfg.Privacy.Mask); err != nil || id.Mask != mask.Hashed {
		return id, err
	}
	switch {
	case cfg.Privacy.KeyFile != "":
		id.Key, err = ReadMaskKey(cfg.Privacy.KeyFile)
	case s != nil:
		id.Key, err = ownMaskKey(s)
	}
	return id, err
}

// ownMaskKey is made once.
func ownMaskKey(s *store.Store) ([]byte, error) {
	key, err := s.LoadState(maskKeyState)
	if err != nil || len(key) >= mask.KeyBytes {
		return key, err
	}
	key = make([]byte, 2*mask.KeyBytes)
	rand.Read(key) // never fails
	return key, errors.Join(s.SaveState(maskKeyState, key), s.Commit())
}
