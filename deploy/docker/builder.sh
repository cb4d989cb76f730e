# shellcheck shell=bash
# Which program builds images here, and how: docker, podman or buildah. Sourced, never run.
#
# QUICKBITE_BUILDER names one; else the first that works is taken.

builder() {
  local candidate
  for candidate in ${QUICKBITE_BUILDER:-docker podman buildah}; do
    case $candidate in
      docker) docker info >/dev/null 2>&1 || continue ;;
      *) command -v "$candidate" >/dev/null || continue ;;
    esac
    echo "$candidate"
    return
  done
  echo "quickbite: no docker, podman or buildah that works" >&2
  return 1
}

# build_image ARGUMENTS…: of `docker build`. In a container that may not raise limits or make namespaces of its own, podman and
# buildah need to be told so (QUICKBITE_BUILD_FLAGS).
build_image() {
  local with flags=()
  with=$(builder)
  read -ra flags <<<"${QUICKBITE_BUILD_FLAGS:-}"
  case $with in
    docker) docker buildx build --load "${flags[@]}" "$@" ;;
    podman) podman build --layers "${flags[@]}" "$@" ;;
    buildah) buildah build --layers "${flags[@]}" "$@" ;;
  esac
}

# save_image IMAGE FILE: as a docker archive.
save_image() {
  rm -f "$2"
  case $(builder) in
    docker) docker save -o "$2" "$1" ;;
    podman) podman save -q -o "$2" "$1" ;;
    buildah) buildah push -q "$1" "docker-archive:$2:$1" ;;
  esac
}
