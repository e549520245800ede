/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Loss, duplicates and reordering of a stream: decoder/media/disorder.go, line
 * by line, so that both ways of counting give the same figures.
 */
#ifndef TOLLWATCH_SEQUENCE_H
#define TOLLWATCH_SEQUENCE_H

#include "abi.h"

#define WORDS (WINDOW / 64)

static __always_inline __u64 *word(struct stream *s, __u64 n)
{
	return &s->missing[(n / 64) & (WORDS - 1)];
}

static __always_inline void take(struct stream *s, __u64 n)
{
	*word(s, n) &= ~(1ULL << (n & 63));
}

static __always_inline int lacks(struct stream *s, __u64 n)
{
	return *word(s, n) >> (n & 63) & 1;
}

static __always_inline int has(struct stream *s, __u64 n)
{
	return n >= s->base && !lacks(s, n);
}

/* Marks the numbers from first up to, but not with, end: fewer than WINDOW. */
static __always_inline void miss(struct stream *s, __u64 first, __u64 end)
{
	__u64 n = first;
	int i;

	for (i = 0; i <= WORDS && n < end; i++) {
		__u64 mask = ~0ULL << (n & 63);
		__u64 following = (n | 63) + 1;

		if (end < following)
			mask &= (1ULL << (end & 63)) - 1;
		*word(s, n) |= mask;
		n = following;
	}
}

static __always_inline __u64 run_length(struct stream *s)
{
	return s->highest ? s->before + s->highest - s->base + 1 : 0;
}

static __always_inline void begin_run(struct stream *s, __u16 sequence)
{
	s->base = (__u64)sequence + (1ULL << 32);
	s->highest = s->base;
}

/* A number far from all others: it was received, and was to be expected. */
static __always_inline int jump(struct stream *s, __u16 sequence)
{
	if (s->jumped && sequence == s->next) {
		s->before--;
		s->before = run_length(s);
		s->restarts++;
		s->jumped = 0;
		begin_run(s, sequence - 1);
		take(s, s->highest);
		s->highest++;
		take(s, s->highest);
		s->arrival = 0;
		return 1;
	}
	if (s->jumped && sequence == (__u16)(s->next - 1)) {
		s->duplicates++;
		return 0;
	}
	s->jumped = 1;
	s->next = sequence + 1;
	s->before++;
	return 0;
}

/* Those between the highest and the packet step ahead are lost so far. */
static __always_inline void skip(struct stream *s, __u32 step)
{
	__u64 back = step < WINDOW ? step : WINDOW;
	__u64 ahead = s->highest + step;

	miss(s, ahead - back + 1, ahead);
	s->highest = ahead;
	s->gaps++;
	take(s, ahead);
}

/* The number n, not above the highest; 0 for a duplicate. */
static __always_inline int late(struct stream *s, __u64 n)
{
	int before, after;

	if (has(s, n)) {
		s->duplicates++;
		return 0;
	}
	s->reordered++;
	before = has(s, n - 1);
	after = has(s, n + 1);
	take(s, n);
	if (n < s->base) {
		miss(s, n + 1, s->base);
		s->base = n;
		if (!after)
			s->gaps++;
	} else if (before && after) {
		s->gaps--;
	} else if (!before && !after) {
		s->gaps++;
	}
	return 1;
}

/*
 * Places a number that is not the next of a stream in good order; 0 for a
 * duplicate and for a jump that has yet to prove itself, which say nothing of
 * jitter.
 */
static __noinline int disorder(struct stream *s, __u16 sequence)
{
	__s16 step;

	if (!s)
		return 0;
	if (!s->highest) {
		begin_run(s, sequence);
		return 1;
	}
	s->disordered = 1;
	step = sequence - (__u16)s->highest;
	if (step == 1) {
		s->jumped = 0;
		s->highest++;
		take(s, s->highest);
		return 1;
	}
	if (step > 0 && step < MAX_DROPOUT) {
		s->jumped = 0;
		skip(s, step);
		return 1;
	}
	if (step <= 0 && step > -WINDOW)
		return late(s, s->highest - (__u64)(-(__s64)step));
	return jump(s, sequence);
}

#endif
