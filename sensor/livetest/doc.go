// Package livetest is what tests of a live sensor stand on: network namespaces
// with a switch between them that mirrors, whole, one direction alone, or not at
// all; and the real programs in them. Product code never imports it.
//
// A [Network] is made by the test with names of its own, leads nowhere, and is
// gone after it. IPv6 is off on all of its ports, so that nobody speaks but
// those who were told to.
package livetest
