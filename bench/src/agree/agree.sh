#!/bin/bash
# Holds the built-in load generator against others on the same target: requests per second, processor time on both sides, latencies.
#
#   bench/src/agree/agree.sh [options] URL PID[,PID...]
#     URL      http://127.0.0.1:PORT/PATH, served by what runs already
#     PID      its processes, whose processor time is counted; pin them to other CPUs than the generators'
#     -c N     connections (64)            -r N      rounds, interleaved (5)
#     -d S     seconds of a run (4)        -w S      seconds of warm-up before it (1)
#     -L LIST  loads: closed, or the rate of an open loop (closed,5000,15000)
#     -g CPU   CPU of the generators (the last one)
#     -o DIR   folder for what the tools print (a new one in /tmp)
#   environment: HEADGATE_BENCH  command in front of "load" (./headgate bench, of this checkout)
#                HEADGATE_JAVA_OPTS  further JVM flags (-XX:TieredStopAtLevel=1)
#                YARDSTICK_LOAD  another generator with an open loop, of the same options as the yardstick's
#
# Needs Linux. Takes part who is there: wrk, h2load and YARDSTICK_LOAD are left out when missing. A table in Markdown goes to standard output:
# medians, with the range over the rounds in brackets.
set -euo pipefail
export LC_ALL=C

connections=64 rounds=5 seconds=4 warmup=1 loads=closed,5000,15000 out=
cpu=$(($(nproc) - 1))
while getopts c:r:d:w:L:g:o:h option; do
    case $option in
        c) connections=$OPTARG ;;
        r) rounds=$OPTARG ;;
        d) seconds=$OPTARG ;;
        w) warmup=$OPTARG ;;
        L) loads=$OPTARG ;;
        g) cpu=$OPTARG ;;
        o) out=$OPTARG ;;
        *) sed -n '2,18s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# = 2 ] || { sed -n '2,18s/^# \{0,1\}//p' "$0" >&2; exit 2; }
url=$1 pids=$2
root=$(cd "$(dirname "$0")/../../.." && pwd)
bench=${HEADGATE_BENCH:-$root/headgate bench}
# The optimising compiler would take the generator's only CPU from it while it measures; the quick one has enough to say within its warm-up.
export HEADGATE_JAVA_OPTS=${HEADGATE_JAVA_OPTS:--XX:TieredStopAtLevel=1}
rest=${url#http://}
hostport=${rest%%/*} path=/${rest#*/}
out=${out:-$(mktemp -d /tmp/agree.XXXXXX)}
mkdir -p "$out"
: >"$out/results.tsv"
tick_us=$((1000000 / $(getconf CLK_TCK)))

# Processor time of the target in microseconds.
target_us() {
    local all=0 pid rest
    for pid in ${pids//,/ }; do
        rest=$(cat "/proc/$pid/stat")
        # Behind the name, which may contain anything: utime and stime are the 12th and 13th.
        # shellcheck disable=SC2086
        set -- ${rest##*) }
        all=$((all + (${12} + ${13}) * tick_us))
    done
    echo "$all"
}

# field NAME FILE: a number out of one line of JSON; the first of that name.
field() { grep -o "\"$1\":[0-9.]*" "$2" | head -1 | cut -d: -f2; }

# Writes tool, load, requests/s, target us/request, generator us/request, p50 us, p99 us, errors.
note() { printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$out/results.tsv"; }

# Runs a tool pinned; sets target_used and own_used to microseconds of processor time.
measured() {
    local log=$1 before
    shift
    before=$(target_us)
    TIMEFORMAT='%U %S'
    { time taskset -c "$cpu" "$@" >"$log" 2>&1; } 2>"$out/times" || true
    target_used=$(($(target_us) - before))
    own_used=$(awk '{ printf "%.0f", ($1 + $2) * 1e6 }' "$out/times")
}

per() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }

headgate_run() {
    local load=$1 log=$out/headgate.$1.$2.json
    shift 2
    # shellcheck disable=SC2086
    taskset -c "$cpu" $bench load -c "$connections" -d "$seconds" -w "$warmup" --cpu-of "$pids" "$@" "$url" >"$log" 2>"$log.err" || true
    local requests used=0 part
    requests=$(field requests "$log")
    for part in $(grep -o '"watchedCpuNs":{[^}]*}' "$log" | grep -o ':[0-9]*' | tr -d :); do used=$((used + part)); done
    note headgate "$load" "$(field requestsPerSecond "$log")" "$(per $((used / 1000)) "$requests")" \
        "$(per $(($(field cpuNs "$log") / 1000)) "$requests")" \
        "$(awk -v n="$(field p50Ns "$log")" 'BEGIN { printf "%.1f", n / 1000 }')" \
        "$(awk -v n="$(field p99Ns "$log")" 'BEGIN { printf "%.1f", n / 1000 }')" "$(field errorCount "$log")"
}

yardstick_run() {
    local load=$1 log=$out/yardstick.$1.$2.json total
    shift 2
    measured "$log" "$YARDSTICK_LOAD" -c "$connections" -d "$seconds" -w "$warmup" -r "$path" "$@" "$hostport"
    total=$(field total "$log")
    note yardstick "$load" "$(field rps "$log")" "$(per "$target_used" "$total")" "$(per "$own_used" "$total")" \
        "$(field p50 "$log")" "$(field p99 "$log")" "$(field errors "$log")"
}

to_us() { sed 's/us$/ 1/; s/ms$/ 1000/; s/\([0-9]\)s$/\1 1000000/' | awk '{ printf "%.1f", $1 * $2 }'; }

wrk_run() {
    local log=$out/wrk.closed.$1 total errors
    measured "$log" wrk -t 1 -c "$connections" -d "${seconds}s" --latency "$url"
    total=$(awk '/requests in/ { print $1 }' "$log")
    errors=$(awk '/Non-2xx/ { n += $NF } /Socket errors/ { gsub(",", ""); n += $4 + $6 + $8 + $10 } END { print n + 0 }' "$log")
    note wrk closed "$(awk '/Requests\/sec/ { print $2 }' "$log")" "$(per "$target_used" "$total")" "$(per "$own_used" "$total")" \
        "$(awk '$1 == "50%" { print $2 }' "$log" | to_us)" "$(awk '$1 == "99%" { print $2 }' "$log" | to_us)" "$errors"
}

h2load_run() {
    local log=$out/h2load.closed.$1 total
    measured "$log" h2load --h1 -t 1 -c "$connections" -D "$seconds" "$url"
    total=$(sed -n 's/^requests: .* \([0-9]*\) done.*/\1/p' "$log")
    note h2load closed "$(awk "BEGIN { print $total / $seconds }")" "$(per "$target_used" "$total")" "$(per "$own_used" "$total")" - - \
        "$(sed -n 's/^requests: .* \([0-9]*\) failed.*/\1/p' "$log")"
}

for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    for load in ${loads//,/ }; do
        if [ "$load" = closed ]; then
            headgate_run closed "$round"
            [ -z "${YARDSTICK_LOAD:-}" ] || yardstick_run closed "$round"
            ! command -v wrk >/dev/null || wrk_run "$round"
            ! command -v h2load >/dev/null || h2load_run "$round"
        else
            headgate_run "$load" "$round" -r "$load"
            [ -z "${YARDSTICK_LOAD:-}" ] || yardstick_run "$load" "$round" -R "$load"
        fi
    done
done

echo "| load | generator | requests/s | target µs/request | generator µs/request | p50 µs | p99 µs | errors |"
echo "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
awk -F '\t' '
    function median(key,   n, i, j, t, v) {
        n = split(values[key], v, " ")
        for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
        if (v[1] == "-") return "-"
        return sprintf("%g (%g–%g)", v[int((n + 1) / 2)], v[1], v[n])
    }
    { row = $2 FS $1; if (!(row in seen)) { seen[row] = 1; rows[++count] = row }
      for (i = 3; i <= 7; i++) values[row FS i] = values[row FS i] " " $i
      if ($8 + 0 > errors[row]) errors[row] = $8 }
    END { for (k = 1; k <= count; k++) { split(rows[k], name, FS)
        line = "| " (name[1] == "closed" ? "closed" : name[1] "/s") " | " name[2]
        for (i = 3; i <= 7; i++) line = line " | " median(rows[k] FS i)
        print line " | " errors[rows[k]] + 0 " |" } }' "$out/results.tsv" | sort -t'|' -k2,2 -s
