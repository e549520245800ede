// Package order brings what people tell a sensor to it: a command leaves an order
// in a folder of the store, one small file each, and the sensor takes it up within
// a second, or at its next start. So neither waits for the other, and the store
// keeps its one writer.
//
// It promises that an order is there whole or not at all (it is renamed into
// place), and that only the sensor's own user and root can give one. It will not
// judge what is ordered: the sensor answers in its log, and by its alerts.
package order
