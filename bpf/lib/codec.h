/* SPDX-License-Identifier: Dual BSD/GPL */
/* What a payload type means at an endpoint: as announced, else as RFC 3551 6 has it. */
#ifndef TOLLWATCH_CODEC_H
#define TOLLWATCH_CODEC_H

#include "maps.h"
#include "parse.h"

#define TICK(HZ) ((__u32)(256000000000ULL / (HZ)))

/* RFC 3551 6, tables 4 and 5: the clocks of those that have a name; decoder/media/codec.go. */
static __always_inline __u32 static_tick(__u8 pt)
{
	switch (pt) {
	case 0: case 3: case 4: case 5: case 7: case 8: case 9: case 12: case 13: case 15: case 18:
		return TICK(8000);
	case 6:
		return TICK(16000);
	case 10: case 11:
		return TICK(44100);
	case 16:
		return TICK(11025);
	case 17:
		return TICK(22050);
	case 14: case 25: case 26: case 28: case 31: case 32: case 33: case 34:
		return TICK(90000);
	}
	return 0;
}

static __always_inline void endpoint_key(struct endpoint_key *k, const __u8 *addr, __u16 port)
{
	__builtin_memcpy(k->addr, addr, 16);
	k->port = port;
	k->pad[0] = k->pad[1] = k->pad[2] = 0;
}

/* The endpoint of a packet: the one that it goes to, else the one that it comes from (RFC 4961). */
static __always_inline struct endpoint *endpoint_of(struct packet *p)
{
	struct endpoint_key k;
	struct endpoint *e;

	endpoint_key(&k, p->dst, p->dport);
	e = bpf_map_lookup_elem(&endpoints, &k);
	if (e)
		return e;
	endpoint_key(&k, p->src, p->sport);
	return bpf_map_lookup_elem(&endpoints, &k);
}

/* The payload type of the stream is pt from now on. Packets of two clocks are not compared. */
static __noinline void turn(struct stream *s, struct endpoint *e, __u8 pt)
{
	__u32 tick = static_tick(pt);
	__u8 use = pt == 13 ? USE_NOISE : tick ? USE_MEDIUM : USE_UNKNOWN;
	int i;

	if (!s)
		return;
	for (i = 0; e && i < CODECS && i < e->n; i++) {
		if (e->codecs[i].payload_type == pt) {
			tick = e->codecs[i].tick_q8;
			use = e->codecs[i].use;
			break;
		}
	}
	if (use == USE_UNKNOWN && (e || pt < 96))
		use = USE_MEDIUM;
	s->payload_type = pt;
	s->use = use;
	if (use == USE_MEDIUM && tick != s->tick_q8) {
		s->tick_q8 = tick;
		s->arrival = 0;
	}
	if (use != USE_DIGITS && use != USE_NOISE && pt != s->spoken) {
		s->spoken = pt;
		if (s->fresh < FRESH_PACKETS)
			s->fresh = FRESH_PACKETS;
	}
}

#endif
