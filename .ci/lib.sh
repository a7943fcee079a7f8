# What the scripts beside this one share. Sourced, from the top of the checkout, under set -euo pipefail.

work=$(mktemp -d)
pids=()
passed=0
failed=0

cleanup() {
    for pid in "${pids[@]}"; do
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

# check NAME COMMAND...: the command runs in a subshell under set -e; its output shows only on failure.
check() {
    local name=$1 status
    shift
    set +e
    (set -e; "$@") >"$work/check.out" 2>&1
    status=$?
    set -e
    report "$status" "$name" "$work/check.out"
}

# report STATUS NAME OUTPUT
report() {
    if (($1 == 0)); then
        passed=$((passed + 1))
        echo "ok    $2"
    else
        failed=$((failed + 1))
        echo "FAIL  $2 (exit $1)"
        tail -n 20 "$3" | sed 's/^/      /'
    fi
}

finish() {
    echo "$passed passed, $failed failed"
    ((failed == 0)) || exit 1
    exit 0
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# within SECONDS COMMAND...: until it succeeds.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        if ((SECONDS > deadline)); then
            echo "not within time: $*"
            return 1
        fi
        sleep 0.05
    done
}

sha() { sha256sum "$1" | cut -d ' ' -f 1; }

# expect WANTED GOT
expect() {
    [ "$1" = "$2" ] || { echo "expected: $1"; echo "got:      $2"; return 1; }
}

# expect_exit STATUS COMMAND...: what it prints is kept in $work/exit.out.
expect_exit() {
    local wanted=$1 status=0
    shift
    timeout 30 "$@" >"$work/exit.out" 2>&1 || status=$?
    cat "$work/exit.out"
    expect "$wanted" "$status"
}

# ---- the program under test ---------------------------------------------------------------------------------------

# Unpacks the distribution and sets headgate to its launcher, with nothing of the user's own in its surroundings.
install_program() {
    local zips=(edge/target/headgate-*.zip)
    unzip -q "${zips[0]}" -d "$work"
    mv "$work"/headgate-* "$work/headgate"
    headgate=$work/headgate/bin/headgate
    export XDG_CACHE_HOME=$work/cache
    unset HEADGATE_JAVA_OPTS HEADGATE_AOT
}

# start NAME ARGUMENTS...: runs the program, sets program_pid, and waits for its ready line. Without it all ends here.
start() {
    local name=$1 status=0
    shift
    "$headgate" "$@" >"$work/$name.out" 2>"$work/$name.err" &
    program_pid=$!
    pids+=("$program_pid")
    within 30 grep -q '^ready in ' "$work/$name.err" || status=$?
    report "$status" "$name starts: $(grep '^ready in ' "$work/$name.err" || true)" "$work/$name.err"
    ((status == 0)) || finish
}

is_gone() { ! kill -0 "$program_pid" 2>/dev/null; }

# ends NAME: the program that was started last was told to end, and does so with exit 0.
ends() {
    local status=0
    within 40 is_gone || kill -KILL "$program_pid"
    wait "$program_pid" || status=$?
    report "$status" "$1 ends with exit 0" "$work/$1.err"
}
