/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#define FUSE_USE_VERSION 34
#include <fuse_lowlevel.h>
/* What Swift's Glibc module does not bring. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

/* Swift has neither fork nor prctl, and posix_spawn cannot have a child killed when its parent
   ends. Returns 0 or an errno, also that of execvp. */
static inline int CFuse_spawn_tied(pid_t *child, char *const words[])
{
  int ends[2], code = 0;
  pid_t parent = getpid();
  if (pipe(ends) != 0) return errno;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  *child = fork();
  if (*child == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) code = errno;
    else if (getppid() != parent) code = ESRCH;
    else {
      execvp(words[0], words);
      code = errno;
    }
    _exit(write(ends[1], &code, sizeof(code)) == sizeof(code) ? 127 : 126);
  }
  if (*child < 0) code = errno;
  close(ends[1]);
  if (*child > 0) {
    if (read(ends[0], &code, sizeof(code)) == sizeof(code)) waitpid(*child, NULL, 0);
    else code = 0;
  }
  close(ends[0]);
  return code;
}

/* unshare is declared for GNU programs only, and Swift's Glibc module is built as none. */
static inline int CFuse_unshare(int flags)
{
  return (int)syscall(SYS_unshare, flags);
}
