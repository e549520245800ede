package notify

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"
)

// SignatureHeader carries t=<Unix seconds>,v1=<hex>: the HMAC-SHA256 of the
// seconds, a full stop and the body. Receivers compare it, and refuse old ones.
const SignatureHeader = "X-Tollwatch-Signature"

// sign signs a request when there is a secret. A secret that cannot be read
// fails the post: unsigned, a receiver would have to take it from anybody.
func (w *Webhook) sign(r *http.Request, body []byte, now time.Time) error {
	if w.cfg.SecretFile == "" {
		return nil
	}
	secret, err := os.ReadFile(w.cfg.SecretFile)
	if err != nil {
		return fmt.Errorf("read secret: %w", err)
	}
	secret = bytes.TrimSpace(secret)
	if len(secret) == 0 {
		return errors.New("read secret: " + w.cfg.SecretFile + " is empty")
	}
	r.Header.Set(SignatureHeader, Signature(secret, body, now))
	return nil
}

// Signature is the value of the header, for those who check it.
func Signature(secret, body []byte, at time.Time) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
