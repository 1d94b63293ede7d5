/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sys/syscall.h>

/* A header of glibc's here would take the types in it from Swift's module of glibc. */
extern long syscall(long number, ...);

/* glibc shows renameat2 with _GNU_SOURCE only, which Swift's module of it has not set. */
static inline int CLinux_exchange(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, -100 /* AT_FDCWD */, one, -100, other,
                      2 /* RENAME_EXCHANGE */);
}
