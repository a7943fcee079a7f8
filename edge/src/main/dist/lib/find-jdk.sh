# Finds a JDK new enough for Headgate. Sourced by ./mvnw, ./headgate and the packaged bin/headgate, so that all agree.
# Reads the release file that every JDK has: no JVM is started only to ask its version, nor any other process, unless java
# on the PATH is a link to some unusual place.
# shellcheck shell=sh disable=SC3013

jdk_version_min=25

# find_jdk TOOL: sets jdk_home to a JDK whose bin/ holds TOOL ("java" to run, "javac" to build), and jdk_build to what its
# release file calls it; says what is missing and returns 1 when there is none. What the user chose comes first, then the
# oldest that is new enough.
find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME" "$1"; then
        jdk_home=$JAVA_HOME
        return 0
    fi
    jdk_find_on_path
    if [ -n "$jdk_java" ] && jdk_fits "${jdk_java%/bin/java}" "$1"; then
        jdk_home=${jdk_java%/bin/java}
        return 0
    fi
    jdk_link=
    [ ! -h "$jdk_java" ] || jdk_link=$jdk_java
    jdk_home=
    for jdk_candidate in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/*jdk* /opt/java/* /opt/*/*jdk* /usr/local/*jdk* \
        "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
        "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* "${HOME:-/nonexistent}"/.asdf/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        [ -x "$jdk_candidate/bin/java" ] || continue
        jdk_chosen=
        if [ -n "$jdk_link" ] && [ "$jdk_candidate/bin/java" -ef "$jdk_link" ]; then
            jdk_chosen=$jdk_candidate
        fi
        if jdk_fits "$jdk_candidate" "$1"; then
            if [ -n "$jdk_chosen" ] || [ -z "$jdk_home" ] || [ "$jdk_version" -lt "$jdk_best" ]; then
                jdk_best=$jdk_version
                jdk_best_build=$jdk_build
                jdk_home=$jdk_candidate
            fi
        fi
        [ -z "$jdk_chosen" ] || jdk_link=
        [ -z "$jdk_chosen" ] || [ "$jdk_home" != "$jdk_chosen" ] || break
    done
    if [ -n "$jdk_link" ]; then
        jdk_java=$(readlink -f "$jdk_link" 2>/dev/null || printf '%s' "$jdk_link")
        if jdk_fits "${jdk_java%/bin/java}" "$1"; then
            jdk_home=${jdk_java%/bin/java}
            return 0
        fi
    fi
    jdk_build=${jdk_best_build:-}
    [ -z "$jdk_home" ] || return 0
    {
        echo "headgate: no JDK $jdk_version_min or newer found"
        echo "  looked at JAVA_HOME (${JAVA_HOME:-not set}), java on the PATH (${jdk_java:-none}) and the usual folders,"
        echo "  such as /usr/lib/jvm, /opt, /usr/local, ~/.sdkman and ~/.jdks"
        echo "  install one, or set JAVA_HOME to one"
    } >&2
    return 1
}

# Sets jdk_java to the java that the PATH leads to, or to nothing.
jdk_find_on_path() {
    jdk_path=${PATH:-}:
    while [ -n "$jdk_path" ]; do
        jdk_java=${jdk_path%%:*}
        jdk_java=${jdk_java:-.}/java
        jdk_path=${jdk_path#*:}
        if [ -f "$jdk_java" ] && [ -x "$jdk_java" ]; then
            case $jdk_java in /*) ;; *) jdk_java=${PWD:-.}/$jdk_java ;; esac
            return 0
        fi
    done
    jdk_java=
}

# jdk_fits HOME TOOL: sets jdk_version, the feature release such as 25, and jdk_build, what the release file says up to
# there: of whom it is and which build. The rest of the file is not read: a shell reads byte by byte.
jdk_fits() {
    [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
    jdk_version=
    jdk_build=
    while IFS='=' read -r jdk_key jdk_value; do
        jdk_value=${jdk_value#\"}
        jdk_value=${jdk_value%\"}
        jdk_build=$jdk_build-$jdk_value
        if [ "$jdk_key" = JAVA_VERSION ]; then
            jdk_version=${jdk_value%%[!0-9]*}
            break
        fi
    done < "$1/release"
    [ "${jdk_version:-0}" -ge "$jdk_version_min" ]
}
