// Package systemd tells the service manager how the sensor is: that it listens,
// reloads, ends, what it does now, and that it is alive (sd_notify(3)); and it writes
// the log as the journal wants it.
//
// It promises never to hold up who tells for longer than a moment, and that a sign
// of life leaves only in a call of Alive: nothing here runs by itself, so that a
// sensor whose loop stands still is found out by its silence. Where no manager
// asked to be told, nothing is.
package systemd
