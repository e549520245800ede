/* SPDX-License-Identifier: Dual BSD/GPL */
/* What linux/types.h wants of an architecture; the target bpf has 64 bits. */
#ifndef TOLLWATCH_ASM_TYPES_H
#define TOLLWATCH_ASM_TYPES_H

typedef signed char __s8;
typedef unsigned char __u8;
typedef signed short __s16;
typedef unsigned short __u16;
typedef signed int __s32;
typedef unsigned int __u32;
typedef signed long long __s64;
typedef unsigned long long __u64;

#endif
