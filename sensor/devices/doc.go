// Package devices lists the network interfaces of this machine, and how each could
// be captured on here: by which back-end, and why not by the others.
//
// It asks the kernel once (rtnetlink(7)) and opens nothing. It promises that what it
// calls possible is refused neither by rights, nor by the kernel's version, nor by
// the kind of the interface; whether a program is then taken by the kernel only the
// capture itself finds out.
package devices
