//go:build libpcap

package livetest

// How the programs are built: with libpcap.
const (
	buildTags = "libpcap"
	buildCGO  = "CGO_ENABLED=1"
)
