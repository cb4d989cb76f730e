#!/bin/sh
# Makes the file system of an image that runs one program: root.sh PROGRAM FOLDER
#
# The program, the libraries that the loader finds for it, the loader, who `nonroot` is, how names are looked up, the CAs.
set -eu
program=$1 root=$2

mkdir -p "$root/usr/bin" "$root/etc/ssl/certs" "$root/tmp"
chmod 1777 "$root/tmp"
strip -o "$root/usr/bin/$(basename "$program")" "$program"

# ldd prints "name => /path (address)", and "/path (address)" for the loader. A library that is missing is an error.
libraries=$(ldd "$program")
case $libraries in *'not found'*) echo "$libraries" >&2; exit 1 ;; esac
echo "$libraries" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done

echo 'nonroot:x:65532:65532:nonroot:/:/sbin/nologin' >"$root/etc/passwd"
echo 'nonroot:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
