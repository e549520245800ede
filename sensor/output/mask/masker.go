package mask

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// KeyBytes is how long the key of a site's hashes must be at least.
const KeyBytes = 16

// hashBytes of a hash are written: at 100,000 different values of a site, that two
// look alike has a chance of 1 in 50,000.
const hashBytes = 6

const (
	// hidden is how many digits at the end of a number never leave the sensor.
	hidden = 4
	// shortest is the number of digits from which they are taken for a number of
	// the public network: extensions, ports and amounts are shorter.
	shortest = 7
)

// Masker appends values as its mode leaves them; false: they are left out. It belongs
// to one goroutine at a time.
type Masker struct {
	mode Mode
	mac  hash.Hash // HMAC-SHA-256: without the key no dictionary of numbers helps
	sum  []byte
}

// New makes a masker. Without a key of [KeyBytes] or more it makes one, which nobody
// has and which ends with it.
func New(mode Mode, key []byte) *Masker {
	if mode == 0 {
		mode = HideLast4
	}
	if len(key) < KeyBytes {
		key = make([]byte, sha256.Size)
		rand.Read(key) // never fails
	}
	return &Masker{mode: mode, mac: hmac.New(sha256.New, key), sum: make([]byte, 0, sha256.Size)}
}

// hash appends the hash of a value.
func (m *Masker) hash(dst, value []byte) []byte {
	m.mac.Reset()
	m.mac.Write(value)
	m.sum = m.mac.Sum(m.sum[:0])
	return hex.AppendEncode(dst, m.sum[:hashBytes])
}

// AppendNumber appends a number of the public network.
func (m *Masker) AppendNumber(dst, number []byte) ([]byte, bool) {
	if m.mode != HideLast4 || !isNumber(number) {
		return m.AppendUser(dst, number)
	}
	start := len(dst)
	dst = append(dst, number...)
	hideEnd(dst[start:])
	return dst, true
}

// AppendRange appends the range of a number: the number less its last four digits. No
// mask is on it: it is what tells a fraud by its destination, and names nobody.
func (m *Masker) AppendRange(dst, number []byte) ([]byte, bool) {
	end := len(number) - hidden
	if !isNumber(number) || end <= 0 || number[end-1] == '+' {
		return dst, false
	}
	return append(dst, number[:end]...), true
}

// AppendUser appends a user or an extension: short ones, and names, are no public numbers.
func (m *Masker) AppendUser(dst, user []byte) ([]byte, bool) {
	if m.mode != HideLast4 {
		return m.whole(dst, user)
	}
	start := len(dst)
	dst = append(dst, user...)
	hideUser(dst[start:])
	return dst, true
}

// AppendCallID appends a Call-ID: some telephones make it of the number called.
func (m *Masker) AppendCallID(dst, id []byte) ([]byte, bool) {
	if m.mode != HideLast4 {
		return m.whole(dst, id)
	}
	start := len(dst)
	dst = append(dst, id...)
	hideNumbers(dst[start:])
	return dst, true
}

// AppendAddress appends address:port. A hash is of the address alone: the ports of one
// sender differ.
func (m *Masker) AppendAddress(dst, address []byte) ([]byte, bool) {
	if m.mode != Hashed {
		return m.AppendCallID(dst, address)
	}
	host, port := splitPort(address)
	dst = append(m.hash(dst, host), port...)
	hideNumbers(dst[len(dst)-len(port):])
	return dst, true
}

// AppendURI appends an address-of-record or a Contact. Hashed, the user has the hash of
// an extension and the host that of an address, parameters are gone.
func (m *Masker) AppendURI(dst, uri []byte) ([]byte, bool) {
	switch m.mode {
	case Full, None:
		return m.whole(dst, uri)
	case Hashed:
		return m.hashURI(dst, uri), true
	}
	scheme, start := schemeOf(uri), len(dst)
	dst = append(dst, uri...)
	user, host, _ := cutLast(dst[start+scheme:], '@')
	if user == nil {
		user, host, _ = bytes.Cut(host, []byte(";")) // tel:, or no user
	}
	hideUser(user)
	hideNumbers(host)
	return dst, true
}

func (m *Masker) hashURI(dst, uri []byte) []byte {
	scheme := schemeOf(uri)
	dst = append(dst, uri[:scheme]...)
	user, host, ok := cutLast(uri[scheme:], '@')
	if ok {
		user, _, _ = bytes.Cut(user, []byte(":")) // a password may follow
		user, _, _ = bytes.Cut(user, []byte(";"))
		dst = append(m.hash(dst, user), '@')
	}
	host, _, _ = bytes.Cut(host, []byte(";"))
	address, port := splitPort(host)
	dst = append(m.hash(dst, address), port...)
	hideNumbers(dst[len(dst)-len(port):])
	return dst
}

// whole appends a value as it is, or its hash, or nothing.
func (m *Masker) whole(dst, value []byte) ([]byte, bool) {
	switch m.mode {
	case Hashed:
		return m.hash(dst, value), true
	case None:
		return dst, false
	}
	return append(dst, value...), true
}

// hideNumbers hides the end of all digits in a row within b that may be a public
// number, and says whether there were any.
func hideNumbers(b []byte) (hid bool) {
	digits := 0
	for i := range len(b) + 1 {
		if i < len(b) && isDigit(b[i]) {
			digits++
			continue
		}
		if digits >= shortest {
			hideEnd(b[i-digits : i])
			hid = true
		}
		digits = 0
	}
	return hid
}

// hideUser hides the end of the numbers within b, and of b where it is one as a
// whole, with separators (RFC 3966 §5.1.1).
func hideUser(b []byte) {
	if hideNumbers(b) || isAddress(b) {
		return
	}
	digits := 0
	for _, c := range b {
		if isDigit(c) {
			digits++
		} else if bytes.IndexByte([]byte("+-.() "), c) < 0 {
			return
		}
	}
	if digits >= shortest {
		hideEnd(b)
	}
}

// hideEnd replaces the last four digits of b.
func hideEnd(b []byte) {
	for i, left := len(b)-1, hidden; i >= 0 && left > 0; i-- {
		if isDigit(b[i]) {
			b[i] = '*'
			left--
		}
	}
}

// schemeOf is the length of a scheme, with its colon.
func schemeOf(uri []byte) int {
	for _, scheme := range [...]string{"sip:", "sips:", "tel:"} {
		if len(uri) > len(scheme) && string(uri[:len(scheme)]) == scheme {
			return len(scheme)
		}
	}
	return 0
}

// cutLast cuts at the last c; without one, all is behind it.
func cutLast(b []byte, c byte) (before, after []byte, found bool) {
	if i := bytes.LastIndexByte(b, c); i >= 0 {
		return b[:i], b[i+1:], true
	}
	return nil, b, false
}

// isNumber says that b is digits, and a plus at most.
func isNumber(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("+"))
	return len(b) > 0 && all(b, isDigit)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
