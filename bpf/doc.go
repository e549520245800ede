// Package bpf is the home of the kernel programs of live capture: C sources,
// their vendored headers, and the objects built from them. It holds no policy:
// a program decides what is ours and how much of it is copied, and keeps the
// books of RTP streams; meaning is Go's.
//
// This version captures through an AF_PACKET ring without a program
// (sensor/capture), so nothing lies here yet.
package bpf
