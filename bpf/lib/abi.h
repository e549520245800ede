/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * What the programs and the sensor share. Every struct is padded by hand: its
 * size is the same for any compiler and any kernel. Addresses and ports are in
 * network order, times are nanoseconds of CLOCK_MONOTONIC, all else is in the
 * order of the host.
 */
#ifndef TOLLWATCH_ABI_H
#define TOLLWATCH_ABI_H

#include <linux/types.h>

#define WINDOW 1024	 /* sequence numbers that are remembered; as in decoder/media */
#define MAX_DROPOUT 3000 /* a longer jump must prove itself (RFC 3550 A.1) */
#define PROOFS 3	 /* packets that must go on until an unannounced flow is a stream */
#define FIRST_PACKETS 8	 /* of a stream, that are passed on */
#define FRESH_PACKETS 4	 /* after a change of codec, that are passed on */
#define BORN_MAX 16	 /* streams that one endpoint may have counted without proof */
#define CODECS 16	 /* of an endpoint, those of RFC 3551 not among them */
#define CHUNK 16384	 /* bytes of a frame in one record of the ring buffer */

/* A stream over IPv4. */
struct key4 {
	__u32 src, dst;
	__u16 sport, dport;
	__u32 ssrc;
};

/* A stream over IPv6. */
struct key6 {
	__u8 src[16], dst[16];
	__u16 sport, dport;
	__u32 ssrc;
};

/* Where SDP says that media arrives. IPv4 is mapped (RFC 4291 2.5.5.2). */
struct endpoint_key {
	__u8 addr[16];
	__u16 port;
	__u16 pad[3];
};

/* What packets of a payload type are; the same numbers as in decoder/media. */
enum use {
	USE_MEDIUM = 1,
	USE_DIGITS,
	USE_NOISE,
	USE_UNKNOWN,
};

/* What a payload type means. */
struct codec {
	__u32 tick_q8; /* ns that a unit of the time stamp lasts, times 256; 0: not known */
	__u8 payload_type;
	__u8 use;
	__u8 pad[2];
};

enum endpoint_flag {
	ENDPOINT_FAX = 1,     /* T.38: RTP must prove itself, since UDPTL begins with any two bytes */
	ENDPOINT_HEADERS = 2, /* the headers of every packet are wanted */
};

/* An endpoint that was announced, and answered. */
struct endpoint {
	__u32 flags;
	__u32 born; /* streams that the programs have made of it */
	__u32 n;    /* of codecs */
	__u32 pad;
	struct codec codecs[CODECS];
};

enum stream_flag {
	STREAM_ANNOUNCED = 1,
	STREAM_PROVED = 2,
	STREAM_HEADERS = 4,
};

/* A packet that was counted, to know its double. */
struct sighting {
	__u64 at;
	__u32 length; /* of the UDP datagram */
	__u16 id;     /* IPv4 identification */
	__u16 sequence;
};

#define SIGHTINGS 4

/*
 * The figures of one stream. The first three lines of the cache are all that a
 * packet in good order touches. One processor writes it, since a network card
 * keeps a flow on one; readers may see a packet half counted.
 */
struct stream {
	__u64 packets;
	__u64 bytes;   /* of payload */
	__u64 highest; /* extended sequence number, from 2^32 on; 0: none yet */
	__u64 last;    /* the latest packet */
	__u64 arrival; /* of the packet that the next is compared with; 0: none */
	__u32 timestamp;
	__u32 tick_q8;
	__u64 jitter_q4; /* ns, times 16 */
	__u8 payload_type;
	__u8 use;
	__u8 flags;
	__u8 fresh; /* packets still to be passed on */
	__u32 changes; /* of endpoints, when the payload type was looked up */

	__u64 jitter_sum; /* ns, over jitter_count packets */
	__u64 jitter_max;
	__u64 first;  /* the first packet: it also tells an entry from a later one with the same key */
	__u64 base;   /* extended sequence number that the present run began with */
	__u64 before; /* packets expected in the runs before */
	__u32 jitter_count;
	__u32 duplicates, reordered, gaps, restarts;
	__u16 next;	 /* after a jump: what proves it */
	__u8 jumped;
	__u8 disordered; /* a packet was not the next one: the bitmap counts */

	struct sighting seen[SIGHTINGS];

	__u64 missing[WINDOW / 64]; /* bit n % WINDOW: the number n of the run is missing */

	__u32 announcements; /* when an endpoint was last looked for */
	__u16 expected;	     /* sequence number, while it proves itself */
	__u8 in_row;	     /* packets that went on */
	__u8 spoken;	     /* payload type of the latest medium */
};

/* A direction of a TCP connection. */
struct flow_key {
	__u8 src[16], dst[16];
	__u16 sport, dport;
};

struct flow {
	__u32 budget; /* segments that are passed on, whatever they carry */
	__u32 until;  /* sequence number: what lies before is passed on */
};

/* What became of a frame: each has one reason. Those from REFUSED_RTP on were not passed on. */
enum reason {
	PASSED_SIP = 1,
	PASSED_TCP,	 /* segments of connections that may carry signalling */
	PASSED_RTP,	 /* first packets, telephone-events, unproved streams */
	PASSED_HEADERS,	 /* of RTP at an endpoint that asks for them */
	PASSED_CONTROL,	 /* RTCP */
	PASSED_MEDIA,	 /* STUN, DTLS, ZRTP, TURN, and what else comes to an endpoint */
	PASSED_FRAGMENT,
	PASSED_WRAPPED,	 /* tunnels, tags, agents' reports: Go unwraps them */
	PASSED_OTHER,	 /* what is not parsed here */
	REFUSED_RTP,	 /* counted in its stream */
	REFUSED_DOUBLE,	 /* a frame of RTP that was mirrored twice */
	REFUSED_UDP,	 /* neither signalling nor media */
	REFUSED_TCP,	 /* neither signalling nor TLS's records */
	REFUSED_ESP,	 /* encrypted IP */
	REASONS,
};

struct tally {
	__u64 frames;
	__u64 bytes; /* on the wire */
};

/* Before each chunk of a frame in the ring buffer. */
struct record {
	__u64 at;
	__u32 wire;   /* length of the frame */
	__u32 length; /* bytes of it that are passed on */
	__u32 offset; /* of this chunk */
	__u32 size;   /* of this chunk */
	__u32 ifindex;
	__u16 vlan; /* tag control information that the kernel has taken out */
	__u16 vlan_protocol;
	__u32 tagged;
	__u32 cpu; /* chunks of one frame come in order, those of two processors in any */
};

struct chunk {
	struct record header;
	__u8 data[CHUNK];
};

#endif
