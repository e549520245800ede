//go:build !linux || !libpcap

package capture

import "errors"

// withLibpcap says that it is built in.
func withLibpcap() bool { return false }

func libpcap(*LiveConfig, []string) (ear, error) {
	return nil, errors.New("open by libpcap: this program was built without it (-tags libpcap)")
}
