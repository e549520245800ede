/* SPDX-License-Identifier: Dual BSD/GPL */
/* A frame into the ring buffer, in chunks: segmentation offload makes frames of 64 KiB. */
#ifndef TOLLWATCH_COPY_H
#define TOLLWATCH_COPY_H

#include "maps.h"

#define MAX_CHUNKS 5 /* 80 KiB; what is longer is cut, as by a snaplen */

/* Copies n bytes from at on; whether there was room. */
static __always_inline int copy_chunk(struct __sk_buff *skb, struct chunk *c, __u32 at, __u32 n)
{
	asm volatile("" : "+r"(n)); /* else clang proves the bound where the verifier does not look */
	n = ((n - 1) & (CHUNK - 1)) + 1;
	c->header.offset = at;
	c->header.size = n;
	if (bpf_skb_load_bytes(skb, at, c->data, n))
		return 0;
	return !bpf_ringbuf_output(&frames, c, sizeof(c->header) + n, BPF_RB_NO_WAKEUP);
}

/* Copies the first bytes of a frame, as many as are wanted. */
static __noinline int copy_frame(struct __sk_buff *skb, __u32 wanted)
{
	__u32 zero = 0, at = 0, i;
	struct chunk *c = bpf_map_lookup_elem(&chunks, &zero);
	__u64 *missed = bpf_map_lookup_elem(&lost, &zero);

	if (!skb || !c || !missed)
		return 0;
	if (wanted > skb->len)
		wanted = skb->len;
	if (wanted > MAX_CHUNKS * CHUNK)
		wanted = MAX_CHUNKS * CHUNK;
	c->header.at = now();
	c->header.wire = skb->len;
	c->header.length = wanted;
	c->header.ifindex = skb->ifindex;
	c->header.tagged = skb->vlan_present;
	c->header.vlan = skb->vlan_tci;
	c->header.vlan_protocol = bpf_ntohs(skb->vlan_proto);
	c->header.cpu = bpf_get_smp_processor_id();
	for (i = 0; i < MAX_CHUNKS && at < wanted; i++) {
		__u32 n = wanted - at < CHUNK ? wanted - at : CHUNK;

		if (!copy_chunk(skb, c, at, n)) {
			(*missed)++;
			return 0;
		}
		at += n;
	}
	return 0;
}

#endif
