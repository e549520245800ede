//go:build !libpcap

package sensortest

// libpcapBuilt: this build has no back-end pcap.
const libpcapBuilt = false
