// Package points turns calls, streams, registrations, alerts and the sensor's own
// figures into lines of the InfluxDB line protocol, and says what each means: the
// tables in call.go, alert.go and their neighbours are the schema, the encoder and
// docs/schema.md at once.
//
// It promises that tags come from bounded sets only; that numbers, addresses and
// users are masked as configured (package mask); that no two points of a series share a
// nanosecond, and that the same point has the same one again; that a line is one
// that every server takes: no unsigned field, NaN or infinity, valid and bounded
// text. Encoding allocates nothing.
//
// It sends and keeps nothing.
package points
