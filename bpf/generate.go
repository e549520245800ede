package bpf

// The objects are the same bytes for the same compiler: clang 14.0.6.
//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target bpfel,bpfeb -type endpoint_flag -type stream_flag -type reason -type use tap tap.c -- -nostdinc -O2 -g -mcpu=v3 -Wall -Werror -I. -Ivendored
