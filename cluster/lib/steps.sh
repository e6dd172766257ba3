# Named, timed steps; the first that fails is named at the end. Sourced, never run.
# shellcheck shell=bash

step_name=""
step_started=0

# Ends the step before and begins one. Under set -e whatever fails until the next one is its failure.
step() {
    end_step
    step_name="$1"
    step_started=$SECONDS
    printf '\n== %s\n' "$step_name"
}

end_step() {
    [[ -z "$step_name" ]] || printf '== %s: %d s\n' "$step_name" "$((SECONDS - step_started))"
    step_name=""
}

report_failure() {
    local status=$?
    ((status == 0)) || [[ -z "$step_name" ]] ||
        printf '\n== FAILED after %d s: %s (status %d)\n' \
            "$((SECONDS - step_started))" "$step_name" "$status" >&2
}
trap report_failure EXIT
