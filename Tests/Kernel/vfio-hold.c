/* SPDX-License-Identifier: Apache-2.0 */
/* vfio-hold GROUP [DEVICE]: opens /dev/vfio/GROUP and, if DEVICE is given, that device in it with
 * its container; says "held" and keeps them open until killed, as a running virtual machine does.
 * While a device is so held, a write to its "remove" waits; while only its group is, it does not.
 * vfio-hold fd:N DEVICE: the same with the group that is open as N, and is closed in the end. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int must(const char *what, int result)
{
	if (result < 0) {
		fprintf(stderr, "vfio-hold: %s: %s\n", what, strerror(errno));
		exit(1);
	}
	return result;
}

int main(int argc, char **argv)
{
	char path[64];
	int group, container;

	if (argc < 2)
		return 2;
	if (sscanf(argv[1], "fd:%d", &group) != 1) {
		snprintf(path, sizeof(path), "/dev/vfio/%s", argv[1]);
		group = must(path, open(path, O_RDWR));
	}
	if (argc > 2) {
		container = must("/dev/vfio/vfio", open("/dev/vfio/vfio", O_RDWR));
		must("set container", ioctl(group, VFIO_GROUP_SET_CONTAINER, &container));
		must("set iommu", ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU));
		must("get device", ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[2]));
		if (!strncmp(argv[1], "fd:", 3))
			close(group);
	}
	puts("held");
	fflush(stdout);
	for (;;)
		pause();
}
