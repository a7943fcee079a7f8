package dev.headgate.config;

import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Scalars of the proxy's own world: addresses, hosts, paths, fields. */
final class HttpScalars {
    private static final String UNIX_PREFIX = "unix:";
    private static final int URI_LENGTH_MAX = 8192;
    private static final int DNS_PORT = 53;

    private HttpScalars() {}

    /** Where to listen: an address literal or {@code localhost}; port 0 asks for any free one. */
    static ScalarSpec<Address> listenAddress() {
        String expected = "host:port with an address literal or localhost, [::]:port or unix:/path";
        return scalar("address", expected, value -> parseAddress(value.text(), true));
    }

    /** Where to connect: a name, an address literal, or a Unix-domain socket. */
    static ScalarSpec<Address> endpointAddress() {
        String expected = "host:port, [ipv6]:port or unix:/path";
        return scalar("address", expected, new ScalarSpec.Notation<>() {
            @Override
            public Address parse(ScalarSpec.Value value) throws Refused {
                return parseAddress(value.text(), false);
            }

            @Override
            public Object write(Address address) {
                return address.configured();
            }
        });
    }

    /** Whom to ask: an address literal, with port 53 unless one is given. */
    static ScalarSpec<Address.Tcp> serverAddress() {
        String expected = "an address such as 10.0.0.2, 10.0.0.2:53 or [2001:db8::1]:53";
        return scalar("address", expected, new ScalarSpec.Notation<>() {
            @Override
            public Address.Tcp parse(ScalarSpec.Value value) throws Refused {
                return parseServer(value.text());
            }

            @Override
            public Object write(Address.Tcp server) {
                return server.toString();
            }
        });
    }

    private static Address.Tcp parseServer(String text) throws Refused {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        byte[] literal = IpLiteral.parse(bare);
        if (literal != null) return new Address.Tcp(IpLiteral.format(literal), DNS_PORT);
        if (text.indexOf(':') >= 0 && parseAddress(text, false) instanceof Address.Tcp tcp && tcp.isLiteral()) {
            return tcp;
        }
        throw Refused.badValue("a name where an address is wanted");
    }

    private static Address parseAddress(String text, boolean forListener) throws Refused {
        if (text.startsWith(UNIX_PREFIX)) return parseUnix(text.substring(UNIX_PREFIX.length()));
        int scheme = text.indexOf("://");
        if (scheme >= 0) throw Refused.badValue("a URI where an address is wanted", suggestFromUri(text, scheme));
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            boolean isPort = forListener && Hosts.port(text) >= 0;
            throw Refused.badValue("an address without a port", isPort ? "write 0.0.0.0:" + text : suggestPort(text));
        }
        boolean isAbsolute = !forListener && isAbsolute(text.substring(0, colon));
        String host = parseHost(text.substring(0, isAbsolute ? colon - 1 : colon), text, forListener);
        int port = Hosts.port(text.substring(colon + 1));
        if (port < 0) throw Refused.badValue("not a port");
        if (port == 0 && !forListener) throw Refused.badValue("nothing can be reached at port 0");
        return new Address.Tcp(host, port, isAbsolute);
    }

    /** Whether it is a name with the dot of the root; an address has none. */
    private static boolean isAbsolute(String text) {
        return text.endsWith(".") && IpLiteral.parse(text.substring(0, text.length() - 1)) == null;
    }

    private static String parseHost(String text, String address, boolean forListener) throws Refused {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String inner = bracketed ? text.substring(1, text.length() - 1) : text;
        if (!bracketed && text.indexOf(':') >= 0) {
            boolean isAddress = IpLiteral.parse(text) != null;
            String suggestion = isAddress ? "write [" + text + "]" + address.substring(text.length()) : "";
            throw Refused.badValue("an IPv6 address without brackets", suggestion);
        }
        if (forListener && (inner.isEmpty() || inner.equals("*"))) {
            throw Refused.badValue("not a host", "write 0.0.0.0" + address.substring(text.length()));
        }
        String host = Hosts.canonical(inner);
        if (host == null || (bracketed && host.indexOf(':') < 0)) throw Refused.badValue("not a host");
        boolean isBindable = IpLiteral.parse(host) != null || host.equals("localhost");
        if (forListener && !isBindable) throw Refused.badValue("a listener wants an address, not a name");
        return host;
    }

    private static Address parseUnix(String path) throws Refused {
        int length = path.getBytes(StandardCharsets.UTF_8).length;
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw Refused.badValue("the socket's path is not absolute", "");
        }
        if (length > Address.Unix.PATH_BYTES_MAX) {
            throw Refused.badValue("the socket's path is longer than " + Address.Unix.PATH_BYTES_MAX + " bytes");
        }
        return new Address.Unix(path);
    }

    private static String suggestFromUri(String text, int scheme) {
        String rest = text.substring(scheme + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        if (Hosts.canonicalAuthority(authority) == null) return "";
        boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
        return "write " + (hasPort ? authority : authority + ":" + (text.startsWith("https") ? 443 : 80));
    }

    private static String suggestPort(String text) {
        return Hosts.canonicalAuthorityHost(text) == null ? "" : "write " + text + ":80";
    }

    static ScalarSpec<Cidr> cidr() {
        return scalar("address block", "an address block such as 10.0.0.0/8 or fd00::/8", HttpScalars::parseCidr);
    }

    private static Cidr parseCidr(ScalarSpec.Value value) throws Refused {
        Cidr cidr = Cidr.parse(value.text());
        if (cidr != null) return cidr;
        Cidr masked = Cidr.parseMasked(value.text());
        if (masked == null) throw Refused.badValue("not an address block");
        throw Refused.badValue("an address block with bits set past its prefix", "write " + masked);
    }

    static ScalarSpec<HostPattern> hostPattern() {
        return scalar("host pattern", "a host without port, exact or *.example.com", new ScalarSpec.Notation<>() {
            @Override
            public HostPattern parse(ScalarSpec.Value value) throws Refused {
                return HostPattern.read(value.text());
            }

            @Override
            public Object write(HostPattern pattern) {
                return pattern.text();
            }
        });
    }

    static ScalarSpec<PathPattern> pathPattern() {
        return scalar("path pattern", "a path such as /exact, /prefix/** or /a/*/b", new ScalarSpec.Notation<>() {
            @Override
            public PathPattern parse(ScalarSpec.Value value) throws Refused {
                return PathPattern.read(value.text());
            }

            @Override
            public Object write(PathPattern pattern) {
                return pattern.text();
            }
        });
    }

    static ScalarSpec<String> path() {
        return Scalars.text("path", "a path such as /a/b", value -> Paths.checkPath(value.text()));
    }

    /** What a request asks for: a path with a query or without. */
    static ScalarSpec<String> requestTarget() {
        return Scalars.text("path", "a path such as /a/b or /a?b=c", value -> {
            String text = value.text();
            int query = text.indexOf('?');
            Paths.checkPath(query < 0 ? text : text.substring(0, query));
            if (text.length() > URI_LENGTH_MAX) throw Refused.badValue("the path is too long");
            if (query >= 0 && !text.substring(query).chars().allMatch(c -> isUriChar(c) && c != '#')) {
                throw Refused.badValue("a character that must be percent-encoded");
            }
            return text;
        });
    }

    static ScalarSpec<String> pathPrefix() {
        return Scalars.text("path prefix", "a path such as /a/b", value -> Paths.checkPrefix(value.text()));
    }

    /** A host with a port or without, as in a {@code Host} field. */
    static ScalarSpec<String> authority() {
        return Scalars.text("host", "a host such as example.com or example.com:8443", value -> {
            String authority = Hosts.canonicalAuthority(value.text());
            if (authority == null) throw Refused.badValue("not a host");
            return authority;
        });
    }

    /** The target of a redirect: an absolute path, or a URI with http or https. */
    static ScalarSpec<String> location() {
        return Scalars.text("location", "a path such as /a or a URI such as https://example.com/a", value -> {
            String text = value.text();
            if (text.length() > URI_LENGTH_MAX) throw Refused.badValue("the location is too long");
            if (!text.chars().allMatch(HttpScalars::isUriChar)) {
                throw Refused.badValue("a character that must be percent-encoded");
            }
            if (text.startsWith("/") && !text.startsWith("//")) return text;
            return checkAbsolute(text);
        });
    }

    private static String checkAbsolute(String text) throws Refused {
        String lower = text.toLowerCase(Locale.ROOT);
        int schemeEnd = lower.startsWith("https://") ? 8 : lower.startsWith("http://") ? 7 : 0;
        if (schemeEnd == 0) throw Refused.badValue("neither a path nor a URI with http or https");
        int end = schemeEnd;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) end++;
        if (Hosts.canonicalAuthority(text.substring(schemeEnd, end)) == null) throw Refused.badValue("not a host");
        return text;
    }

    private static boolean isUriChar(int c) {
        return c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0;
    }

    static ScalarSpec<String> fieldName() {
        return Scalars.text(
                "field name", "a header field name such as x-edge", value -> Fields.checkName(value.text()));
    }

    static ScalarSpec<String> fieldValue() {
        return Scalars.text("field value", "a header field value", value -> Fields.checkValue(value.text()));
    }

    static ScalarSpec<String> token() {
        return Scalars.text("token", "a token such as headgate", value -> {
            String text = value.text();
            if (text.length() > 64 || !Fields.isToken(text)) throw Refused.badValue("not a token");
            return text;
        });
    }

    private static <T> ScalarSpec<T> scalar(String typeName, String expected, ScalarSpec.Notation<T> notation) {
        return new ScalarSpec<>(typeName, expected, "", notation, Map.of("type", "string"));
    }
}
