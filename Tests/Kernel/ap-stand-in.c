// SPDX-License-Identifier: GPL-2.0
/* A bus "ap" with the two masks and the device that tells when the bus is ready, on a machine that
 * has no crypto cards: what udev rules for the masks see and write. Only a PC's kernel builds it;
 * the masks keep whatever full mask is written to them. */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/string.h>

static unsigned int complete_count;
module_param(complete_count, uint, 0444);
MODULE_PARM_DESC(complete_count, "how often all queues had been bound when the bus appears");

static char masks[2][80] = {
	"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

static struct device *root;

/* Tells of a changed mask as ap_send_mask_changed_uevent of ap_bus.c does, with a line end. */
static ssize_t put(const char *name, char *mask, const char *text, size_t count)
{
	char change[100];
	char *event[] = { change, NULL };

	if (count < 66 || count > 67)
		return -EINVAL;
	strscpy(mask, text, 67);
	snprintf(change, sizeof(change), "%s=%s\n", name, mask);
	if (!IS_ERR_OR_NULL(root)) /* the bus is there a little earlier */
		kobject_uevent_env(&root->kobj, KOBJ_CHANGE, event);
	return count;
}

static ssize_t apmask_show(struct bus_type *bus, char *text) { return sysfs_emit(text, "%s\n", masks[0]); }
static ssize_t aqmask_show(struct bus_type *bus, char *text) { return sysfs_emit(text, "%s\n", masks[1]); }

static ssize_t apmask_store(struct bus_type *bus, const char *text, size_t count)
{
	return put("APMASK", masks[0], text, count);
}

static ssize_t aqmask_store(struct bus_type *bus, const char *text, size_t count)
{
	return put("AQMASK", masks[1], text, count);
}

static ssize_t bindings_complete_count_show(struct bus_type *bus, char *text)
{
	return sysfs_emit(text, "%u\n", complete_count);
}

static BUS_ATTR_RW(apmask);
static BUS_ATTR_RW(aqmask);
static BUS_ATTR_RO(bindings_complete_count);

static struct attribute *bus_attrs[] = {
	&bus_attr_apmask.attr, &bus_attr_aqmask.attr, &bus_attr_bindings_complete_count.attr, NULL,
};
ATTRIBUTE_GROUPS(bus);

static struct bus_type bus = { .name = "ap", .bus_groups = bus_groups };

/* Writing here sends the event that a real bus sends once. */
static ssize_t complete_store(struct device *dev, struct device_attribute *attribute,
			      const char *text, size_t count)
{
	char *event[] = { "BINDINGS=complete", "COMPLETECOUNT=1", NULL };

	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, event);
	return count;
}
static DEVICE_ATTR_WO(complete);

static int __init stand_in_init(void)
{
	int failure = bus_register(&bus);

	if (failure)
		return failure;
	root = root_device_register("ap");
	if (IS_ERR(root)) {
		bus_unregister(&bus);
		return PTR_ERR(root);
	}
	root->bus = &bus;
	return device_create_file(root, &dev_attr_complete);
}

static void __exit stand_in_exit(void)
{
	device_remove_file(root, &dev_attr_complete);
	root->bus = NULL;
	root_device_unregister(root);
	bus_unregister(&bus);
}

module_init(stand_in_init);
module_exit(stand_in_exit);
MODULE_LICENSE("GPL");
