/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two questions that Swift's runtime asks itself at each start of a static program, answered
 * without a search. The runtime's own answers (stdlib/public/CommandLineSupport/CommandLine.cpp
 * and stdlib/public/runtime/Paths.cpp) are members of an archive, so the linker takes them only if
 * nobody else has the names. These are weak: should a later runtime bring more in the same members,
 * its own are taken, and nothing but the time is lost. They are hidden, so that a shared runtime,
 * as of a debug build, keeps its own.
 */
#include <stddef.h>

#define ANSWER __attribute__((weak, visibility("hidden")))

static char **arguments;
static int count;

/* glibc hands constructors what it hands main; the runtime reads all of /proc/self/maps to find it
   on the stack. */
__attribute__((constructor)) static void note_arguments(int argc, char **argv)
{
  arguments = argv;
  count = argc;
}

ANSWER char **_swift_stdlib_getUnsafeArgvArgc(int *length)
{
  *length = count;
  return arguments;
}

ANSWER void _swift_stdlib_overrideUnsafeArgvArgc(char **argv, int argc)
{
  arguments = argv;
  count = argc;
}

/* A static program has no toolchain beside it: where a program that prints traces of crashes would
   lie is looked for in eight places, at each start. */
ANSWER const char *swift_getRuntimeLibraryPath(void) { return NULL; }

ANSWER const char *swift_getRootPath(void) { return NULL; }

ANSWER const char *swift_copyAuxiliaryExecutablePath(const char *name)
{
  (void)name;
  return NULL;
}
