package dialog

import "testing"

func TestViaAddr(t *testing.T) {
	for via, want := range map[string]string{
		"SIP/2.0/UDP 10.0.0.1:5060;branch=x":      "10.0.0.1",
		"SIP/2.0/UDP 10.0.0.1;branch=x":           "10.0.0.1",
		"SIP/2.0/UDP   10.0.0.255 ;rport":         "10.0.0.255",
		"SIP/2.0/TCP [2001:db8::1]:5060;branch=x": "2001:db8::1",
		"SIP/2.0/TCP [2001:db8::1]":               "2001:db8::1",
		"SIP/2.0/TCP 2001:db8::1":                 "2001:db8::1",
		"SIP/2.0/UDP [::ffff:10.0.0.1]":           "10.0.0.1",
		"SIP/2.0/UDP host.example:5060;branch=x":  "invalid IP",
		"SIP/2.0/UDP 10.0.0.256":                  "invalid IP",
		"SIP/2.0/UDP 10.0.0":                      "invalid IP",
		"SIP/2.0/UDP 10.0.0.1.2":                  "invalid IP",
		"SIP/2.0/UDP 10..0.1":                     "invalid IP",
		"SIP/2.0/UDP 1000.0.0.1":                  "invalid IP",
		"SIP/2.0/UDP":                             "invalid IP",
		"SIP/2.0/UDP ":                            "invalid IP",
	} {
		if got := viaAddr([]byte(via)).String(); got != want {
			t.Errorf("%q: got %s, want %s", via, got, want)
		}
	}
}
