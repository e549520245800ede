// Package packets turns the calls of a scenario into frames, as a tap beside
// the PBX would see them, and writes the truth about them.
//
// A call of the outside has two legs, phone to PBX and PBX to trunk, with
// Call-IDs, ports, media and header styles of their own; the PBX relays speech.
// Phones register with a digest, the trunk is asked by OPTIONS whether it is
// there, a message is now and then sent twice.
//
// It promises frames in the order of time, the same bytes for the same
// parameters and seed, a truth that counts what was written, and memory that
// depends on how many calls run at once ([maxCalls]), not on how many there
// are. It knows nothing of any sensor and reads nothing back.
package packets
