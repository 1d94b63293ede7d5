/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <libudev.h>

/* The library is loaded when it is wanted, so its functions are found by name, and Swift can't ask
   for the type of a function that is not linked. */
typedef __typeof__(udev_new) *CUdev_new;
typedef __typeof__(udev_unref) *CUdev_unref;
typedef __typeof__(udev_hwdb_new) *CUdev_hwdb_new;
typedef __typeof__(udev_hwdb_unref) *CUdev_hwdb_unref;
typedef __typeof__(udev_hwdb_get_properties_list_entry) *CUdev_hwdb_get_properties_list_entry;
typedef __typeof__(udev_list_entry_get_by_name) *CUdev_list_entry_get_by_name;
typedef __typeof__(udev_list_entry_get_value) *CUdev_list_entry_get_value;
typedef __typeof__(udev_monitor_new_from_netlink) *CUdev_monitor_new_from_netlink;
typedef __typeof__(udev_monitor_unref) *CUdev_monitor_unref;
typedef __typeof__(udev_monitor_set_receive_buffer_size) *CUdev_monitor_set_receive_buffer_size;
typedef __typeof__(udev_monitor_enable_receiving) *CUdev_monitor_enable_receiving;
typedef __typeof__(udev_monitor_get_fd) *CUdev_monitor_get_fd;
typedef __typeof__(udev_monitor_receive_device) *CUdev_monitor_receive_device;
typedef __typeof__(udev_device_unref) *CUdev_device_unref;
typedef __typeof__(udev_device_get_property_value) *CUdev_device_get_property_value;
