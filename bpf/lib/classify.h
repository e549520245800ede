/* SPDX-License-Identifier: Dual BSD/GPL */
/* Whether a frame is ours, and how much of it. */
#ifndef TOLLWATCH_CLASSIFY_H
#define TOLLWATCH_CLASSIFY_H

#include "content.h"
#include "media.h"
#include "tcp.h"

#define PLAIN 0x80 /* the first byte of nearly all RTP: version 2, nothing else */

/* Tunnels over UDP and the reports of agents; decoder/frame unwraps them. */
static __always_inline int wraps(__u16 port)
{
	switch (bpf_ntohs(port)) {
	case 4789: case 8472: /* VXLAN */
	case 6081: /* Geneve */
	case 2152: /* GTP-U */
	case 37008: /* TZSP */
	case 9060: case 9061: case 9063: /* HEP 1 and 2 */
		return 1;
	}
	return 0;
}

static __always_inline int is_control(__u8 second)
{
	return second >= 192 && second <= 223;
}

/*
 * Reads the header of RTP, and finds how much payload there is: contributing
 * sources, an extension and padding are none (RFC 3550 5.1). Padding that
 * does not fit is left in.
 */
static __always_inline int parse_rtp(struct __sk_buff *skb, struct packet *p, struct media *m)
{
	struct rtp h;
	__u32 header = sizeof(h);
	__u8 padding = 0;
	__u16 words[2];

	if (p->length < sizeof(h) || bpf_skb_load_bytes(skb, p->payload, &h, sizeof(h)))
		return 0;
	if (h.first >> 6 != 2 || is_control(h.second))
		return 0;
	header += 4 * (h.first & 15);
	if (h.first & 0x10) {
		if (p->length < header + 4 || bpf_skb_load_bytes(skb, p->payload + header, words, 4))
			return 0;
		header += 4 + 4 * bpf_ntohs(words[1]);
	}
	if (header > p->length)
		return 0;
	m->payload = p->length - header;
	if (h.first & 0x20 && !p->fragment) {
		if (bpf_skb_load_bytes(skb, p->payload + p->length - 1, &padding, 1))
			return 0;
		if (padding <= m->payload)
			m->payload -= padding;
	}
	m->ssrc = h.ssrc;
	m->timestamp = bpf_ntohl(h.timestamp);
	m->sequence = bpf_ntohs(h.sequence);
	m->payload_type = h.second & 0x7f;
	m->marker = h.second >> 7;
	m->length = p->length;
	m->id = p->id;
	m->at = now();
	return 1;
}

/* A UDP datagram, or the first fragment of one. */
static __noinline __u32 observe_udp(struct __sk_buff *skb, struct packet *p)
{
	struct media m = {};
	struct look l;
	__u32 n, reason;

	if (!skb || !p)
		return PASSED_OTHER;
	if (wraps(p->sport) || wraps(p->dport))
		return PASSED_WRAPPED;
	if (p->length <= 4)
		return PASSED_MEDIA; /* keeps a NAT binding open */
	if (skb->gso_segs > 1)
		return PASSED_OTHER; /* several datagrams in one */
	n = look(skb, p->payload, p->length, &l);
	if (l.b[0] >> 6 == 2) {
		if (is_control(l.b[1]))
			return PASSED_CONTROL;
		if (parse_rtp(skb, p, &m)) {
			reason = observe(p, &m);
			if (reason != UNKNOWN_STREAM)
				return reason;
		}
	} else {
		if (like_sip(&l, n))
			return PASSED_SIP;
		if (like_hep3(&l))
			return PASSED_WRAPPED;
		if (like_media(&l, n, p->length))
			return PASSED_MEDIA;
	}
	return endpoint_of(p) ? PASSED_MEDIA : REFUSED_UDP;
}

/* Any frame, from its network header on. */
static __always_inline __u32 classify(struct __sk_buff *skb, struct packet *p, __u32 at, __u16 type)
{
	struct cursor c = {.skb = skb, .at = at, .end = skb->len};
	__u32 reason;

	if (parse(&c, p, type) != PARSED)
		return PASSED_OTHER;
	if (p->fragment == 2)
		return PASSED_FRAGMENT;
	if (p->protocol == PROTO_UDP) {
		reason = observe_udp(skb, p);
		if (p->fragment && reason != REFUSED_DOUBLE)
			return PASSED_FRAGMENT; /* Go wants all of them, to put it together */
		return reason;
	}
	if (p->protocol == PROTO_TCP)
		return observe_tcp(skb, p);
	return p->protocol == PROTO_ESP ? REFUSED_ESP : PASSED_OTHER;
}

/*
 * The shape of nearly all RTP: no options, no extension, a stream in the
 * table whose packets are only counted. 0: it is another, and nothing was done.
 */
struct plain4 {
	__u16 pad;
	__u8 addresses[12];
	__u16 type;
	struct ip4 ip;
	struct udp udp;
	struct rtp rtp;
};

struct plain6 {
	struct ip6 ip;
	struct udp udp;
	struct rtp rtp;
};

static __always_inline __u32 quick_count(struct stream *s, struct rtp *r, __u32 length, __u16 id)
{
	struct media m = {
		.ssrc = r->ssrc, .timestamp = bpf_ntohl(r->timestamp), .sequence = bpf_ntohs(r->sequence),
		.payload_type = r->second & 0x7f, .marker = r->second >> 7, .length = length,
		.payload = length - sizeof(*r), .id = id,
	};

	if (s->payload_type != m.payload_type || s->changes != changes || s->fresh || s->use != USE_MEDIUM ||
	    s->flags & STREAM_HEADERS)
		return 0;
	m.at = now();
	return count(s, &m, m.marker) ? REFUSED_RTP : REFUSED_DOUBLE;
}

static __always_inline int plain_rtp(struct rtp *r)
{
	return r->first == PLAIN && !is_control(r->second);
}

static __always_inline __u32 quick4(struct __sk_buff *skb, struct plain4 *h, __u32 at)
{
	__u32 total = bpf_ntohs(h->ip.total), length = bpf_ntohs(h->udp.length);
	struct key4 k;
	struct stream *s;

	if (h->ip.version_ihl != 0x45 || h->ip.protocol != PROTO_UDP || h->ip.fragment & bpf_htons(0x3fff) ||
	    !plain_rtp(&h->rtp) || length != total - 20 || length < 20 || at + total > skb->len)
		return 0;
	k.src = h->ip.src;
	k.dst = h->ip.dst;
	k.sport = h->udp.sport;
	k.dport = h->udp.dport;
	k.ssrc = h->rtp.ssrc;
	s = bpf_map_lookup_elem(&streams4, &k);
	return s ? quick_count(s, &h->rtp, length - 8, h->ip.id) : 0;
}

static __always_inline __u32 quick6(struct __sk_buff *skb, __u32 at)
{
	struct plain6 h;
	__u32 length;
	struct key6 k;
	struct stream *s;

	if (bpf_skb_load_bytes(skb, at, &h, sizeof(h)))
		return 0;
	length = bpf_ntohs(h.ip.length);
	if ((bpf_ntohl(h.ip.version) >> 28) != 6 || h.ip.next != PROTO_UDP || !plain_rtp(&h.rtp) ||
	    length != bpf_ntohs(h.udp.length) || length < 20 || at + 40 + length > skb->len)
		return 0;
	__builtin_memcpy(k.src, h.ip.src, 32);
	k.sport = h.udp.sport;
	k.dport = h.udp.dport;
	k.ssrc = h.rtp.ssrc;
	s = bpf_map_lookup_elem(&streams6, &k);
	return s ? quick_count(s, &h.rtp, length - 8, 0) : 0;
}

/* An Ethernet frame of that shape, with one tag at most. */
static __noinline __u32 quick(struct __sk_buff *skb)
{
	struct plain4 h;
	__u32 at = ETHERNET;
	__u16 type;

	if (!skb || skb->gso_segs > 1 || bpf_skb_load_bytes(skb, 0, h.addresses, sizeof(h) - 2))
		return 0;
	type = h.type;
	if (type == bpf_htons(TYPE_VLAN)) {
		type = *((__u16 *)&h.ip + 1);
		at += 4;
		if (type == bpf_htons(TYPE_IPV4) && bpf_skb_load_bytes(skb, at, &h.ip, sizeof(h) - 16))
			return 0;
	}
	if (type == bpf_htons(TYPE_IPV4))
		return quick4(skb, &h, at);
	return type == bpf_htons(TYPE_IPV6) ? quick6(skb, at) : 0;
}

#endif
