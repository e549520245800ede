/* SPDX-License-Identifier: Dual BSD/GPL */
/* A packet of RTP into the figures of its stream. */
#ifndef TOLLWATCH_STREAM_H
#define TOLLWATCH_STREAM_H

#include "maps.h"
#include "parse.h"
#include "sequence.h"

#define SECOND 1000000000ULL
#define MAX_TRANSIT (10 * SECOND)    /* beyond it the sender set its time stamps anew; as in decoder/media */
#define SILENCE (SECOND / 10)	     /* a pause that the time stamps left out; as in decoder/media */
#define DOUBLE_WINDOW (SECOND / 40)  /* between two copies of a frame; as in decoder/frame */

/* One packet of RTP. */
struct media {
	__u64 at;
	__u32 ssrc, timestamp;
	__u32 length;	/* of the UDP datagram */
	__u32 payload;	/* bytes of it that are payload */
	__u16 sequence, id;
	__u8 payload_type, marker;
	__u8 pad[2];
};

/* How much longer the packet was under way than the one before it, or shorter (D of RFC 3550 6.4.1). */
static __always_inline __u64 transit(struct stream *s, struct media *m)
{
	__s64 played = (__s64)(__s32)(m->timestamp - s->timestamp) * s->tick_q8;
	__s64 d = (__s64)(m->at - s->arrival) - (played >> 8);

	return d < 0 ? -d : d;
}

/* J += (|D| - J) / 16 (RFC 3550 6.4.1), in sixteenths so that nothing is rounded away. */
static __always_inline void observe_jitter(struct stream *s, struct media *m)
{
	__u64 d = transit(s, m), jitter;

	if (s->arrival && d < MAX_TRANSIT) {
		s->jitter_q4 += d - (s->jitter_q4 >> 4);
		jitter = s->jitter_q4 >> 4;
		s->jitter_sum += jitter;
		s->jitter_count++;
		if (jitter > s->jitter_max)
			s->jitter_max = jitter;
	}
	s->timestamp = m->timestamp;
	s->arrival = m->at;
}

/* The same packet, to the identification, within the window: its frame was mirrored twice. */
static __always_inline int doubled(struct stream *s, struct media *m)
{
	struct sighting *seen = &s->seen[m->sequence & (SIGHTINGS - 1)];

	return seen->at && seen->sequence == m->sequence && seen->id == m->id && seen->length == m->length &&
	       m->at - seen->at <= DOUBLE_WINDOW;
}

static __always_inline void remember(struct stream *s, struct media *m)
{
	struct sighting *seen = &s->seen[m->sequence & (SIGHTINGS - 1)];

	seen->at = m->at;
	seen->length = m->length;
	seen->id = m->id;
	seen->sequence = m->sequence;
}

/* Counts a packet; 0 when it is a double. spurt: the first of a talkspurt. */
static __always_inline int count(struct stream *s, struct media *m, int spurt)
{
	__s16 step = m->sequence - (__u16)s->highest;
	int timed = s->use == USE_MEDIUM;

	if (step != 1 && doubled(s, m))
		return 0;
	if (timed && spurt && transit(s, m) >= SILENCE)
		s->arrival = 0;
	remember(s, m);
	s->packets++;
	s->bytes += m->payload;
	s->last = m->at;
	if (step == 1 && !s->disordered && s->highest)
		s->highest++;
	else if (!disorder(s, m->sequence))
		return 1;
	if (timed && s->tick_q8)
		observe_jitter(s, m);
	return 1;
}

#endif
