/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * What a payload looks like by its first bytes. Each answer is a superset of
 * Go's: what Go would read is never refused for it.
 */
#ifndef TOLLWATCH_CONTENT_H
#define TOLLWATCH_CONTENT_H

#include "parse.h"

#define LOOK 64 /* bytes of a payload that are looked at; a power of two */

struct look {
	__u8 b[LOOK];
};

/* Copies the beginning of a payload; how many bytes there are. The rest of l is zero. */
static __always_inline __u32 look(struct __sk_buff *skb, __u32 at, __u32 length, struct look *l)
{
	__u32 n = length;

	__builtin_memset(l, 0, sizeof(*l));
	if (!n)
		return 0;
	if (n > LOOK)
		n = LOOK;
	asm volatile("" : "+r"(n)); /* else clang proves the bound where the verifier does not look */
	n = ((n - 1) & (LOOK - 1)) + 1;
	return bpf_skb_load_bytes(skb, at, l->b, n) ? 0 : n;
}

static __always_inline __u32 word_at(const struct look *l, __u32 at)
{
	return (__u32)l->b[at] << 24 | (__u32)l->b[at + 1] << 16 | (__u32)l->b[at + 2] << 8 | l->b[at + 3];
}

/* Letters, digits and -.!%*_+`'~ (RFC 3261 25.1). */
static __always_inline int is_token(__u8 c)
{
	const __u64 low = 0x03ff6ca200000000ULL, high = 0x47ffffff87fffffeULL | 1ULL << 0;

	if (c < 64)
		return low >> c & 1;
	return c < 128 && c != '@' && high >> (c - 64) & 1;
}

/*
 * A SIP start line: a method and a blank, or "SIP/"; line ends before it are
 * keep-alives. The method is read as far as one looks: RFC 4475 has a long one.
 */
static __noinline int like_sip(const struct look *l, __u32 n)
{
	__u32 i;

	if (!l || !n)
		return 0;
	if (l->b[0] == '\r' || l->b[0] == '\n')
		return 1;
	if ((l->b[0] | 32) == 's' && (l->b[1] | 32) == 'i' && (l->b[2] | 32) == 'p' && l->b[3] == '/')
		return 1;
	for (i = 0; i < LOOK; i++) {
		if (i >= n)
			return 1; /* it may go on in the next segment */
		if (!is_token(l->b[i]))
			return i && l->b[i] == ' ';
	}
	return 1;
}

static __always_inline int like_hep3(const struct look *l)
{
	return word_at(l, 0) == 0x48455033; /* "HEP3" */
}

/* A record header (RFC 8446 5.1); the length of the record, 0 when it is none. */
static __always_inline __u32 like_tls(const struct look *l, __u32 n)
{
	__u32 length = (__u32)l->b[3] << 8 | l->b[4];

	if (n < 5 || l->b[0] < 20 || l->b[0] > 24 || l->b[1] != 3 || l->b[2] > 4 || length > (1 << 14) + 256)
		return 0;
	return length + 5;
}

/* "HTTP/1.1 101": the connection is WebSocket's from here on (RFC 6455 4.2.2). */
static __always_inline int switches(const struct look *l)
{
	return word_at(l, 0) == 0x48545450 && l->b[4] == '/' && word_at(l, 8) == 0x20313031;
}

/* A frame of text or bytes (RFC 6455 5.2) whose payload begins like SIP. */
static __always_inline int like_websocket(const struct look *l, __u32 n)
{
	__u8 opcode = l->b[0] & 0x7f, size = l->b[1] & 0x7f;
	__u32 at = 2, i;
	__u8 key[4] = {};

	if (n < 16 || (opcode != 1 && opcode != 2))
		return 0;
	if (size == 126)
		at = 4;
	else if (size == 127)
		at = 10;
	if (l->b[1] & 0x80) {
		for (i = 0; i < 4; i++)
			key[i] = l->b[(at + i) & (LOOK - 1)];
		at += 4;
	}
	for (i = 0; i < 4; i++) {
		__u8 c = l->b[(at + i) & (LOOK - 1)] ^ key[i];

		if (!is_token(c) && c != '\r' && c != '\n' && c != ' ' && c != '/')
			return 0;
	}
	return 1;
}

/* STUN, ZRTP, DTLS and TURN's channels (RFC 7983), as decoder/rtp/demux.go tells them. */
static __always_inline int like_media(const struct look *l, __u32 n, __u32 length)
{
	__u8 first = l->b[0];

	if (first < 4)
		return n >= 20 && word_at(l, 4) == 0x2112a442;
	if (first >= 16 && first < 20)
		return n >= 12 && word_at(l, 4) == 0x5a525450; /* "ZRTP" */
	if (first >= 20 && first < 64)
		return n >= 13 && l->b[1] == 0xfe && (l->b[2] == 0xff || l->b[2] == 0xfd);
	if (first >= 64 && first < 80) {
		__u32 said = ((__u32)l->b[2] << 8 | l->b[3]) + 4;

		return length >= said && length - said < 4;
	}
	return 0;
}

#endif
