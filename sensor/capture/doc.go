// Package capture turns capture files and network interfaces into frames.
//
// It promises that a frame's bytes, time, wire length and link type are those
// of the origin; that nothing is allocated per frame; that no length in a file
// makes it allocate more than a fixed window; that all frames before a fault
// of a file are delivered before the fault is told; and that frames which the
// kernel could not hand over are counted.
//
// It does not decode frames, does not filter them, and does not sort frames of
// several interfaces or files by time. It never writes to an interface.
//
// Files are read by our own readers. pcapgo, their oracle in the tests, was
// measured and left aside: its LinkType has eight bits (SLL2 becomes 20), it
// panics on short pcapng options, it refuses records longer than the file's
// snaplen, it allocates what the file's snaplen says, it reports a cut file as
// a plain end in places, and it copies each frame once more.
package capture
