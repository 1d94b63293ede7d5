// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * A parent device that stays while its driver registers it as a parent of mediated devices, and
 * unregisters it, as a css subchannel or a GPU does; the kernel's sample drivers make a device of
 * their own each time. Its devices do nothing. "1" or "0" is written to
 * /sys/module/stay_parent/parameters/registered. With "more" there are so many further parents,
 * stay-parent.0 and so on, which come and go with the first. While "hangs" is 1, a process that
 * makes a device waits in the kernel, where no signal ends it. For Linux 6.1 and newer.
 */
#include <linux/mdev.h>
#include <linux/sched.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define MOST 256

static struct platform_device *devices[MOST + 1];
static struct mdev_parent parents[MOST + 1];
static struct mdev_type types[MOST + 1];
static struct mdev_type *lists[MOST + 1][1];
static bool registered;

static unsigned int more;
module_param(more, uint, 0444);
static bool hangs;
module_param(hangs, bool, 0644);

static int stay_probe(struct mdev_device *mdev)
{
	while (READ_ONCE(hangs))
		schedule_timeout_uninterruptible(HZ / 10);
	return 0;
}

static void stay_remove(struct mdev_device *mdev)
{
}

static struct mdev_driver driver = {
	.device_api = "none",
	.max_instances = 4,
	.driver = {.name = "stay_parent", .owner = THIS_MODULE, .mod_name = KBUILD_MODNAME},
	.probe = stay_probe,
	.remove = stay_remove,
};

static int stay_register(unsigned int i)
{
	memset(&types[i], 0, sizeof(types[i]));
	types[i].sysfs_name = "plain";
	types[i].pretty_name = "Plain";
	lists[i][0] = &types[i];
	return mdev_register_parent(&parents[i], &devices[i]->dev, &driver, lists[i], 1);
}

static int set_registered(const char *value, const struct kernel_param *parameter)
{
	bool wanted;
	unsigned int i;
	int result = kstrtobool(value, &wanted);

	if (result)
		return result;
	if (!devices[0])
		return -ENODEV;
	for (i = 0; i <= more && wanted != registered && !result; i++) {
		if (wanted)
			result = stay_register(i);
		else
			mdev_unregister_parent(&parents[i]);
	}
	if (!result)
		registered = wanted;
	return result;
}

static const struct kernel_param_ops registered_operations = {
	.set = set_registered,
	.get = param_get_bool,
};
module_param_cb(registered, &registered_operations, &registered, 0644);

static void stay_remove_devices(void)
{
	unsigned int i;

	for (i = 0; i <= more; i++)
		if (devices[i])
			platform_device_unregister(devices[i]);
	mdev_unregister_driver(&driver);
}

static int __init stay_init(void)
{
	struct platform_device *made;
	unsigned int i;
	int result;

	if (more > MOST)
		return -EINVAL;
	result = mdev_register_driver(&driver);
	if (result)
		return result;
	/* The first is the last to be there, since it tells that all are. */
	for (i = more + 1; i-- > 0;) {
		made = platform_device_register_simple("stay-parent", i ? i - 1 : PLATFORM_DEVID_NONE, NULL, 0);
		if (IS_ERR(made)) {
			stay_remove_devices();
			return PTR_ERR(made);
		}
		devices[i] = made;
	}
	return 0;
}

static void __exit stay_exit(void)
{
	unsigned int i;

	for (i = 0; i <= more && registered; i++)
		mdev_unregister_parent(&parents[i]);
	stay_remove_devices();
}

module_init(stay_init);
module_exit(stay_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("A parent of mediated devices that stays while it is not registered");
