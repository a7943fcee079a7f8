# Finds a JDK new enough for Headgate. Sourced by ./mvnw, ./headgate and the packaged bin/headgate, so that all agree.
# Reads the release file that every JDK has: no JVM is started only to ask its version.

jdk_version_min=25

# find_jdk TOOL: sets jdk_home to a JDK whose bin/ holds TOOL ("java" to run, "javac" to build); says what is missing
# and returns 1 when there is none. What the user chose comes first, then the oldest that is new enough.
find_jdk() {
    jdk_home=
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME" "$1"; then
        jdk_home=$JAVA_HOME
        return 0
    fi
    if jdk_java=$(command -v java); then
        jdk_java=$(readlink -f "$jdk_java" 2>/dev/null || printf '%s' "$jdk_java")
        if jdk_fits "${jdk_java%/bin/java}" "$1"; then
            jdk_home=${jdk_java%/bin/java}
            return 0
        fi
    fi
    jdk_best=
    for jdk_candidate in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/*jdk* /opt/java/* /opt/*/*jdk* /usr/local/*jdk* \
        "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
        "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* "${HOME:-/nonexistent}"/.asdf/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if jdk_fits "$jdk_candidate" "$1" && [ "$jdk_version" -lt "${jdk_best:-9999}" ]; then
            jdk_best=$jdk_version
            jdk_home=$jdk_candidate
        fi
    done
    [ -n "$jdk_home" ] && return 0
    {
        echo "headgate: no JDK $jdk_version_min or newer found"
        echo "  looked at JAVA_HOME (${JAVA_HOME:-not set}), java on the PATH (${jdk_java:-none}) and the usual folders,"
        echo "  such as /usr/lib/jvm, /opt, /usr/local, ~/.sdkman and ~/.jdks"
        echo "  install one, or set JAVA_HOME to one"
    } >&2
    return 1
}

# jdk_fits HOME TOOL: sets jdk_version, the feature release such as 25.
jdk_fits() {
    [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
    jdk_version=
    while IFS='=' read -r jdk_key jdk_value; do
        if [ "$jdk_key" = JAVA_VERSION ]; then
            jdk_value=${jdk_value#\"}
            jdk_version=${jdk_value%%[!0-9]*}
        fi
    done < "$1/release"
    [ "${jdk_version:-0}" -ge "$jdk_version_min" ]
}
