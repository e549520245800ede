// Package bpf holds the programs that run in the kernel, and the maps through
// which the sensor speaks with them.
//
// A program sees every frame of an interface and answers how much of it user
// space gets. RTP of known endpoints is counted where it arrives and goes no
// further; what may be signalling, and whatever the program does not parse,
// is passed on whole. [Programs] loads them, tells them of media endpoints,
// and reads what they counted.
//
// It promises that every frame is tallied with one [Reason], that each map has
// a bound, and that the figures of a stream are those that decoder/media would
// have come to. Nothing here decides what a packet means, and no program can
// drop or change one.
//
// The C sources are tap.c and lib/*.h: abi.h has the structs that both sides
// share, maps.h says of each map who writes and reads it and what happens when it
// is full. Objects and bindings are committed, so that only who changes the C
// needs clang; `make generate` makes them. vendored has the kernel's and
// libbpf's headers as Debian 12 ships them (linux-libc-dev 6.1, libbpf-dev
// 1.1.2), under the licences that each names, and two of our own in asm.
package bpf
