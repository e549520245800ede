#!/usr/bin/env bash
# build.sh DIST: the Debian package of this checkout, for GOARCH or this machine.
# The same commit gives the same bytes. make calls it, and hands over LDFLAGS, GO
# and CACHE.
set -euo pipefail
dist=$(realpath -m "$1")
cd "$(dirname "$0")/../.."

arch=$($GO env GOARCH)
stage=$dist/stage-$arch
mkdir -p "$stage"
$GO build -trimpath -ldflags "$LDFLAGS" -o "$stage/tollwatch" ./cmd/tollwatch
env -u GOARCH -u GOOS "$GO" build -C packaging/tools -o "$CACHE/" github.com/goreleaser/nfpm/v2/cmd/nfpm
packaging/deb/copyright.sh >"$stage/copyright"
packaging/deb/man.sh | gzip -9n >"$stage/tollwatch.8.gz"

# A version of Debian's begins with a digit: that of a tag, else a time before any.
tag=$(git describe --tags --match 'v[0-9]*' 2>/dev/null || true)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
before=0~$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y%m%d%H%M%S).$(git rev-parse --short=9 HEAD)
VERSION=${tag#v}
VERSION=${VERSION//-/+}
VERSION=${VERSION:-$before}

export ARCH=$arch STAGE=$stage VERSION SOURCE_DATE_EPOCH
"$CACHE/nfpm" package --config packaging/deb/nfpm.yaml --packager deb --target "$dist/tollwatch_${VERSION}_$arch.deb" >/dev/null
rm -r "$stage"
echo "$dist/tollwatch_${VERSION}_$arch.deb"
