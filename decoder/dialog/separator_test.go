package dialog

import "testing"

// TestSeparators: the bodies by which telephones say # or *, and others.
func TestSeparators(t *testing.T) {
	for body, want := range map[string]bool{
		"Signal=#\r\nDuration=160\r\n": true, "signal = *\r\n": true, "#": true, " 11 ": true, "Signal=10": true,
		"Signal=5\r\nDuration=160\r\n": false, "5": false, "": false, "Signal=": false, "1#": false, "Duration=160\r\nSignal=#": false,
	} {
		if got := isSeparator([]byte(body)); got != want {
			t.Errorf("%q: got separator %v, want %v", body, got, want)
		}
	}
}
