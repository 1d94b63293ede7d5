# SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
DESTDIR ?=
PROGRAM ?= .build/release/mdevctl
SIMULATOR ?= .build/release/mdevsim

# What building needs; tests install what else they need themselves.
PACKAGES = gcc g++ libc6-dev libjansson-dev libfuse3-dev pkg-config

# Static parts cost the least at the start of a program: see docs/architecture.md.
STATIC = .build/static
RELEASE = -c release --static-swift-stdlib -Xlinker -L$(CURDIR)/$(STATIC) \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xswiftc -use-ld=lld \
	-Xlinker -z -Xlinker pack-relative-relocs -Xlinker -s

.PHONY: all packages build demo test bench kernel-test install install-files uninstall clean

all: build

packages:
	Tests/install-packages $(PACKAGES)

build: packages
	mkdir -p $(STATIC)
	ln -sf "$$(gcc -print-file-name=libstdc++.a)" $(STATIC)/
	swift build $(RELEASE) --product mdevctl
	swift build $(RELEASE) --product mdevsim

test: packages
	Tests/install-packages strace mdevctl driverctl udev fuse3 util-linux
	swift test

bench: build
	Tests/Benchmark/run $(PROGRAM) $(SIMULATOR)

kernel-test: build
	Tests/Kernel/run $(PROGRAM)
	Tests/Kernel/compare-simulator $(SIMULATOR)

demo: build
	PATH=$(CURDIR)/.build/release:$$PATH mdevsim run --profile s390x -- Tests/Demo/walkthrough
	@printf '\n%s\n' 'For a shell on that host: PATH=$(CURDIR)/.build/release:$$PATH mdevsim run --profile s390x'

install: build install-files

# The udev rule gets the program's path; where udev runs, it takes the rule in at once.
install-files:
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/lib/udev/rules.d $(DESTDIR)/etc/mdevctl.d
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/sbin/mdevctl
	ln -sf mdevctl $(DESTDIR)$(PREFIX)/sbin/lsmdev
	if [ -e $(SIMULATOR) ]; then install -D -m 755 $(SIMULATOR) $(DESTDIR)$(PREFIX)/bin/mdevsim; fi
	for kind in callouts notifiers; do \
		install -d $(DESTDIR)$(PREFIX)/lib/mdevctl/scripts.d/$$kind \
			$(DESTDIR)/etc/mdevctl.d/scripts.d/$$kind && \
		install -m 644 etc/mdevctl.d/scripts.d/$$kind/50-example.sample \
			$(DESTDIR)/etc/mdevctl.d/scripts.d/$$kind/ || exit 1; \
	done
	install -d $(DESTDIR)$(PREFIX)/share/mdevctl/profiles
	install -m 644 profiles/*.json $(DESTDIR)$(PREFIX)/share/mdevctl/profiles/
	sed 's|/usr/sbin/mdevctl|$(PREFIX)/sbin/mdevctl|' udev/60-mdevctl.rules \
		>$(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-mdevctl.rules
	chmod 644 $(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-mdevctl.rules
	@if [ -z "$(DESTDIR)" ] && [ -S /run/udev/control ]; then udevadm control --reload; fi

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/mdevctl $(DESTDIR)$(PREFIX)/sbin/lsmdev \
		$(DESTDIR)$(PREFIX)/lib/udev/rules.d/60-mdevctl.rules $(DESTDIR)$(PREFIX)/bin/mdevsim
	rm -f $(DESTDIR)/etc/mdevctl.d/scripts.d/*/50-example.sample
	rm -rf $(DESTDIR)$(PREFIX)/share/mdevctl

clean:
	rm -rf .build
