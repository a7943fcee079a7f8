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
    within 30 grep -qs '^ready in ' "$work/$name.err" || status=$?
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

# ---- origins and clients --------------------------------------------------------------------------------------------

# start_origin NAME URL [--OPTION OF CURL] COMMAND...
start_origin() {
    local name=$1 url=$2 option=--http1.1
    shift 2
    [[ $1 != --* ]] || {
        option=$1
        shift
    }
    start_server "$name" curl -sf "$option" -o /dev/null "$url" -- "$@"
}

# start_server NAME SIGN-OF-LIFE... -- COMMAND...: runs the second until the end, and waits until the first succeeds.
start_server() {
    local name=$1 sign=()
    shift
    while [ "$1" != -- ]; do
        sign+=("$1")
        shift
    done
    shift
    : >"$work/$name.log"
    "$@" >"$work/$name.log" 2>&1 &
    pids+=($!)
    within 10 quietly "${sign[@]}" || { tail -n 20 "$work/$name.log"; return 1; }
}

quietly() { "$@" >/dev/null 2>&1; }

# dump_page URL ARGUMENTS...: the page as the browser has it once it is loaded, in $work/page.html.
dump_page() {
    local url=$1
    shift
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage "$@" \
        --user-data-dir="$work/browser" --dump-dom "$url" >"$work/page.html" 2>"$work/browser.log" || {
        tail -n 20 "$work/browser.log"
        return 1
    }
    grep -o 'id="result">[^<]*' "$work/page.html"
}

# Sets python to the one that has this library: Debian's is the system's Python's, which another may stand before.
find_python_with() {
    python=$(for each in python3 /usr/bin/python3; do "$each" -c "import $1" 2>/dev/null && echo "$each" && break; done)
    [ -n "$python" ]
}

# install_node_libraries: those that .ci/peers/package.json names, into a folder of their own that NODE_PATH then names. Without them all
# ends here, in failure, unless HEADGATE_OFFLINE says that nothing can be fetched.
install_node_libraries() {
    local status=0
    if [ -n "${HEADGATE_OFFLINE:-}" ]; then
        echo "skip  $(basename "$0"): HEADGATE_OFFLINE is set, and its libraries would have to be fetched"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
    fi
    mkdir -p "$work/node"
    cp .ci/peers/package.json "$work/node/"
    timeout 300 npm install --prefix "$work/node" --prefer-offline --no-package-lock --no-audit --no-fund --ignore-scripts \
        --loglevel=error >"$work/npm.log" 2>&1 || status=$?
    report "$status" 'npm has the libraries' "$work/npm.log"
    ((status == 0)) || finish
    export NODE_PATH=$work/node/node_modules
}

# ---- certificates -------------------------------------------------------------------------------------------------

# make_certificate NAME OPENSSL-KEY-ARGUMENTS...: NAME.pem with its chain, and NAME.key, for localhost and the names in $other_names.
make_certificate() {
    local name=$1 each names=DNS:localhost,IP:127.0.0.1
    shift
    for each in ${other_names:-}; do names+=,DNS:$each; done
    openssl req -new "$@" -nodes -keyout "$work/$name.key" -out "$work/$name.req" -subj "/CN=$name" 2>/dev/null
    # A certificate that names nobody who could revoke it has a finding of its own; nobody asks there.
    cat >"$work/extensions" <<EXTENSIONS
subjectAltName=$names
keyUsage=digitalSignature
extendedKeyUsage=serverAuth,clientAuth
basicConstraints=CA:FALSE
crlDistributionPoints=URI:http://127.0.0.1:1/list.crl
EXTENSIONS
    openssl x509 -req -in "$work/$name.req" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 100 \
        -extfile "$work/extensions" -out "$work/$name.pem" 2>/dev/null
    cat "$work/ca.pem" >>"$work/$name.pem"
}

make_certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ca.key" -out "$work/ca.pem" \
        -days 100 -subj /CN=authority -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
    make_certificate ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256
    make_certificate rsa -newkey rsa:2048
}

# ---- bodies of 1 GiB, and memory ----------------------------------------------------------------------------------

giant_bytes=$((1024 * 1024 * 1024))
grown_kib_max=$((40 * 1024)) # more than this while giants pass, and bodies are being collected somewhere

# Bytes without a pattern that a misplaced piece could hide in: AES in counter mode, from a key that everybody knows.
make_giant() {
    mkdir -p "$work/www"
    openssl enc -aes-128-ctr -nosalt -K 00112233445566778899aabbccddeeff -iv 0 -in /dev/zero 2>/dev/null |
        head -c "$giant_bytes" >"$work/www/giant" || true
    [ "$(stat -c %s "$work/www/giant")" -eq "$giant_bytes" ]
    giant_sha=$(sha "$work/www/giant")
}

# memory_kib Rss|Pss
memory_kib() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$program_pid/smaps_rollup"; }

# Direct buffers as the JVM accounts for them: now, and at the peak.
direct_memory() {
    "$jdk_home/bin/jcmd" "$program_pid" VM.native_memory summary scale=KB |
        awk '/^- +Other/ { other = 1 } other && /malloc=/ { print; exit }' | xargs
}

# Starts to keep the highest RSS, from what it is now, until stop_watching_memory.
watch_memory() {
    direct_memory >"$work/direct.before"
    memory_kib Rss >"$work/rss.before"
    memory_kib Pss >"$work/pss.before"
    keep_peak 2>/dev/null &
    watcher_pid=$!
    pids+=("$watcher_pid")
}

stop_watching_memory() { kill "$watcher_pid"; }

keep_peak() {
    local now peak=0
    while now=$(memory_kib Rss) && [ -n "$now" ]; do
        if ((now > peak)); then
            peak=$now
            echo "$peak" >"$work/peak.new"
            mv "$work/peak.new" "$work/peak"
        fi
        sleep 0.1
    done
}

memory_stays_flat() {
    local before peak
    before=$(cat "$work/rss.before")
    peak=$(cat "$work/peak")
    {
        echo "RSS KiB: before $before, peak $peak, after $(memory_kib Rss)"
        echo "PSS KiB: before $(cat "$work/pss.before"), after $(memory_kib Pss)"
        echo "direct before: $(cat "$work/direct.before")"
        echo "direct after:  $(direct_memory)"
    } | tee "$work/memory"
    ((peak - before <= grown_kib_max))
}
