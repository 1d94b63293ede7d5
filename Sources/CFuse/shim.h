/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#define FUSE_USE_VERSION 34
#include <fuse_lowlevel.h>
/* What Swift's Glibc module does not bring. */
#include <linux/sched.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/* fuse_session_new is a function in libfuse 3.14 and a macro in later ones; Swift sees no macro. */
static inline struct fuse_session *CFuse_session_new(struct fuse_args *arguments,
    const struct fuse_lowlevel_ops *operations, void *owner)
{
  return fuse_session_new(arguments, operations, sizeof(*operations), owner);
}

/* The members of fuse_file_info are bit fields, which no Swift expression can set in place. */
static inline void CFuse_bypass_cache(struct fuse_file_info *file)
{
  file->direct_io = 1;
}

/* unshare is declared for GNU programs only, and Swift's Glibc module is built as none. */
static inline int CFuse_unshare(int flags)
{
  return (int)syscall(SYS_unshare, flags);
}
