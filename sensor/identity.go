package sensor

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"

	"tollwatch/sensor/store"
)

// The names under which the store keeps the random half of a sensor's identity,
// and the network cards beside which it was made.
const (
	identityState = "identity"
	cardsState    = "identity_cards"
)

// identity is a short name of this sensor: a hash of the machine's id and of a
// random id that was made at its first start. Two boxes that were cloned from
// one image after that start have both in common; so a random id counts only
// beside one of the network cards that it was last used with. A box without a
// card, a container, keeps what it has.
func identity(s *store.Store, cards []net.HardwareAddr, log *slog.Logger) (string, error) {
	own, err := s.LoadState(identityState)
	if err != nil {
		return "", err
	}
	known, err := loadCards(s)
	if err != nil {
		log.Error("network cards of the identity not known: those of now are taken", "error", err)
	}
	here := hashCards(own, cards)
	elsewhere := len(known) > 0 && len(here) > 0 && !slices.ContainsFunc(here, func(c string) bool { return slices.Contains(known, c) })
	if len(own) > 0 && !elsewhere {
		return shortID(own), keepIdentity(s, own, here)
	}
	before := own
	own = make([]byte, 16)
	rand.Read(own) // never fails
	if elsewhere {
		log.Warn("none of the network cards of this sensor's first start is there: this is another machine, and another sensor from now on",
			"sensor", shortID(own), "before", shortID(before))
	}
	return shortID(own), keepIdentity(s, own, hashCards(own, cards))
}

func shortID(own []byte) string {
	machine, _ := os.ReadFile("/etc/machine-id") // a container may have none
	sum := sha256.Sum256(append(machine, own...))
	return hex.EncodeToString(sum[:4])
}

// hashCards are the addresses as they are kept: nobody can read them in the
// store, and nobody can compare two stores by them.
func hashCards(own []byte, cards []net.HardwareAddr) (out []string) {
	for _, c := range cards {
		sum := sha256.Sum256(slices.Concat(own, c))
		out = append(out, hex.EncodeToString(sum[:8]))
	}
	return out
}

func loadCards(s *store.Store) (known []string, err error) {
	b, err := s.LoadState(cardsState)
	if err != nil || len(b) == 0 {
		return nil, err
	}
	return known, json.Unmarshal(b, &known)
}

// keepIdentity keeps the cards of now: where one of several was replaced, its
// successor counts from the next start on. A start at which none is seen
// forgets none.
func keepIdentity(s *store.Store, own []byte, here []string) error {
	err := s.SaveState(identityState, own)
	if len(here) > 0 {
		b, _ := json.Marshal(here) // strings
		err = errors.Join(err, s.SaveState(cardsState, b))
	}
	if err = errors.Join(err, s.Commit()); err != nil {
		return fmt.Errorf("keep the sensor's identity: %w", err)
	}
	return nil
}
