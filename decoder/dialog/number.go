package dialog

const (
	indexDigits = 6 // that two numbers must have in common at least
	equalDigits = 9 // of two long ones: a national number without its prefix
	prefixed    = 7 // that are left where one has a digit for the outside line
)

// sameNumber says that two users are the same, or agree in their last digits:
// at least six, and nine where both have as many. Prefixes for an outside line
// or a country do not matter. Where one is longer, the other's first digit may
// be one for an outside line before a number of eight digits or less.
func sameNumber(a, b string) bool {
	if a == b {
		return a != ""
	}
	na, nb := countDigits(a), countDigits(b)
	least := min(na, nb)
	if least < indexDigits {
		return false
	}
	n := commonEnd(a, b, min(least, equalDigits))
	return n == min(least, equalDigits) || na != nb && n >= prefixed && n == least-1
}

// commonEnd counts the last digits that agree, up to most; both have as many.
func commonEnd(a, b string, most int) (n int) {
	for i, j := len(a), len(b); n < most; n++ {
		i, j = lastDigit(a, i), lastDigit(b, j)
		if a[i] != b[j] {
			break
		}
	}
	return n
}

// isShort says that a user is an extension or the like, no number of the
// public network.
func isShort(user string) bool { return user != "" && countDigits(user) < indexDigits }

func countDigits(s string) (n int) {
	for i := range len(s) {
		if s[i]-'0' <= 9 {
			n++
		}
	}
	return n
}

// lastDigit is where the last digit before end is; there is one.
func lastDigit(s string, end int) int {
	for end--; s[end]-'0' > 9; end-- {
	}
	return end
}

// numberHash is the hash of a dialled user: of its last digits, or of the user
// itself when it has too few; 0 when there is none.
func numberHash(h uint64, user string) uint64 {
	switch {
	case user == "":
		return 0
	case countDigits(user) < indexDigits:
		return mix(h, hashString(user)) | 1
	}
	num := uint64(0)
	for i, n := len(user), 0; n < indexDigits; n++ {
		i = lastDigit(user, i)
		num = 10*num + uint64(user[i]-'0')
	}
	return mix(h, num) | 1
}
