/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * TCP: which segments may carry signalling, or tell of TLS.
 *
 * Every direction of a connection has a budget of segments that are passed on
 * whatever they carry. What looks like signalling fills it up, so that the
 * segments that continue a message follow it; bulk spends it. The beginnings
 * of TLS records always pass, and small records whole: peers are counted by
 * them, and signalling is small.
 */
#ifndef TOLLWATCH_TCP_H
#define TOLLWATCH_TCP_H

#include "content.h"
#include "maps.h"

#define BUDGET_NEW 16	    /* segments: more than a handshake takes */
#define BUDGET_SIGNALLING 256 /* more than the longest message has segments */
#define SMALL_RECORD 8192   /* bytes; bulk fills its records, 16 KiB */
#define SHORT 16 /* bytes, that say too little of what they begin */
#define PORT_SIPS 5061

#define FIN 1
#define SYN 2
#define RST 4

static __always_inline void fill(struct flow_key *k, __u32 budget)
{
	struct flow *f = bpf_map_lookup_elem(&flows, k), fresh = {};

	if (f) {
		if (f->budget < budget)
			f->budget = budget;
		return;
	}
	fresh.budget = budget;
	bpf_map_update_elem(&flows, k, &fresh, BPF_ANY);
}

static __always_inline void key_of(struct flow_key *k, const __u8 *src, const __u8 *dst, __u16 sport, __u16 dport)
{
	__builtin_memcpy(k->src, src, 16);
	__builtin_memcpy(k->dst, dst, 16);
	k->sport = sport;
	k->dport = dport;
}

/* Spends the budget; whether there was one, or the segment is of a small record. */
static __always_inline int spend(struct flow_key *k, struct packet *p, __u32 record)
{
	struct flow *f = bpf_map_lookup_elem(&flows, k), fresh = {};
	__u32 until = record && record <= SMALL_RECORD ? p->sequence + record : 0;

	if (!f) {
		fresh.budget = BUDGET_NEW - 1;
		fresh.until = until;
		bpf_map_update_elem(&flows, k, &fresh, BPF_ANY);
		return 1;
	}
	if (until)
		f->until = until;
	if (f->budget) {
		f->budget--;
		return 1;
	}
	return record || (f->until - p->sequence) - 1 < SMALL_RECORD;
}

static __noinline __u32 observe_tcp(struct __sk_buff *skb, struct packet *p)
{
	struct flow_key k;
	struct look l;
	__u32 n, record;

	if (!skb || !p)
		return PASSED_OTHER;
	if (p->tcp_flags & (FIN | SYN | RST))
		return PASSED_TCP;
	if (!p->length)
		return REFUSED_TCP; /* an acknowledgement */
	if (bpf_ntohs(p->sport) == PORT_SIPS || bpf_ntohs(p->dport) == PORT_SIPS)
		return PASSED_TCP;
	if (p->length < SHORT)
		return PASSED_TCP;
	n = look(skb, p->payload, p->length, &l);
	if (switches(&l)) {
		key_of(&k, p->dst, p->src, p->dport, p->sport);
		fill(&k, BUDGET_SIGNALLING);
	}
	key_of(&k, p->src, p->dst, p->sport, p->dport);
	if (switches(&l) || like_hep3(&l) || like_websocket(&l, n) || like_sip(&l, n)) {
		fill(&k, BUDGET_SIGNALLING);
		return PASSED_TCP;
	}
	record = like_tls(&l, n);
	return spend(&k, p, record) ? PASSED_TCP : REFUSED_TCP;
}

#endif
