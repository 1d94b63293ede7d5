/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program has given back glibc keeps for it, instead of having the kernel take it away and zero new
 * pages a moment later (mallopt(3)): of 10,000 definitions that is a third of all page faults. Nearly
 * all commands end before anybody else could have used the memory.
 */
#include <malloc.h>

#ifdef M_TRIM_THRESHOLD
__attribute__((constructor)) static void keep_memory(void)
{
  const int large = 32 << 20;
  mallopt(M_MMAP_THRESHOLD, large);
  mallopt(M_TRIM_THRESHOLD, large);
  mallopt(M_TOP_PAD, 1 << 19);
}
#endif
