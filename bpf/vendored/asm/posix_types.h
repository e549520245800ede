/* SPDX-License-Identifier: Dual BSD/GPL */
