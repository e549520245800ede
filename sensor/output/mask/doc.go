// Package mask turns numbers, addresses, users and texts that speak of them into what
// may leave the sensor.
//
// It promises that with every mode but Full no public number, seven digits or more,
// comes out whole; that the same value has the same hash wherever it stands, in a
// field of its own or in a sentence, and that nobody undoes it without the key. It
// appends to the caller's buffer and allocates nothing. docs/schema.md has the rules.
//
// It does not know names of people: what is a name within a text stays there.
package mask
