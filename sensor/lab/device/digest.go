package device

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
)

// Credentials are what a phone shares with the PBX.
type Credentials struct{ User, Password string }

// Challenge is the header that asks for credentials: status 401 or 407.
func Challenge(status int, realm, nonce string) string {
	name := "WWW-Authenticate"
	if status == 407 {
		name = "Proxy-Authenticate"
	}
	return fmt.Sprintf(`%s: Digest realm="%s",nonce="%s",algorithm=MD5,qop="auth"`, name, realm, nonce)
}

// Answer is the header that answers the challenge (RFC 2617 §3.2.2, MD5).
func (c Credentials) Answer(status int, realm, nonce, cnonce, method, uri string) string {
	name := "Authorization"
	if status == 407 {
		name = "Proxy-Authorization"
	}
	ha1 := sum(c.User + ":" + realm + ":" + c.Password)
	ha2 := sum(method + ":" + uri)
	response := sum(ha1 + ":" + nonce + ":00000001:" + cnonce + ":auth:" + ha2)
	return fmt.Sprintf(`%s: Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s", algorithm=MD5, cnonce="%s", qop=auth, nc=00000001`,
		name, c.User, realm, nonce, uri, response, cnonce)
}

func sum(s string) string {
	d := md5.Sum([]byte(s))
	return hex.EncodeToString(d[:])
}
