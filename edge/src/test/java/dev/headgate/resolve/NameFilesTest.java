package dev.headgate.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.engine.io.nio.NioIo;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameFilesTest {
    private static final long LOOK = NameFiles.LOOK_NS;

    @TempDir
    Path folder;

    private final Told told = new Told();
    private Path conf;
    private Path hosts;
    private NameFiles files;

    @BeforeEach
    void setUp() {
        conf = folder.resolve("resolv.conf");
        hosts = folder.resolve("hosts");
        files = new NameFiles(new NioIo().files(), told, ResolvConf.parse(""), conf, hosts);
    }

    /** As those do it who change such files: by another one in its place. */
    private static void put(Path path, String text) throws IOException {
        Path next = Files.writeString(path.resolveSibling("next"), text, StandardCharsets.ISO_8859_1);
        Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String server(NameSettings settings) {
        return settings.conf().servers().getFirst().getAddress().getHostAddress();
    }

    private static List<String> addresses(NameSettings settings, String name) {
        return settings.hosts().find(name).stream()
                .map(InetAddress::getHostAddress)
                .toList();
    }

    @Test
    void readsBothAndSaysNothingAsLongAsTheyStay() throws IOException {
        put(conf, "nameserver 10.0.0.1");
        put(hosts, "10.0.0.7 db");
        NameSettings settings = files.read(0);
        assertEquals("10.0.0.1", server(settings));
        assertEquals(List.of("10.0.0.7"), addresses(settings, "db"));
        assertNull(files.changed(LOOK));
        assertNull(files.changed(2 * LOOK));
    }

    @Test
    void seesWhatHasChangedOnceInASecond() throws IOException {
        put(conf, "nameserver 10.0.0.1");
        files.read(0);
        put(conf, "nameserver 10.0.0.2");
        assertNull(files.changed(LOOK - 1));
        assertEquals("10.0.0.2", server(Objects.requireNonNull(files.changed(LOOK))));
        assertNull(files.changed(2 * LOOK));
        put(hosts, "10.0.0.7 db");
        NameSettings settings = Objects.requireNonNull(files.changed(3 * LOOK));
        assertEquals("10.0.0.2", server(settings));
        assertEquals(List.of("10.0.0.7"), addresses(settings, "db"));
    }

    @Test
    void whatIsGoneSaysWhatItSaidLast() throws IOException {
        put(conf, "nameserver 10.0.0.1");
        files.read(0);
        Files.delete(conf);
        assertNull(files.changed(LOOK));
        put(hosts, "10.0.0.7 db");
        assertEquals("10.0.0.1", server(Objects.requireNonNull(files.changed(2 * LOOK))));
    }

    @Test
    void filesThatAreNotThereSayNothing() {
        NameSettings settings = files.read(0);
        assertEquals("127.0.0.1", server(settings));
        assertEquals(List.of(), addresses(settings, "db"));
    }

    /** Of each file, and whatever is wrong with it. */
    @Test
    void fileThatCannotBeReadIsToldOnceUntilThatChanges() throws IOException {
        put(hosts, "10.0.0.7 db");
        files.read(0);
        files.changed(LOOK);
        assertEquals(List.of("resolv.conf: there is no such file"), told.taken());
        put(conf, "#".repeat(NameFiles.RESOLV_CONF_BYTES_MAX + 1));
        files.changed(2 * LOOK);
        files.changed(3 * LOOK);
        List<String> tooLong = told.taken();
        assertEquals(1, tooLong.size(), tooLong::toString);
        put(conf, "nameserver 10.0.0.1");
        files.changed(4 * LOOK);
        files.changed(5 * LOOK);
        assertEquals(List.of("resolv.conf again"), told.taken());
        Files.delete(hosts);
        files.changed(6 * LOOK);
        assertEquals(List.of("hosts: there is no such file"), told.taken());
    }

    /** It need not have changed while it was away. */
    @Test
    void fileThatComesBackAsItWasIsToldToo() throws IOException {
        put(hosts, "10.0.0.7 db");
        put(conf, "nameserver 10.0.0.1");
        files.read(0);
        Path away = folder.resolve("away");
        Files.move(conf, away);
        files.changed(LOOK);
        Files.move(away, conf);
        assertNull(files.changed(2 * LOOK));
        assertEquals(List.of("resolv.conf: there is no such file", "resolv.conf again"), told.taken());
    }

    private static final class Told implements NameFiles.Observer {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void onUnreadable(Path path, String failure) {
            lines.add(path.getFileName() + ": " + failure);
        }

        @Override
        public void onReadable(Path path) {
            lines.add(path.getFileName() + " again");
        }

        List<String> taken() {
            List<String> taken = List.copyOf(lines);
            lines.clear();
            return taken;
        }
    }

    @Test
    void filesThatNobodyWantsAreNotRead() throws IOException {
        put(conf, "nameserver 10.0.0.1");
        var none = new NameFiles(new NioIo().files(), told, ResolvConf.parse("nameserver 10.0.0.9"), null, null);
        assertEquals("10.0.0.9", server(none.read(0)));
        assertNull(none.changed(LOOK));
    }

    @ParameterizedTest
    @CsvSource({"65535, 10.0.0.1", "65536, 10.0.0.1", "65537, 127.0.0.1"})
    void filesAreReadUpToALength(int length, String server) throws IOException {
        String line = "nameserver 10.0.0.1\n";
        put(conf, line + "#".repeat(length - line.length()));
        assertEquals(server, server(files.read(0)));
    }

    /** However many there are of IPv4, those of IPv6 have their places. */
    @Test
    void hostsHaveSoManyAddressesOfEitherFamily() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= AddressAnswer.FAMILY_MAX; i++) {
            text.append("10.0." + (i >> 8) + "." + (i & 255) + " db\n");
        }
        put(hosts, text + "::1 db\n");
        List<String> found = addresses(files.read(0), "db");
        assertEquals(AddressAnswer.FAMILY_MAX + 1, found.size());
        assertEquals("0:0:0:0:0:0:0:1", found.getLast());
    }

    /** What one eye reads as one address, and the next as another, is none. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
        "fe80::1%nosuch0, fe80:0:0:0:0:0:0:1",
        "127.1,",
        "2130706433,",
        "010.1.1.1,",
        "0x7f.1,",
        "1,",
        "192.0.2.1%lo,",
        "fe80::1%,",
        "[::1],"
    })
    void addressesAreReadStrictly(String text, @Nullable String address) {
        InetAddress read = HostsFile.literal(text);
        assertEquals(address, read == null ? null : read.getHostAddress());
    }

    /** As many as fit into the file: what an address costs does not grow with those that are there. */
    @Test
    @Timeout(20)
    void nameMayHaveAsManyAddressesAsTheFileHasLines() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < NameFiles.HOSTS_BYTES_MAX - 20; i++) {
            text.append("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + " db\n");
        }
        put(hosts, text.toString());
        assertEquals("10.0.0.0", addresses(files.read(0), "db").getFirst());
    }

    @Test
    void hostsMayHaveAnyBytesAndOddLines() throws IOException {
        put(hosts, "# \u00e4\n10.0.0.7\n\n  10.0.0.8\tDb db. db#x y\nnot-an-address db\n::1 db\n10.0.0.9 db\n");
        NameSettings settings = files.read(0);
        assertEquals(List.of("10.0.0.8", "10.0.0.9", "0:0:0:0:0:0:0:1"), addresses(settings, "DB."));
        assertEquals(List.of(), addresses(settings, "y"));
        assertNotNull(settings.hosts());
    }
}
