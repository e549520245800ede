// Package rights reads which of Linux's capabilities (capabilities(7)) this process
// holds, and turns them into as few as it still needs.
//
// Held reads them from /proc/self/status: what the kernel refused says less, because
// a program that it could not verify is refused with the same word.
//
// A sensor needs rights while it attaches to interfaces, and none to read what comes.
// Keep gives up all others for good, on every thread, and lays those that are kept
// aside: they are permitted, not effective. Raised takes them up for one function on
// one thread, as when an interface comes back.
//
// It promises that what Keep gave up does not come back, neither by a program that is
// executed. It will not judge which rights a back-end needs. Elsewhere than on Linux
// there is nothing to give up.
package rights
