/* SPDX-License-Identifier: Dual BSD/GPL */
/* From the link header to the transport payload: a cursor that checks its bounds. */
#ifndef TOLLWATCH_PARSE_H
#define TOLLWATCH_PARSE_H

#include "abi.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <linux/bpf.h>

/* EtherTypes and IP protocols (IANA); decoder/frame has the same. */
#define TYPE_IPV4 0x0800
#define TYPE_VLAN 0x8100
#define TYPE_QINQ 0x88a8
#define TYPE_QINQ_OLD 0x9100
#define TYPE_IPV6 0x86dd
#define MAX_TAGS 4

#define PROTO_HOP_BY_HOP 0
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ROUTING 43
#define PROTO_FRAGMENT 44
#define PROTO_ESP 50
#define PROTO_DESTINATION 60
#define PROTO_MOBILITY 135
#define PROTO_HIP 139
#define PROTO_SHIM6 140
#define MAX_EXTENSIONS 10

#define ETHERNET 14 /* bytes of header */

/* Where the parser stands: what lies before end may be read. */
struct cursor {
	struct __sk_buff *skb;
	__u32 at;
	__u32 end;
};

/* Reads n bytes at the cursor, if they are there. */
#define PEEK(C, TO, N) \
	((C)->at + (N) <= (C)->end && !bpf_skb_load_bytes((C)->skb, (C)->at, (TO), (N)))

/* A transport packet. IPv4 addresses are mapped. */
struct packet {
	__u8 src[16], dst[16];
	__u16 sport, dport;
	__u16 id;	/* of IPv4 */
	__u8 protocol;
	__u8 v4;
	__u8 fragment;	/* 1: the first of several, 2: a later one */
	__u8 pad[3];
	__u32 payload;	/* offset in the frame */
	__u32 length;	/* of the payload, as the headers say */
	__u32 sequence; /* TCP */
	__u8 tcp_flags;
	__u8 pad2[3];
};

enum parsed {
	PARSED,
	NOT_PARSED, /* nothing that is looked at here */
};

struct ip4 {
	__u8 version_ihl, tos;
	__u16 total, id, fragment;
	__u8 ttl, protocol;
	__u16 sum;
	__u32 src, dst;
};

struct ip6 {
	__u32 version;
	__u16 length;
	__u8 next, hops;
	__u8 src[16], dst[16];
};

struct udp {
	__u16 sport, dport, length, sum;
};

struct rtp {
	__u8 first, second;
	__u16 sequence;
	__u32 timestamp, ssrc;
};

static __always_inline int is_tag(__u16 type)
{
	return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD;
}

static __always_inline void map4(__u8 *to, __u32 address)
{
	__u32 *w = (__u32 *)to;

	w[0] = 0;
	w[1] = 0;
	w[2] = bpf_htonl(0xffff);
	w[3] = address;
}

/* Takes tags off; the EtherType that follows them. */
static __always_inline __u16 skip_tags(struct cursor *c, __u16 type)
{
	__u16 tag[2];
	int i;

	for (i = 0; i < MAX_TAGS && is_tag(type); i++) {
		if (!PEEK(c, tag, 4))
			return 0;
		type = bpf_ntohs(tag[1]);
		c->at += 4;
	}
	return type;
}

/* A packet that says more than its frame has is no packet: so says Go, and drops it. */
static __always_inline enum parsed parse4(struct cursor *c, struct packet *p)
{
	struct ip4 h;
	__u32 header, total;
	__u16 fragment;

	if (!PEEK(c, &h, sizeof(h)) || h.version_ihl >> 4 != 4)
		return NOT_PARSED;
	header = (h.version_ihl & 15) * 4;
	total = bpf_ntohs(h.total);
	if (!total)
		total = c->end - c->at; /* segmentation offload */
	if (header < sizeof(h) || total < header || c->at + total > c->end)
		return NOT_PARSED;
	map4(p->src, h.src);
	map4(p->dst, h.dst);
	p->v4 = 1;
	p->id = h.id;
	p->protocol = h.protocol;
	fragment = bpf_ntohs(h.fragment) & 0x3fff;
	if (fragment)
		p->fragment = fragment & 0x1fff ? 2 : 1;
	c->end = c->at + total;
	c->at += header;
	return PARSED;
}

/* Walks the extension headers (RFC 8200 4). */
static __always_inline enum parsed extensions(struct cursor *c, struct packet *p, __u8 next)
{
	__u8 h[8];
	int i;

	for (i = 0; i < MAX_EXTENSIONS; i++) {
		switch (next) {
		case PROTO_HOP_BY_HOP:
		case PROTO_ROUTING:
		case PROTO_DESTINATION:
		case PROTO_MOBILITY:
		case PROTO_HIP:
		case PROTO_SHIM6:
			if (!PEEK(c, h, 8))
				return NOT_PARSED;
			next = h[0];
			c->at += (h[1] + 1) * 8;
			break;
		case PROTO_FRAGMENT:
			if (!PEEK(c, h, 8))
				return NOT_PARSED;
			next = h[0];
			c->at += 8;
			if (h[2] || h[3] & 0xf8)
				p->fragment = 2;
			else if (h[3] & 1)
				p->fragment = 1;
			if (p->fragment == 2) {
				p->protocol = next;
				return PARSED;
			}
			break;
		default:
			p->protocol = next;
			return PARSED;
		}
	}
	return NOT_PARSED;
}

static __always_inline enum parsed parse6(struct cursor *c, struct packet *p)
{
	struct ip6 h;
	__u32 length;

	if (!PEEK(c, &h, sizeof(h)) || (bpf_ntohl(h.version) >> 28) != 6)
		return NOT_PARSED;
	length = bpf_ntohs(h.length);
	if (length) {
		if (c->at + sizeof(h) + length > c->end)
			return NOT_PARSED;
		c->end = c->at + sizeof(h) + length;
	}
	__builtin_memcpy(p->src, h.src, 16);
	__builtin_memcpy(p->dst, h.dst, 16);
	c->at += sizeof(h);
	return extensions(c, p, h.next);
}

static __always_inline enum parsed parse_udp(struct cursor *c, struct packet *p)
{
	struct udp h;
	__u32 length;

	if (!PEEK(c, &h, sizeof(h)))
		return NOT_PARSED;
	length = bpf_ntohs(h.length);
	if (length && length < sizeof(h))
		return NOT_PARSED;
	/* Of a datagram in fragments the length is that of the whole. */
	if (!length || (!p->fragment && c->at + length > c->end))
		length = c->end - c->at;
	p->sport = h.sport;
	p->dport = h.dport;
	p->payload = c->at + sizeof(h);
	p->length = length - sizeof(h);
	return PARSED;
}

struct tcp {
	__u16 sport, dport;
	__u32 sequence, acknowledged;
	__u8 offset, flags;
	__u16 window;
};

static __always_inline enum parsed parse_tcp(struct cursor *c, struct packet *p)
{
	struct tcp h;
	__u32 header;

	if (!PEEK(c, &h, sizeof(h)))
		return NOT_PARSED;
	header = (h.offset >> 4) * 4;
	if (header < 20 || c->at + header > c->end)
		return NOT_PARSED;
	p->sport = h.sport;
	p->dport = h.dport;
	p->sequence = bpf_ntohl(h.sequence);
	p->tcp_flags = h.flags;
	p->payload = c->at + header;
	p->length = c->end - c->at - header;
	return PARSED;
}

/* From the network header on; type is its EtherType. */
static __always_inline enum parsed parse(struct cursor *c, struct packet *p, __u16 type)
{
	type = skip_tags(c, type);
	if (type == TYPE_IPV4) {
		if (parse4(c, p) != PARSED)
			return NOT_PARSED;
	} else if (type == TYPE_IPV6) {
		if (parse6(c, p) != PARSED)
			return NOT_PARSED;
	} else {
		return NOT_PARSED;
	}
	if (p->fragment == 2)
		return PARSED;
	if (p->protocol == PROTO_UDP)
		return parse_udp(c, p);
	if (p->protocol == PROTO_TCP)
		return p->fragment ? NOT_PARSED : parse_tcp(c, p);
	return PARSED;
}

#endif
