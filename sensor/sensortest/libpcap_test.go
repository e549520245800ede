//go:build libpcap

package sensortest

// libpcapBuilt: this build has the back-end pcap.
const libpcapBuilt = true
