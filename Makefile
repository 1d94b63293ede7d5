# SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
DESTDIR ?=
PROGRAM ?= .build/release/mdevctl

# What building needs; tests install what else they need themselves.
PACKAGES = gcc g++ libc6-dev libjansson-dev libfuse3-dev libudev-dev pkg-config

# Static parts cost the least at the start of a program: see docs/architecture.md.
STATIC = .build/static
RELEASE = -c release --product mdevctl --static-swift-stdlib -Xlinker -L$(CURDIR)/$(STATIC) \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xswiftc -use-ld=lld \
	-Xlinker -z -Xlinker pack-relative-relocs -Xlinker -s

.PHONY: all packages build demo test bench kernel-test install install-files uninstall clean

all: build

packages:
	Tests/install-packages $(PACKAGES)

build: packages
	mkdir -p $(STATIC)
	ln -sf "$$(gcc -print-file-name=libstdc++.a)" $(STATIC)/
	swift build $(RELEASE)

test: packages
	Tests/install-packages strace driverctl udev fuse3
	swift test

bench: build
	Tests/Benchmark/run $(PROGRAM)

kernel-test: build
	Tests/Kernel/run $(PROGRAM)

demo: build
	Tests/Kernel/demo $(PROGRAM)

install: build install-files

# The udev rule gets the program's path; where udev runs, it takes the rule in at once.
install-files:
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/lib/udev/rules.d $(DESTDIR)/etc/mdevctl.d
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/sbin/mdevctl
	ln -sf mdevctl $(DESTDIR)$(PREFIX)/sbin/lsmdev
	ln -sf mdevctl $(DESTDIR)$(PREFIX)/sbin/driverctl
	sed 's|/usr/sbin/mdevctl|$(PREFIX)/sbin/mdevctl|' udev/60-mdevctl.rules \
		>$(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-mdevctl.rules
	chmod 644 $(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-mdevctl.rules
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)/etc/driverctl.d
	install -m 644 udev/05-driverctl.rules $(DESTDIR)$(PREFIX)/lib/udev/rules.d/
	sed 's|/usr/sbin/driverctl|$(PREFIX)/sbin/driverctl|' systemd/driverctl@.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/driverctl@.service
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/driverctl@.service
	@if [ -z "$(DESTDIR)" ] && [ -S /run/udev/control ]; then udevadm control --reload; fi

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/mdevctl $(DESTDIR)$(PREFIX)/sbin/lsmdev \
		$(DESTDIR)$(PREFIX)/sbin/driverctl \
		$(DESTDIR)$(PREFIX)/lib/udev/rules.d/05-driverctl.rules \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/driverctl@.service \
		$(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-mdevctl.rules

clean:
	rm -rf .build
