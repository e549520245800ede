package tap

import "golang.org/x/sys/unix"

// clockSynchronised asks the kernel whether something steers its clock
// (adjtimex(2)); reading changes nothing.
func clockSynchronised() (bool, error) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return err == nil && state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0, err
}
