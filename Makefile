# SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
DESTDIR ?=
PROGRAM ?= .build/release/mdevctl
SIMULATOR ?= .build/release/mdevsim

# What building needs, besides make, git and Swift, by the names of Debian and of others.
PACKAGES = gcc g++ libc6-dev libjansson-dev libfuse3-dev libudev-dev pkg-config
FEDORA = gcc gcc-c++ glibc-devel jansson-devel fuse3-devel systemd-devel pkgconf-pkg-config
OPENSUSE = gcc gcc-c++ glibc-devel libjansson-devel fuse3-devel systemd-devel pkgconf-pkg-config

# Static parts cost the least at the start of a program: see docs/architecture.md. What is shared there
# is linked only if something is taken of it.
STATIC = .build/static
RELEASE = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -L$(CURDIR)/$(STATIC) \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xswiftc -use-ld=lld \
	-Xlinker --no-export-dynamic -Xlinker -z -Xlinker pack-relative-relocs \
	-Xlinker -z -Xlinker now \
	-Xswiftc -Xfrontend -Xswiftc -function-sections $(TYPES) $(ORDER) $(STRIP)
STRIP = -Xlinker -s

# Has generic types made of what the compiler knows of them, and not looked up by name at run time.
TYPES = -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors

# What is used together lies together. A name that is no more does no harm: see 'make order'.
ORDER = -Xlinker --symbol-ordering-file=$(CURDIR)/support/start.order \
	-Xlinker --no-warn-symbol-ordering

.PHONY: all deps build pages demo shell check test test-packages golden bench order fuzz kernel-test boot-test fleet-test install install-files install-manager install-simulator deb rpm uninstall clean

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
	for library in stdc++ jansson; do \
		path=$$(gcc -print-file-name=lib$$library.a); \
		[ ! -e "$$path" ] || ln -sf "$$path" $(STATIC)/ || exit 1; \
	done
	printf 'INPUT(AS_NEEDED(%s))\n' "$$(gcc -print-file-name=libm.so.6)" >$(STATIC)/libm.so
	swift build $(RELEASE) --product mdevctl
	swift build $(RELEASE) --product mdevsim
	$(MAKE) pages

# The manual pages, from the tables of commands, the documents and the frames in manuals.
MANUALS = .build/manuals

pages:
	swift build $(RELEASE) --product mdevpages
	mkdir -p $(MANUALS)
	.build/release/mdevpages . $(MANUALS)

# From Debian 13 on, each driver of libvirt has a package of its own.
LIBVIRT = libvirt-daemon libvirt-clients $$(apt-cache pkgnames libvirt-daemon-driver-nodedev)

test-packages: deps
	Tests/install-packages strace mdevctl driverctl udev fuse3 kmod util-linux mandoc groff \
		bash-completion zsh fish libxml2-utils podman python3-jsonschema qemu-system-x86 \
		qemu-system-misc $(LIBVIRT)

test: test-packages
	swift test

# For every day: what a change breaks most often, in less than a minute after the build.
check:
	swift format lint --strict --recursive Sources Tests Package.swift
	Tests/check-imports
	swift test --skip IntegrationTests --skip RandomSequenceTests

# Makes the golden files anew from what the program says now; 'git diff' then shows what changed.
# The tests that have one are those that call goldenText.
GOLDEN_TESTS = $$(grep -rl --include='*Tests.swift' goldenText Tests | \
	sed 's|.*/||; s|\.swift||' | paste -sd '|')

golden: test-packages
	REGENERATE=1 swift test --filter "$(GOLDEN_TESTS)"

# SUITE: beside the mdevctl of that suite of Debian's, as trixie, instead of this machine's.
SUITE ?=

bench: build
	Tests/Benchmark/run $(PROGRAM) $(SIMULATOR) $(SUITE)

# Makes the order of the program's parts anew, from what common commands touch of it now. Without
# debugging information, which valgrind may not understand; the map has the names as they are linked.
MAP = .build/mdevctl.map
TRACEABLE = -Xlinker --strip-debug -Xlinker --no-demangle -Xlinker -Map=$(MAP)

order: STRIP = $(TRACEABLE)
order: deps
	Tests/install-packages python3 valgrind
	$(MAKE) build
	swift build $(RELEASE) --product mdevctl
	support/make-order .build/release/mdevctl $(MAP) .build/release/mdevsim >.build/start.order
	mv .build/start.order support/start.order

# How long each of the readers is fuzzed.
FUZZ_SECONDS ?= 60

fuzz: deps
	Tests/Fuzz/run $(FUZZ_SECONDS)

kernel-test: build deb
	Tests/Kernel/run $(PROGRAM)
	Tests/Kernel/run-system $(PROGRAM)
	Tests/Kernel/compare-simulator $(SIMULATOR)

# Part of kernel-test: some boots of Debian with systemd as process 1, a minute each without KVM.
boot-test: build deb
	Tests/Kernel/run-system $(PROGRAM)

# The collection of ansible/, and five simulated machines that it looks after; needs PyPI.
fleet-test: build deb
	Tests/Ansible/run .build/deb $(SIMULATOR)

demo: deps build
	PATH=$(CURDIR)/.build/release:$$PATH mdevsim run --profile s390x -- Tests/Demo/walkthrough
	@printf '\n%s\n' "For a shell on that host: 'make shell'"

# The host that 'make shell' goes to, by its name in profiles/.
PROFILE ?= s390x

shell: build
	PATH=$(CURDIR)/.build/release:$$PATH mdevsim run --profile $(PROFILE)

install: build install-files

UNITS = mdevctl-start@.service mdevctl-vgpu@.service mdevctl-coldplug.service \
	mdevctl-apply.service mdevctl-settle.service mdevctl.target driverctl@.service
RULES = 05-driverctl.rules 60-mdevctl.rules

# Where units and rules go. A package for Debian 12 needs '/lib/systemd/system' and
# '/lib/udev/rules.d': dpkg knows the files of driverctl 0.111 by these names, and to remove that
# would otherwise take ours along, which are the same files by another name.
UNITS_DIRECTORY ?= $(PREFIX)/lib/systemd/system
RULES_DIRECTORY ?= $(PREFIX)/lib/udev/rules.d

# Where mdevctl looks for callouts and notifiers, whatever the prefix.
SCRIPTS ?= /usr/lib/mdevctl/scripts.d

# Where initramfs-tools and dracut look for what belongs into an initrd, whatever the prefix.
INITRAMFS_TOOLS ?= /usr/share/initramfs-tools
DRACUT ?= /usr/lib/dracut/modules.d/90mdevctl

# Where manual pages go.
MANDIR ?= $(PREFIX)/share/man

# Where shells look for completions. Debian's zsh has a place for packages and one for /usr/local; fish
# looks under /usr/local only where XDG_DATA_DIRS says so.
BASH_COMPLETIONS ?= $(PREFIX)/share/bash-completion/completions
ifeq ($(PREFIX),/usr)
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/vendor-completions
FISH_COMPLETIONS ?= $(PREFIX)/share/fish/vendor_completions.d
else
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS ?= /etc/fish/completions
endif

# install_completions NAME: installs what bash and fish have a file of for each command.
define install_completions
	install -D -m 644 completions/mdevctl.bash $(DESTDIR)$(BASH_COMPLETIONS)/$(1)
	install -D -m 644 completions/mdevctl.fish $(DESTDIR)$(FISH_COMPLETIONS)/$(1).fish
endef

EXAMPLES = $(PREFIX)/share/doc/mdevctl/examples

# page_path NAME: the place of a manual page. install_page NAME: installs it.
page_path = $(DESTDIR)$(MANDIR)/man$(patsubst .%,%,$(suffix $(1)))/$(1)
install_page = install -D -m 644 $(MANUALS)/$(1) $(call page_path,$(1))

MANAGER_PAGES = mdevctl.8 lsmdev.8 driverctl.8 mdevctl.d.5 mdevctl-callouts.7
SIMULATOR_PAGES = mdevsim.1

define NEWLINE


endef

# Where udev and systemd run, they take the new files in at once. What an administrator has disabled
# stays so: only a first installation enables it.
install-files:
	[ -e $(DESTDIR)$(UNITS_DIRECTORY)/mdevctl.target ] || { \
		install -d $(DESTDIR)/etc/systemd/system/multi-user.target.wants && \
		ln -sf $(UNITS_DIRECTORY)/mdevctl.target \
			$(DESTDIR)/etc/systemd/system/multi-user.target.wants/; }
	$(MAKE) install-manager
	if [ -e $(SIMULATOR) ]; then $(MAKE) install-simulator; fi
	install -d $(DESTDIR)$(SCRIPTS)/callouts
	ln -sf $(PREFIX)/sbin/mdevctl-validate $(DESTDIR)$(SCRIPTS)/callouts/50-mdevctl-validate
	@if [ -z "$(DESTDIR)" ] && [ -S /run/udev/control ]; then udevadm control --reload; fi
	@if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi

# The program is in sbin, where scripts of the boot and driverctl's users look; lists are for everyone,
# so it is in bin, too, as mdevctl 1.4 is.
install-manager:
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/sbin/mdevctl
	for name in lsmdev driverctl mdevctl-validate; do \
		ln -sf mdevctl $(DESTDIR)$(PREFIX)/sbin/$$name || exit 1; \
	done
	install -d $(DESTDIR)$(PREFIX)/bin
	[ $(DESTDIR)$(PREFIX)/bin -ef $(DESTDIR)$(PREFIX)/sbin ] || \
		ln -sf ../sbin/mdevctl ../sbin/lsmdev $(DESTDIR)$(PREFIX)/bin/
	for kind in callouts notifiers; do \
		install -d $(DESTDIR)$(SCRIPTS)/$$kind $(DESTDIR)/etc/mdevctl.d/scripts.d/$$kind && \
		install -D -m 644 examples/$$kind/50-example $(DESTDIR)$(EXAMPLES)/$$kind/50-example || \
			exit 1; \
	done
	install -d $(DESTDIR)/etc/driverctl.d $(DESTDIR)$(RULES_DIRECTORY)
	$(PROGRAM) rules install --dir $(DESTDIR)$(RULES_DIRECTORY) --program $(PREFIX)/sbin/mdevctl
	install -D -m 644 -t $(DESTDIR)$(RULES_DIRECTORY) udev/89-vfio-uio.rules
	install -D -m 755 -t $(DESTDIR)$(dir $(RULES_DIRECTORY)) udev/vfio_name
	install -D -m 644 -t $(DESTDIR)$(UNITS_DIRECTORY) $(addprefix systemd/,$(UNITS))
	install -D -m 644 -t $(DESTDIR)$(UNITS_DIRECTORY)/mdevctl-.service.d systemd/mdevctl-.service.d/*
	install -D -m 755 -t $(DESTDIR)$(INITRAMFS_TOOLS)/hooks initramfs-tools/hooks/mdevctl
	install -D -m 755 -t $(DESTDIR)$(INITRAMFS_TOOLS)/scripts/init-top \
		initramfs-tools/scripts/init-top/mdevctl
	install -D -m 755 -t $(DESTDIR)$(DRACUT) dracut/90mdevctl/module-setup.sh
	install -m 755 initramfs-tools/scripts/init-top/mdevctl $(DESTDIR)$(DRACUT)/overrides.sh
	install -D -m 644 systemd/mdevctl.tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/mdevctl.conf
	$(foreach page,$(MANAGER_PAGES),$(call install_page,$(page))$(NEWLINE))
	install -d $(DESTDIR)$(MANDIR)/man8
	ln -sf ../man7/mdevctl-callouts.7 $(DESTDIR)$(MANDIR)/man8/mdevctl-validate.8
	$(foreach name,mdevctl lsmdev driverctl,$(call install_completions,$(name))$(NEWLINE))
	install -D -m 644 -t $(DESTDIR)$(ZSH_COMPLETIONS) completions/_mdevctl

install-simulator:
	$(foreach page,$(SIMULATOR_PAGES),$(call install_page,$(page))$(NEWLINE))
	$(call install_completions,mdevsim)
	install -D -m 755 $(SIMULATOR) $(DESTDIR)$(PREFIX)/bin/mdevsim
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/mdevctl/profiles profiles/*.json

# The packages of Debian, in .build/deb, which replace Debian's mdevctl and driverctl.
deb: deps
	Tests/install-packages debhelper systemd udev
	rm -rf .build/deb
	mkdir -p .build/deb
	DEB_RULES_REQUIRES_ROOT=no debian/rules clean binary OUTPUT=$(CURDIR)/.build/deb
	debian/rules clean

# Packages of the other kind, in .build/rpm. Where rpmbuild is Debian's, that checks the spec file and
# the list of files; systemd's macros are not there, so the packages do not enable the target.
rpm: deps
	Tests/install-packages rpm
	rpmbuild -bb --quiet --build-in-place --nodeps --define '_topdir $(CURDIR)/.build/rpm' \
		rpm/mdevctl.spec

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/sbin/,mdevctl lsmdev driverctl mdevctl-validate) \
		$(addprefix $(DESTDIR)$(PREFIX)/bin/,mdevctl lsmdev mdevsim) \
		$(DESTDIR)$(SCRIPTS)/callouts/50-mdevctl-validate \
		$(DESTDIR)$(RULES_DIRECTORY)/89-vfio-uio.rules $(DESTDIR)$(dir $(RULES_DIRECTORY))vfio_name
	rm -f $(DESTDIR)$(ZSH_COMPLETIONS)/_mdevctl \
		$(foreach name,mdevctl lsmdev driverctl mdevsim, \
			$(DESTDIR)$(BASH_COMPLETIONS)/$(name) $(DESTDIR)$(FISH_COMPLETIONS)/$(name).fish)
	rm -f $(foreach page,$(MANAGER_PAGES) $(SIMULATOR_PAGES) mdevctl-validate.8, \
		$(call page_path,$(page)))
	grep -ls "^# Made by 'mdevctl rules'" \
		$(addprefix $(DESTDIR)$(RULES_DIRECTORY)/,$(RULES)) | xargs -r rm -f
	rm -f $(addprefix $(DESTDIR)$(UNITS_DIRECTORY)/,$(UNITS)) \
		$(DESTDIR)/etc/systemd/system/multi-user.target.wants/mdevctl.target \
		$(DESTDIR)$(PREFIX)/lib/tmpfiles.d/mdevctl.conf \
		$(addprefix $(DESTDIR)$(INITRAMFS_TOOLS)/,hooks/mdevctl scripts/init-top/mdevctl)
	rm -rf $(DESTDIR)$(UNITS_DIRECTORY)/mdevctl-.service.d $(DESTDIR)$(DRACUT) \
		$(DESTDIR)$(PREFIX)/share/mdevctl $(DESTDIR)$(PREFIX)/share/doc/mdevctl

clean:
	rm -rf .build .build-fuzz
