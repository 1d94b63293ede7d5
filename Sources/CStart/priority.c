/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dispatch asks for a better niceness for the threads that it deems important (src/queue.c), and tells
 * the system's log where it is refused: of each user but root, and of a unit without CAP_SYS_NICE. This
 * program has no claim to more of the machine than others, so it has what it asks for without asking.
 * Weak and hidden, as in start.c.
 */
#define ANSWER __attribute__((weak, visibility("hidden")))

ANSWER int setpriority(int kind, unsigned who, int niceness)
{
  (void)kind, (void)who, (void)niceness;
  return 0;
}
