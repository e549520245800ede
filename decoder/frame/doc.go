// Package frame turns one captured frame into the transport packet in it.
//
// [Decoder.Decode] walks from the link layer through every wrapping (VLAN tags,
// MPLS, PPPoE, IP in IP, GRE, ERSPAN, VXLAN, Geneve, GTP-U, TZSP) to the
// innermost UDP, TCP or SCTP header, and puts IP fragments together on the way. A
// frame that was mirrored twice counts once. What a capture agent reports in HEP
// is the packet that it saw, by its word; its time is not taken for the time. It
// promises that every frame has exactly one [Outcome], that the payload lies
// inside the frame or inside the decoder's own buffer, that a plain frame
// costs no allocation, and that hostile input costs no more than good: nesting
// is bounded, headers are never followed beyond their length, fragments live
// in a table with caps on datagrams, bytes and time.
//
// It is lenient in reading: checksums are not verified (network cards fill
// them in after the tap), a frame that the snaplen cut gives the payload there
// is, lengths of zero (segmentation offload, jumbograms) mean "to the end". It
// does not look into payloads, does not hand on what ICMP errors quote, and
// decodes no application protocol.
//
// All of it is written by hand. The layers of google/gopacket index their
// input unchecked (GRE, ERSPAN, PPPoE panic on short frames and rely on a
// recover around everything), allocate a layer per header, and choose a layer
// by port alone; here each wrapping is a few lines over a bounds-checked view.
// gopacket stays what it is best at: the oracle of the differential test.
package frame
