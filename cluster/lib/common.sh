# Words that cluster/up and cluster/test share. Sourced, never run.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
jobs="${JOBS:-$(nproc)}"

fail() {
    printf '%s: %s\n' "${0#"$root"/}" "$*" >&2
    exit 1
}

# Prints the comment at the top of the running script: that is its help.
usage() {
    sed -n '2,/^[^#]/ { s/^# \{0,1\}//p; }' "$0"
}

bad_usage() {
    printf '%s: %s\n\n' "${0#"$root"/}" "$*" >&2
    usage >&2
    exit 2
}
