/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * RTP: which stream a packet is of, and whether it is passed on.
 *
 * Passed on are the first packets of a stream, telephone-events, the first
 * ones after a change of codec, and whatever has not proved to be RTP. All
 * of a stream's packets are counted here, passed on or not.
 */
#ifndef TOLLWATCH_MEDIA_H
#define TOLLWATCH_MEDIA_H

#include "codec.h"
#include "stream.h"

#define UNKNOWN_STREAM 0 /* no reason: it is no RTP that is believed */

/* A stream's key, of either family. */
struct name {
	struct key4 v4;
	struct key6 v6;
};

static __always_inline void name_of(struct name *n, struct packet *p, __u32 ssrc)
{
	if (p->v4) {
		n->v4.src = *(__u32 *)&p->src[12];
		n->v4.dst = *(__u32 *)&p->dst[12];
		n->v4.sport = p->sport;
		n->v4.dport = p->dport;
		n->v4.ssrc = ssrc;
		return;
	}
	__builtin_memcpy(n->v6.src, p->src, 16);
	__builtin_memcpy(n->v6.dst, p->dst, 16);
	n->v6.sport = p->sport;
	n->v6.dport = p->dport;
	n->v6.ssrc = ssrc;
}

#define FIND(MAP, N, V4) ((V4) ? (struct stream *)bpf_map_lookup_elem(&MAP##4, &(N)->v4) \
			       : (struct stream *)bpf_map_lookup_elem(&MAP##6, &(N)->v6))
#define PUT(MAP, N, V4, S) ((V4) ? bpf_map_update_elem(&MAP##4, &(N)->v4, S, BPF_NOEXIST) \
				 : bpf_map_update_elem(&MAP##6, &(N)->v6, S, BPF_NOEXIST))

/* Payload types and ports that telephones use; candidate.go has the reasons. */
static __always_inline int plausible(struct packet *p, struct media *m)
{
	__u8 pt = m->payload_type;

	return bpf_ntohs(p->sport) >= 1024 && bpf_ntohs(p->dport) >= 1024 && m->payload > 0 && m->ssrc &&
	       ((pt <= 34 && pt != 1 && pt != 2 && pt != 19) || pt >= 96);
}

static __always_inline void clear(struct stream *s, struct media *m)
{
	__builtin_memset(s, 0, sizeof(*s));
	s->first = m->at;
	s->last = m->at;
	s->fresh = FIRST_PACKETS;
	s->payload_type = 0xff;
	s->spoken = 0xff;
	s->announcements = announcements;
	s->changes = changes;
	s->expected = m->sequence;
}

static __always_inline struct stream *make(struct media *m)
{
	__u32 zero = 0;
	struct stream *s = bpf_map_lookup_elem(&blank, &zero);

	if (s)
		clear(s, m);
	return s;
}

static __always_inline struct stream *announce(struct name *n, struct packet *p, struct media *m, struct endpoint *e,
					       struct stream *stranger)
{
	struct stream *s;

	if (e->flags & ENDPOINT_FAX || e->born >= BORN_MAX)
		return 0;
	s = stranger ? stranger : make(m);
	if (!s)
		return 0;
	s->flags = STREAM_ANNOUNCED | STREAM_PROVED | (e->flags & ENDPOINT_HEADERS ? STREAM_HEADERS : 0);
	s->payload_type = 0xff;
	s->announcements = announcements;
	if (PUT(streams, n, p->v4, s))
		return 0;
	__sync_fetch_and_add(&e->born, 1);
	if (stranger) {
		if (p->v4)
			bpf_map_delete_elem(&strangers4, &n->v4);
		else
			bpf_map_delete_elem(&strangers6, &n->v6);
	}
	return FIND(streams, n, p->v4);
}

/* The entry of a packet, which may be new; 0: there is none, and there will be none. */
static __noinline struct stream *find(struct packet *p, struct media *m)
{
	struct name n = {};
	struct stream *s, *stranger;
	struct endpoint *e;

	if (!p || !m)
		return 0;
	name_of(&n, p, m->ssrc);
	s = FIND(streams, &n, p->v4);
	if (s)
		return s;
	stranger = FIND(strangers, &n, p->v4);
	if (stranger && stranger->announcements == announcements)
		return stranger;
	e = endpoint_of(p);
	if (e) {
		s = announce(&n, p, m, e, stranger);
		if (s)
			return s;
	}
	if (stranger) {
		stranger->announcements = announcements;
		return stranger;
	}
	if (!plausible(p, m))
		return 0;
	s = make(m);
	if (!s || PUT(strangers, &n, p->v4, s))
		return 0;
	return FIND(strangers, &n, p->v4);
}

/* A stranger proves itself as in candidate.go: one payload type, the sequence going on. */
static __always_inline void prove(struct stream *s, struct media *m)
{
	__s16 step = m->sequence - s->expected;

	if (s->packets && (m->payload_type != s->payload_type || step < -1 || step > 2)) {
		clear(s, m);
	} else if (s->packets && step >= 0) {
		if (++s->in_row >= PROOFS)
			s->flags |= STREAM_PROVED;
	}
	s->expected = m->sequence + 1;
}

/* The flag may have been changed since. */
static __always_inline void look_again(struct stream *s, struct endpoint *e)
{
	s->changes = changes;
	if (!e)
		return;
	s->flags &= ~STREAM_HEADERS;
	if (e->flags & ENDPOINT_HEADERS)
		s->flags |= STREAM_HEADERS;
}

/* What becomes of a packet that has the form of RTP. */
static __noinline __u32 observe(struct packet *p, struct media *m)
{
	struct stream *s = find(p, m);
	int spurt;

	if (!p || !m || !s)
		return UNKNOWN_STREAM;
	spurt = m->marker;
	if (!(s->flags & STREAM_PROVED))
		prove(s, m);
	if (s->payload_type != m->payload_type || s->changes != changes) {
		struct endpoint *e = endpoint_of(p);

		spurt |= s->use == USE_NOISE;
		look_again(s, e);
		turn(s, e, m->payload_type);
	}
	if (!count(s, m, spurt))
		return REFUSED_DOUBLE;
	if (!(s->flags & STREAM_PROVED))
		return PASSED_RTP;
	if (s->fresh) {
		s->fresh--;
		return PASSED_RTP;
	}
	if (s->use == USE_DIGITS || (s->use == USE_UNKNOWN && m->payload == 4))
		return PASSED_RTP;
	return s->flags & STREAM_HEADERS ? PASSED_HEADERS : REFUSED_RTP;
}

#endif
