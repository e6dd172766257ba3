# What a machine needs before Bandera can be built. Sourced, never run.
# shellcheck shell=bash

# Prints the Debian package of everything that is not there yet.
missing_packages() {
    command -v git >/dev/null || echo git
    command -v pkg-config >/dev/null || echo pkg-config
    command -v protoc-c >/dev/null || echo protobuf-c-compiler
    has_library "openssl >= 3.0" libssl-dev
    has_library libpcre2-8 libpcre2-dev
    has_library libprotobuf-c libprotobuf-c-dev
    # The messages' options import google/protobuf/descriptor.proto.
    has_library protobuf libprotobuf-dev
    has_library sqlite3 libsqlite3-dev
}

has_library() {
    pkg-config --exists "$1" 2>/dev/null || echo "$2"
}

install_missing() {
    local -a packages as_root=()
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]})) || return 0
    command -v apt-get >/dev/null ||
        fail "this machine lacks what these Debian packages bring: ${packages[*]}"
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            fail "run this as root first: apt-get install ${packages[*]}"
        as_root=(sudo)
    fi
    echo "Installing ${packages[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

require_swift() {
    local version
    command -v swift >/dev/null || fail "swift is not on the PATH: install Swift 6.3 (swift.org/install)"
    version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')"
    printf '6.3\n%s\n' "$version" | sort -V -C ||
        fail "Swift 6.3 or newer is needed; this is ${version:-unknown}"
}

# Leaves the release program in $program. BANDERA_BINARY names one that is built already.
build_program() {
    if [[ -n "${BANDERA_BINARY:-}" ]]; then
        [[ -x "$BANDERA_BINARY" ]] || fail "BANDERA_BINARY is not a program: $BANDERA_BINARY"
        program="$(realpath "$BANDERA_BINARY")"
        return
    fi
    echo "Building bandera; the first time takes some minutes"
    swift build --package-path "$root" -c release --product bandera -j "$jobs"
    program="$root/.build/release/bandera"
}
