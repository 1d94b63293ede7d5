/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <asm/ioctls.h>
#include <linux/vfio.h>
#include <sys/syscall.h>

/* A header of glibc's here would take the types in it from Swift's module of glibc. */
extern long syscall(long number, ...);

/* glibc shows renameat2 with _GNU_SOURCE only, which Swift's module of it has not set. */
static inline int CLinux_exchange(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, -100 /* AT_FDCWD */, one, -100, other,
                      2 /* RENAME_EXCHANGE */);
}

/* Newer than what glibc 2.35 shows. */
static inline int CLinux_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

static inline int CLinux_pidfd_getfd(int pidfd, int descriptor) {
  return (int)syscall(SYS_pidfd_getfd, pidfd, descriptor, 0);
}

/* As renameat2; fills the buffer with entries (struct linux_dirent64). */
static inline long CLinux_getdents(int directory, void *buffer, unsigned long size) {
  return syscall(SYS_getdents64, directory, buffer, size);
}

/* For <sys/eventfd.h> and <sys/signalfd.h>, which Swift's module of glibc is without. */
static inline int CLinux_eventfd(int flags) { return (int)syscall(SYS_eventfd2, 0, flags); }

/* The set as the kernel has it: the bit of signal 1 is the lowest. */
static inline int CLinux_signalfd(unsigned long long signals, int flags) {
  return (int)syscall(SYS_signalfd4, -1, &signals, sizeof signals, flags);
}

/* ioctl takes any number of arguments, and Swift calls no such function. */
extern int ioctl(int descriptor, unsigned long request, ...);

static inline int CLinux_vfio_group_set_container(int group, int container) {
  return ioctl(group, VFIO_GROUP_SET_CONTAINER, &container);
}

static inline int CLinux_vfio_group_unset_container(int group) {
  return ioctl(group, VFIO_GROUP_UNSET_CONTAINER);
}

/* The width of a terminal in characters; 0 if it is not known. */
static inline int CLinux_terminal_columns(int descriptor) {
  unsigned short size[4] = {0}; /* struct winsize: rows, columns, and both in pixels */
  return ioctl(descriptor, TIOCGWINSZ, size) == 0 ? size[1] : 0;
}

/* Swift's module of glibc is without <sys/xattr.h>. */
extern long lgetxattr(const char *path, const char *name, void *value, unsigned long size);
extern long fgetxattr(int descriptor, const char *name, void *value, unsigned long size);
extern int fsetxattr(int descriptor, const char *name, const void *value, unsigned long size,
                     int flags);

/* Nor has it <sys/sysmacros.h>. */
extern unsigned int gnu_dev_major(unsigned long device);
extern unsigned int gnu_dev_minor(unsigned long device);
