# SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
DESTDIR ?=
PROGRAM ?= .build/release/mdevctl
SIMULATOR ?= .build/release/mdevsim

# What building needs, besides make, git and Swift, by the names of Debian and of others.
PACKAGES = gcc g++ libc6-dev libjansson-dev libfuse3-dev libudev-dev pkg-config
FEDORA = gcc gcc-c++ glibc-devel jansson-devel fuse3-devel systemd-devel pkgconf-pkg-config
OPENSUSE = gcc gcc-c++ glibc-devel libjansson-devel fuse3-devel systemd-devel pkgconf-pkg-config

# Static parts cost the least at the start of a program: see docs/architecture.md.
STATIC = .build/static
RELEASE = -c release --static-swift-stdlib -Xlinker -L$(CURDIR)/$(STATIC) \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xswiftc -use-ld=lld \
	-Xlinker -z -Xlinker pack-relative-relocs -Xlinker -s

.PHONY: all deps build demo shell check test test-packages golden bench fuzz kernel-test boot-test install install-files uninstall clean

all: build

# What building needs; the only thing here that has to be done as root, beside installing.
deps:
	@if command -v apt-get >/dev/null; then Tests/install-packages $(PACKAGES); else \
		echo 'What building needs is installed'; \
		echo '  on Fedora by: dnf install $(FEDORA)'; \
		echo '  on openSUSE by: zypper install $(OPENSUSE)'; \
	fi

build:
	mkdir -p $(STATIC)
	ln -sf "$$(gcc -print-file-name=libstdc++.a)" $(STATIC)/
	swift build $(RELEASE) --product mdevctl
	swift build $(RELEASE) --product mdevsim

# From Debian 13 on, each driver of libvirt has a package of its own.
LIBVIRT = libvirt-daemon libvirt-clients $$(apt-cache pkgnames libvirt-daemon-driver-nodedev)

test-packages: deps
	Tests/install-packages strace mdevctl driverctl udev fuse3 kmod util-linux $(LIBVIRT)

test: test-packages
	swift test

# For every day: what a change breaks most often, in less than a minute after the build.
check:
	swift format lint --strict --recursive Sources Tests Package.swift
	Tests/check-imports
	swift test --skip IntegrationTests

# Makes the golden files anew from what the program says now; 'git diff' then shows what changed.
# The tests that have one are those that call goldenText.
GOLDEN_TESTS = $$(grep -rl --include='*Tests.swift' goldenText Tests | \
	sed 's|.*/||; s|\.swift||' | paste -sd '|')

golden: test-packages
	REGENERATE=1 swift test --filter "$(GOLDEN_TESTS)"

bench: build
	Tests/Benchmark/run $(PROGRAM) $(SIMULATOR)

# How long each of the readers is fuzzed.
FUZZ_SECONDS ?= 60

fuzz: deps
	Tests/Fuzz/run $(FUZZ_SECONDS)

kernel-test: build
	Tests/Kernel/run $(PROGRAM)
	Tests/Kernel/run-system $(PROGRAM)
	Tests/Kernel/compare-simulator $(SIMULATOR)

# Part of kernel-test: some boots of Debian with systemd as process 1, a minute each without KVM.
boot-test: build
	Tests/Kernel/run-system $(PROGRAM)

demo: deps build
	PATH=$(CURDIR)/.build/release:$$PATH mdevsim run --profile s390x -- Tests/Demo/walkthrough
	@printf '\n%s\n' "For a shell on that host: 'make shell'"

# The host that 'make shell' goes to, by its name in profiles/.
PROFILE ?= s390x

shell: build
	PATH=$(CURDIR)/.build/release:$$PATH mdevsim run --profile $(PROFILE)

install: build install-files

UNITS = mdevctl-start@.service mdevctl-coldplug.service mdevctl-settle.service mdevctl.target \
	driverctl@.service
RULES = 05-driverctl.rules 60-mdevctl.rules

# Where units and rules go. A package for Debian 12 needs '/lib/systemd/system' and
# '/lib/udev/rules.d': dpkg knows the files of driverctl 0.111 by these names, and to remove that
# would otherwise take ours along, which are the same files by another name.
UNITS_DIRECTORY ?= $(PREFIX)/lib/systemd/system
RULES_DIRECTORY ?= $(PREFIX)/lib/udev/rules.d

# Where mdevctl looks for callouts, whatever the prefix.
CALLOUTS ?= /usr/lib/mdevctl/scripts.d/callouts

# Where initramfs-tools and dracut look for what belongs into an initrd, whatever the prefix.
INITRAMFS_HOOKS ?= /usr/share/initramfs-tools/hooks
DRACUT_MODULES ?= /usr/lib/dracut/modules.d

define NEWLINE


endef

# install_unit FILE: installs a unit with the program's path filled in.
define install_unit
	sed 's|/usr/sbin/\(mdevctl\|driverctl\)|$(PREFIX)/sbin/\1|' $(1) \
		>$(DESTDIR)$(UNITS_DIRECTORY)/$(notdir $(1))
	chmod 644 $(DESTDIR)$(UNITS_DIRECTORY)/$(notdir $(1))
endef

# install_hook FILE DIRECTORY: installs a hook of an initrd with the program's path filled in.
define install_hook
	install -D -m 755 $(1) $(DESTDIR)$(2)/$(notdir $(1))
	sed -i 's|/usr/sbin/mdevctl|$(PREFIX)/sbin/mdevctl|' $(DESTDIR)$(2)/$(notdir $(1))
endef

# install_rules NAME: installs rules, unless another tool has its own in that very file.
define install_rules
	@if [ -e $(DESTDIR)$(RULES_DIRECTORY)/$(1) ] && \
		! grep -q "^# Made by 'mdevctl rules'" $(DESTDIR)$(RULES_DIRECTORY)/$(1); then \
		echo "'$(DESTDIR)$(RULES_DIRECTORY)/$(1)' is another tool's, so it is left alone;" \
			"'mdevctl rules check' tells whether it will do"; \
	else \
		install -D -m 644 /dev/null $(DESTDIR)$(RULES_DIRECTORY)/$(1) && \
		sed 's|/usr/sbin/mdevctl|$(PREFIX)/sbin/mdevctl|' udev/$(1) \
			>$(DESTDIR)$(RULES_DIRECTORY)/$(1); \
	fi
endef

# Where udev and systemd run, they take the new files in at once.
install-files:
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(RULES_DIRECTORY) $(DESTDIR)/etc/mdevctl.d
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/sbin/mdevctl
	ln -sf mdevctl $(DESTDIR)$(PREFIX)/sbin/lsmdev
	ln -sf mdevctl $(DESTDIR)$(PREFIX)/sbin/driverctl
	ln -sf mdevctl $(DESTDIR)$(PREFIX)/sbin/mdevctl-validate
	install -d $(DESTDIR)/etc/driverctl.d $(DESTDIR)$(CALLOUTS)
	ln -sf $(PREFIX)/sbin/mdevctl-validate $(DESTDIR)$(CALLOUTS)/50-mdevctl-validate
	if [ -e $(SIMULATOR) ]; then install -D -m 755 $(SIMULATOR) $(DESTDIR)$(PREFIX)/bin/mdevsim; fi
	for kind in callouts notifiers; do \
		install -d $(DESTDIR)$(PREFIX)/lib/mdevctl/scripts.d/$$kind \
			$(DESTDIR)/etc/mdevctl.d/scripts.d/$$kind && \
		install -m 644 etc/mdevctl.d/scripts.d/$$kind/50-example.sample \
			$(DESTDIR)/etc/mdevctl.d/scripts.d/$$kind/ || exit 1; \
	done
	install -d $(DESTDIR)$(PREFIX)/share/mdevctl/profiles
	install -m 644 profiles/*.json $(DESTDIR)$(PREFIX)/share/mdevctl/profiles/
	$(foreach name,$(RULES),$(call install_rules,$(name))$(NEWLINE))
	install -d $(DESTDIR)$(UNITS_DIRECTORY)/multi-user.target.wants
	$(foreach unit,$(UNITS),$(call install_unit,systemd/$(unit))$(NEWLINE))
	install -D -m 644 -t $(DESTDIR)$(UNITS_DIRECTORY)/mdevctl-.service.d systemd/mdevctl-.service.d/*
	ln -sf ../mdevctl.target $(DESTDIR)$(UNITS_DIRECTORY)/multi-user.target.wants/
	$(call install_hook,initramfs-tools/hooks/mdevctl,$(INITRAMFS_HOOKS))
	$(call install_hook,dracut/90mdevctl/module-setup.sh,$(DRACUT_MODULES)/90mdevctl)
	install -D -m 644 systemd/mdevctl.tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/mdevctl.conf
	@if [ -z "$(DESTDIR)" ] && [ -S /run/udev/control ]; then udevadm control --reload; fi
	@if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/mdevctl $(DESTDIR)$(PREFIX)/sbin/lsmdev \
		$(DESTDIR)$(PREFIX)/sbin/driverctl $(DESTDIR)$(PREFIX)/sbin/mdevctl-validate \
		$(DESTDIR)$(CALLOUTS)/50-mdevctl-validate $(DESTDIR)$(PREFIX)/bin/mdevsim
	grep -ls "^# Made by 'mdevctl rules'" \
		$(addprefix $(DESTDIR)$(RULES_DIRECTORY)/,$(RULES)) | xargs -r rm -f
	rm -rf $(DESTDIR)$(UNITS_DIRECTORY)/mdevctl-.service.d
	rm -f $(addprefix $(DESTDIR)$(UNITS_DIRECTORY)/,$(UNITS)) \
		$(DESTDIR)$(UNITS_DIRECTORY)/multi-user.target.wants/mdevctl.target \
		$(DESTDIR)$(PREFIX)/lib/tmpfiles.d/mdevctl.conf
	rm -f $(DESTDIR)$(INITRAMFS_HOOKS)/mdevctl
	rm -rf $(DESTDIR)$(DRACUT_MODULES)/90mdevctl
	rm -f $(DESTDIR)/etc/mdevctl.d/scripts.d/*/50-example.sample
	rm -rf $(DESTDIR)$(PREFIX)/share/mdevctl

clean:
	rm -rf .build .build-fuzz
