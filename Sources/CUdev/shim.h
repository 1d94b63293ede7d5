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
