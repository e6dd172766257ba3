# Three node processes in one folder: what they are configured with, and their lives.
# Sourced after common.sh, never run. Expects $program, the built bandera.
# shellcheck shell=bash

cluster_name=bandera-dev
regions=(MX CO AR)
home="${BANDERA_HOME:-$root/.bandera}"
port_base="${BANDERA_PORT_BASE:-7000}"
patience_seconds=30

client_address() { echo "127.0.0.1:$((port_base + $1))"; }
peer_address() { echo "127.0.0.1:$((port_base + 100 + $1))"; }
node_ids() { seq "${#regions[@]}"; }

prepare_home() {
    [[ "$port_base" =~ ^[0-9]{1,5}$ ]] && ((port_base >= 1024 && port_base <= 65000)) ||
        fail "BANDERA_PORT_BASE must be from 1024 to 65000, not '$port_base'"
    mkdir -p "$home"
    home="$(cd "$home" && pwd)"
    # Two at once would start every node twice. The nodes do not inherit the lock.
    exec 9>"$home/lock"
    flock -n 9 || fail "another cluster/up is at work in $home"
}

# MARK: Certificates

make_certificates() {
    local folder="$home/certificates" id
    if [[ ! -e "$folder/ca.pem" ]]; then
        certificate init --cluster "$cluster_name"
    fi
    for id in $(node_ids); do
        [[ -e "$folder/node-$id.pem" ]] ||
            certificate issue node "$id" --host localhost --host 127.0.0.1
    done
    [[ -e "$folder/operator-dev.pem" ]] || certificate issue operator dev
}

certificate() {
    "$program" certificates "$@" --directory "$home/certificates" --days 3650 >/dev/null
}

# MARK: Configuration

config_of() { echo "$home/node-$1.json"; }

print_config() {
    local id member separator=""
    id="$1"
    printf '{"cluster": "%s", "node": %d, "data": "data-%d",\n "members": [' \
        "$cluster_name" "$id" "$id"
    for member in $(node_ids); do
        printf '%s\n  {"id": %d, "region": "%s", "peer": "%s", "client": "%s"}' "$separator" \
            "$member" "${regions[member - 1]}" "$(peer_address "$member")" "$(client_address "$member")"
        separator=","
    done
    printf '],\n "tls": {"ca": "certificates/ca.pem", "certificate": "certificates/node-%d.pem",' "$id"
    printf ' "key": "certificates/node-%d-key.pem"}}\n' "$id"
}

# Nodes that run must not be configured differently from those that are about to join them.
write_configs() {
    local id
    for id in $(node_ids); do
        if is_running "$id"; then
            print_config "$id" | cmp -s - "$(config_of "$id")" ||
                fail "node $id runs with another BANDERA_PORT_BASE: cluster/up --stop comes first"
        fi
    done
    for id in $(node_ids); do
        print_config "$id" >"$(config_of "$id")"
        mkdir -p "$home/data-$id"
    done
}

# A file to source, after which bandera needs no flags.
write_environment() {
    local id endpoints=""
    for id in $(node_ids); do endpoints+="${endpoints:+,}$(client_address "$id")"; done
    cat >"$home/env" <<ENV
export PATH="$(dirname "$program"):\$PATH"
export BANDERA_ENDPOINTS="$endpoints"
export BANDERA_CLUSTER="$cluster_name"
export BANDERA_CA="$home/certificates/ca.pem"
export BANDERA_CERTIFICATE="$home/certificates/operator-dev.pem"
export BANDERA_KEY="$home/certificates/operator-dev-key.pem"
export BANDERA_ENVIRONMENT="acme/production"
ENV
    # shellcheck source=/dev/null
    source "$home/env"
}

# MARK: Processes

pid_of() { cat "$home/node-$1.pid" 2>/dev/null || true; }

# Whether the process of the pid file is this node: a pid may since belong to somebody else.
is_running() {
    local pid
    pid="$(pid_of "$1")"
    [[ "$pid" =~ ^[0-9]+$ ]] || return 1
    tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$(config_of "$1")"
}

is_listening() { (exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null; }

# Every port is looked at before the first node starts: a refusal leaves nothing behind.
check_ports() {
    local id address
    for id in $(node_ids); do
        if is_running "$id"; then continue; fi
        for address in "$(client_address "$id")" "$(peer_address "$id")"; do
            if is_listening "$address"; then
                fail "$address is in use: end what listens there, or set BANDERA_PORT_BASE"
            fi
        done
    done
}

start_node() {
    local id="$1"
    local -a options=()
    if is_running "$id"; then return; fi
    # Said once, when there has never been a node: a folder that was lost later must not pass for new.
    [[ -e "$home/initialized" ]] || options+=(--initialize)
    setsid "$program" node --config "$(config_of "$id")" "${options[@]}" \
        >>"$home/node-$id.log" 2>&1 </dev/null 9>&- &
    echo "$!" >"$home/node-$id.pid"
}

# Succeeds once there is a leader that every other node follows, and all are healthy.
is_up() {
    local status
    status="$("$program" cluster status --timeout 1s -o json 2>/dev/null)" || return 1
    grep -Eq '"leader": [0-9]' <<<"$status" &&
        (($(grep -c '"role": "follower"' <<<"$status") == ${#regions[@]} - 1)) &&
        (($(grep -c '"health": "healthy"' <<<"$status") == ${#regions[@]}))
}

wait_until_up() {
    local id
    local deadline=$((SECONDS + patience_seconds))
    until is_up; do
        for id in $(node_ids); do
            is_running "$id" || fail "node $id stopped; $home/node-$id.log ends with:
$(tail -n 5 "$home/node-$id.log")"
        done
        ((SECONDS < deadline)) ||
            fail "the nodes found no leader in $patience_seconds s: look at $home/node-*.log"
        sleep 0.1
    done
}

start_cluster() {
    local id
    check_ports
    make_certificates
    write_configs
    write_environment
    for id in $(node_ids); do start_node "$id"; done
    wait_until_up
    touch "$home/initialized"
    "$program" example load >/dev/null
}

stop_cluster() {
    local id
    local -a running=()
    for id in $(node_ids); do
        if is_running "$id"; then
            running+=("$id")
            kill -TERM "$(pid_of "$id")"
        fi
    done
    for id in "${running[@]}"; do stop_node "$id"; done
    rm -f "$home"/node-*.pid
    if ((${#running[@]})); then
        echo "Stopped ${#running[@]} nodes; their data stays in $home"
    else
        echo "No node of $home was running"
    fi
}

# A node that ignores SIGTERM is killed: it loses nothing by that, but somebody should know.
stop_node() {
    local id="$1"
    local deadline=$((SECONDS + patience_seconds))
    while is_running "$id"; do
        if ((SECONDS >= deadline)); then
            echo "node $id did not stop in $patience_seconds s and is killed" >&2
            kill -KILL "$(pid_of "$id")"
            deadline=$((SECONDS + patience_seconds))
        fi
        sleep 0.1
    done
}
