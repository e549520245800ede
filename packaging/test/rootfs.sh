#!/usr/bin/env bash
# Makes the Debian that the package is installed in by its test, and prints its
# folder. It is made once, by root, and kept in the cache; tests lay what they
# change over it. A new name makes it anew.
set -euo pipefail
name=debian-bookworm-1
packages=systemd,systemd-sysv,dbus

cache=${XDG_CACHE_HOME:-$HOME/.cache}/tollwatch
mkdir -p "$cache"
exec 9>"$cache/$name.lock"
flock 9
if [[ ! -d $cache/$name ]]; then
  making=$cache/$name.making
  rm -rf "$making"
  echo "rootfs: making a Debian to install the package in; that takes a minute or two, once" >&2
  # A mirror that this machine reaches may be named; else debootstrap knows one.
  debootstrap --variant=minbase --include="$packages" bookworm "$making" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$making.log" 2>&1 ||
    { tail -n 3 "$making.log" >&2; exit 1; }
  rm -rf "$making"/var/cache/apt/archives/*.deb "$making"/var/lib/apt/lists/*
  mv "$making" "$cache/$name"
fi
echo "$cache/$name"
