// Package past teaches an engine what happened before the sensor came, from
// call detail records or captures, and carries what was learned from one sensor
// to another.
package past
