/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing is called by name: see start.c. */
#pragma once
