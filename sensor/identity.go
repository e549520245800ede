package sensor

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"os"

	"tollwatch/sensor/store"
)

// identityState is the name under which the store keeps the random half of a
// sensor's identity.
const identityState = "identity"

// identity is a short name of this sensor: a hash of the machine's id and of a
// random id that was made at its first start, so that two boxes cloned from
// one image differ once either has a store of its own.
func identity(s *store.Store) (string, error) {
	own, err := s.LoadState(identityState)
	if err != nil {
		return "", err
	}
	if len(own) == 0 {
		own = make([]byte, 16)
		rand.Read(own) // never fails
		if err := s.SaveState(identityState, own); err != nil {
			return "", err
		}
		if err := s.Commit(); err != nil {
			return "", err
		}
	}
	machine, _ := os.ReadFile("/etc/machine-id") // a container may have none
	sum := sha256.Sum256(append(machine, own...))
	return hex.EncodeToString(sum[:4]), nil
}
