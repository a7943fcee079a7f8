package dev.headgate.config.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be wrong, each with a number that never changes its meaning. {@code headgate help CODE} explains it. */
public enum ProblemCode {
    SYNTAX(
            2001,
            "The file is no YAML 1.2 (of which JSON is a subset). Reading stops at the first such place, so fix it and"
                    + " check again: there may be more. Frequent causes are a tab used for indentation, a missing space"
                    + " after a colon, and an opening bracket or quote without its partner."),
    UNSUPPORTED_YAML(
            2002,
            "The file uses a part of YAML that this language leaves out: tags (!name), merge keys (<<), more than one"
                    + " document, directives, or keys that are not plain words. Anchors and aliases are supported."),
    TOO_LARGE(
            2003,
            "The file is larger, deeper nested, or with its aliases written out larger than the reader accepts. The"
                    + " bounds (8 MiB of text, 64 levels, 1,000,000 values) keep a hostile or broken file from using up"
                    + " the memory."),
    DUPLICATE_KEY(
            2004,
            "The same key stands twice in one mapping. Only one of them could count, so neither does: remove one."),
    UNKNOWN_KEY(
            2005,
            "The key is not part of the language at this place. Every key is spelled in camelCase. Keys are checked"
                    + " strictly because a misspelled limit that is silently ignored is no limit."),
    MISSING_KEY(2006, "A key that has no default is not there."),
    WRONG_TYPE(2007, "The value has another shape than the key wants: a list, a mapping, or a single value."),
    UNIT_MISSING(
            2008,
            "Durations and sizes carry their unit: 250ms, 5s, 1m, 1h; 500B, 64KiB, 10MiB, 1GiB. A bare number is"
                    + " refused, because a reader cannot see whether it means seconds or milliseconds, bytes or"
                    + " kilobytes."),
    BAD_VALUE(2009, "The value is not of the form that the key wants."),
    OUT_OF_RANGE(
            2010,
            "The value is outside the range that the program supports. Every limit has a hard maximum, listed in the"
                    + " configuration reference."),
    UNKNOWN_WORD(2011, "The value is not one of the words that the key knows."),
    UNKNOWN_UPSTREAM(2012, "A route or a listener leads to an upstream that no entry under 'upstreams' defines."),
    DUPLICATE_NAME(
            2013,
            "Two things of one kind have the same name or address. Names are identities: metrics, logs and reloads tell"
                    + " things apart by them."),
    CONFLICTING_KEYS(2014, "Keys are given together that exclude each other, or none of which one is needed."),
    INCONSISTENT_VALUES(2015, "Each value is fine by itself, but together they cannot work."),
    SUBSTITUTION(
            2016,
            "A value of the form ${NAME}, ${NAME:-default} or ${file:/path} could not be replaced. The form stands for"
                    + " the whole value; within other text it is not replaced."),
    FORBIDDEN_FIELD(
            2017,
            "The header field cannot be set, added or removed by configuration, because the proxy derives it from the"
                    + " message itself: framing (Content-Length, Transfer-Encoding), connection options, Host, and the"
                    + " like. Letting configuration write them would allow invalid or smuggled messages."),
    DOES_NOT_FIT(
            2018,
            "Limits allow more memory than there is. Lower the limits, raise 'limits.memory', or start the process with"
                    + " more direct memory."),
    UNKNOWN_VERSION(2019, "The file is written for a version of the language that this program does not read."),
    TOO_MANY_ERRORS(
            2020,
            "There are more mistakes than are worth showing, and reading stopped at the last of them. Often they have"
                    + " one cause: a level of indentation, or an anchor that is used in many places."),
    UNUSED_UPSTREAM(
            2101, "An upstream is defined that no route sends anything to. It costs little, but is often a slip."),
    UNREACHABLE_ROUTE(
            2102,
            "The first route that takes a request wins. Everything that this one could take, an earlier one takes"
                    + " already. Move the more special route up, or remove this one."),
    RELAXED_LIMIT(
            2103,
            "A limit or rule is wider than the default, which is chosen for the open internet. That is allowed, and"
                    + " worth knowing when something later uses more memory or time than expected, or an origin gets"
                    + " what it cannot take."),
    MORE_WARNINGS(2104, "There are more warnings than are worth showing."),
    CERTIFICATE_QUESTIONABLE(
            2105,
            "A certificate, an authority or a revocation list is used, and should be looked at: it has run out or soon"
                    + " will, is not valid yet, or is of a kind that is seldom meant; its chain is not as it should be,"
                    + " peers may refuse it, or others can get at its key. Who shows or needs what has run out is refused by peers that verify."),
    WITHOUT_EFFECT(
            2106,
            "A key is written that changes nothing, because something else that it needs is not there. Often that is a"
                    + " slip."),
    STICKY_FORGOTTEN(
            2107,
            "Cookies that keep clients at their endpoints are signed with a key that this process makes for itself. After a"
                    + " restart, and at another proxy, clients get another endpoint and a new cookie. Write 'sticky.secret', best as"
                    + " ${file:/path} or ${NAME}, the same for all proxies of one site."),
    FILE_UNREADABLE(3001, "A file cannot be read: it is not there, is no regular file, or permissions are missing."),
    PORT_TAKEN(
            3002,
            "Another process listens on the address already, this machine has no such address, or the system does not"
                    + " allow this process to listen there (ports below 1024 often need a privilege)."),
    FILE_UNWRITABLE(3003, "A log file cannot be opened for appending, or a folder takes no files."),
    CERTIFICATE_UNUSABLE(
            3004,
            "A certificate or its key cannot be read, they do not belong together, or a file with roots to trust holds"
                    + " none."),
    START_FAILED(1001, "The proxy could not start for a reason that lies neither in the configuration nor in a port.");

    private final int number;
    private final String explanation;

    ProblemCode(int number, String explanation) {
        this.number = number;
        this.explanation = explanation;
    }

    /** The code of the form {@code HG2005}, or null when there is none such; letters in any case. */
    public static @Nullable ProblemCode find(String text) {
        for (ProblemCode code : values()) {
            if (code.id().equalsIgnoreCase(text) || code.token().equalsIgnoreCase(text)) return code;
        }
        return null;
    }

    /** {@code HG} and four digits. */
    public String id() {
        return "HG" + number;
    }

    /** The name in words: {@code unknown_key}. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it leaves the configuration usable. */
    public boolean isWarning() {
        return number / 100 == 21;
    }

    /** A paragraph that says what it means and what to do. */
    public String explanation() {
        return explanation;
    }
}
