//go:build ignore

// SPDX-License-Identifier: Dual BSD/GPL
/*
 * The taps: which frames user space gets, and how much of them.
 *
 *  1. A frame of known RTP, plain in form, is counted in its stream and goes
 *     no further (quick).
 *  2. Else tags are taken off and headers walked, as far as IP, UDP and TCP
 *     go; what is not parsed is passed whole.
 *  3. UDP: SIP by its start line, RTCP, tunnels and agents' reports are passed;
 *     RTP is counted by endpoint and SSRC, and passed while it is new.
 *  4. TCP: what may be signalling is passed, bulk is not.
 *  5. Every frame is tallied by what became of it.
 *
 * A socket filter answers with the bytes to copy; it can neither drop nor
 * change a packet. The tcx program copies into a ring buffer, and always lets
 * the packet go on to the programs behind it.
 */
#include <linux/bpf.h>
#include <linux/types.h>

#include "lib/classify.h"
#include "lib/copy.h"

char _license[] SEC("license") = "Dual BSD/GPL";

/* Types that only Go uses by name: they have to be mentioned to be described. */
enum reason *_reason __attribute__((unused));
enum use *_use __attribute__((unused));
enum endpoint_flag *_endpoint_flag __attribute__((unused));
enum stream_flag *_stream_flag __attribute__((unused));

#define ALL 0x40000 /* bytes: above any frame */
#define TCX_NEXT (-1) /* linux/bpf.h has it since 6.6 */

/* What user space gets of a frame, for its reason: 0 is nothing. */
static __always_inline __u32 wanted(__u32 reason, struct packet *p)
{
	if (reason == PASSED_HEADERS)
		return p->payload + sizeof(struct rtp);
	return reason >= REFUSED_RTP ? 0 : ALL;
}

static __always_inline __u32 observe_frame(struct __sk_buff *skb, __u32 header)
{
	__u32 reason = 0, zero = 0;
	struct packet *p = bpf_map_lookup_elem(&parsed, &zero);
	__u16 type = bpf_ntohs(skb->protocol);

	if (header) {
		reason = quick(skb);
		if (!reason && bpf_skb_load_bytes(skb, 12, &type, 2))
			reason = PASSED_OTHER;
		type = bpf_ntohs(type);
	}
	if (!p)
		return ALL; /* never: the table has its one entry */
	if (!reason) {
		__builtin_memset(p, 0, sizeof(*p));
		reason = classify(skb, p, header, type);
	}
	tally(reason, skb->len);
	return wanted(reason, p);
}

/* Interfaces with Ethernet frames. */
SEC("socket")
int tap_ethernet(struct __sk_buff *skb)
{
	return observe_frame(skb, ETHERNET);
}

/* Interfaces whose frames begin with IP: tunnels, ppp. */
SEC("socket")
int tap_raw(struct __sk_buff *skb)
{
	return observe_frame(skb, 0);
}

/*
 * Interfaces at the hook tcx, on the way in and on the way out. The answer lets
 * the packet go on to whatever program is behind this one.
 */
SEC("tc")
int tap_tcx_ethernet(struct __sk_buff *skb)
{
	__u32 n = observe_frame(skb, ETHERNET);

	if (n)
		copy_frame(skb, n);
	return TCX_NEXT;
}

SEC("tc")
int tap_tcx_raw(struct __sk_buff *skb)
{
	__u32 n = observe_frame(skb, 0);

	if (n)
		copy_frame(skb, n);
	return TCX_NEXT;
}
