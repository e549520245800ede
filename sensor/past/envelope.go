package past

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Envelope is what a sensor has learned, as a file.
type Envelope struct {
	Type    string    `json:"type"` // state
	Site    string    `json:"site"`
	Saved   time.Time `json:"saved"`
	Learned []byte    `json:"learned"` // as the engine writes it
	SHA256  string    `json:"sha256"`  // of Learned, hex
}

const envelopeType = "state"

// Seal makes the file of what was learned.
func Seal(site string, now time.Time, learned []byte) ([]byte, error) {
	sum := sha256.Sum256(learned)
	b, err := json.MarshalIndent(Envelope{envelopeType, site, now.UTC(), learned, hex.EncodeToString(sum[:])}, "", "  ")
	return append(b, '\n'), err
}

// Sealed says that a file begins as Seal writes it.
func Sealed(b []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(b), []byte(`{`)) }

// Open reads a file of Seal's.
func Open(b []byte) (Envelope, error) {
	var e Envelope
	if err := json.Unmarshal(b, &e); err != nil || e.Type != envelopeType {
		return e, errors.New("no file of tollwatch state export")
	}
	if sum := sha256.Sum256(e.Learned); hex.EncodeToString(sum[:]) != e.SHA256 {
		return e, fmt.Errorf("the state of %s is damaged: its SHA-256 is another", e.Site)
	}
	return e, nil
}
