// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * A parent device that stays while its driver registers it as a parent of mediated devices, and
 * unregisters it, as a css subchannel or a GPU does; the kernel's sample drivers make a device of
 * their own each time. Its devices do nothing. "1" or "0" is written to
 * /sys/module/stay_parent/parameters/registered. For Linux 6.1 and newer.
 */
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static struct platform_device *device;
static struct mdev_parent parent;
static struct mdev_type type = {.sysfs_name = "plain", .pretty_name = "Plain"};
static struct mdev_type *types[] = {&type};
static bool registered;

static int stay_probe(struct mdev_device *mdev)
{
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

static int set_registered(const char *value, const struct kernel_param *parameter)
{
	bool wanted;
	int result = kstrtobool(value, &wanted);

	if (result)
		return result;
	if (!device)
		return -ENODEV;
	if (wanted && !registered) {
		memset(&type.kobj, 0, sizeof(type.kobj));
		result = mdev_register_parent(&parent, &device->dev, &driver, types, 1);
	} else if (!wanted && registered) {
		mdev_unregister_parent(&parent);
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

static int __init stay_init(void)
{
	struct platform_device *made;
	int result = mdev_register_driver(&driver);

	if (result)
		return result;
	made = platform_device_register_simple("stay-parent", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(made)) {
		mdev_unregister_driver(&driver);
		return PTR_ERR(made);
	}
	device = made;
	return 0;
}

static void __exit stay_exit(void)
{
	if (registered)
		mdev_unregister_parent(&parent);
	platform_device_unregister(device);
	mdev_unregister_driver(&driver);
}

module_init(stay_init);
module_exit(stay_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("A parent of mediated devices that stays while it is not registered");
