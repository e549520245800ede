/* SPDX-License-Identifier: Dual BSD/GPL */
/* Every map: who writes it, who reads it, what happens when it is full. */
#ifndef TOLLWATCH_MAPS_H
#define TOLLWATCH_MAPS_H

#include "abi.h"
#include "parse.h"
#include <bpf/bpf_helpers.h>

#define MAP(NAME, TYPE, KEY, VALUE, MAX)               \
	struct {                                       \
		__uint(type, TYPE);                    \
		__type(key, KEY);                      \
		__type(value, VALUE);                  \
		__uint(max_entries, MAX);              \
	} NAME SEC(".maps")

/*
 * Endpoints of answered dialogs. Go writes and deletes them (decoder/media has
 * the quota of each source), the programs read them and count born. Full: Go
 * does not push, and the streams have to prove themselves as strangers.
 */
MAP(endpoints, BPF_MAP_TYPE_HASH, struct endpoint_key, struct endpoint, 32768);

/*
 * Streams at those endpoints. The programs make and fill them, Go reads them
 * about every second and deletes them when their stream has ended. Full: the
 * stream goes to the strangers.
 */
MAP(streams4, BPF_MAP_TYPE_HASH, struct key4, struct stream, 16384);
MAP(streams6, BPF_MAP_TYPE_HASH, struct key6, struct stream, 8192);

/*
 * RTP that nobody announced: seen before its SDP, or behind TLS. Written and
 * read like streams. Full: the longest idle is forgotten; if it goes on it is
 * passed on and proves itself anew.
 */
MAP(strangers4, BPF_MAP_TYPE_LRU_HASH, struct key4, struct stream, 4096);
MAP(strangers6, BPF_MAP_TYPE_LRU_HASH, struct key6, struct stream, 2048);

/*
 * Directions of TCP connections with data. Only the programs write and read
 * it. Full: the longest idle is forgotten; if it goes on, its segments are
 * passed on again until its budget is spent.
 */
MAP(flows, BPF_MAP_TYPE_LRU_HASH, struct flow_key, struct flow, 16384);

/* What became of each frame, by reason. The programs write, Go reads. Never full. */
MAP(tallies, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct tally, REASONS);

/* A stream that is being made: it is too large for the stack. Only the programs use it. */
MAP(blank, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct stream, 1);

/*
 * The packet that is being parsed. Only the programs use it. It is not on the
 * stack, so that the verifier does not follow every way through the headers
 * into all that comes behind them.
 */
MAP(parsed, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct packet, 1);

/*
 * Frames that are passed on, in chunks; of tcx alone. The program writes, Go
 * reads every few milliseconds: it is not woken. Full: the frame is lost, and
 * counted as lost.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} frames SEC(".maps");

/* Frames that the ring buffer had no room for; of tcx alone. The program writes, Go reads. */
MAP(lost, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, 1);

/* A chunk that is being filled; of tcx alone. Only the program uses it. */
MAP(chunks, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct chunk, 1);

/* How often endpoints were added, and were changed: what was looked up before is stale. Go writes. */
volatile __u32 announcements = 1;
volatile __u32 changes = 1;

/* Tests set the clock. */
const volatile __u8 fake_clock = 0;
volatile __u64 fake_now = 0;

static __always_inline __u64 now(void)
{
	return fake_clock ? fake_now : bpf_ktime_get_ns();
}

static __always_inline void tally(__u32 reason, __u32 bytes)
{
	struct tally *t = bpf_map_lookup_elem(&tallies, &reason);

	if (!t)
		return;
	t->frames++;
	t->bytes += bytes;
}

#endif
