package dev.headgate.engine.io.nio;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The user whom this process runs as. */
final class ProcessOwner {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String USER_IDS = "Uid:";
    private static final int EFFECTIVE = 2; // behind the word and the real one
    private static final String ROOT = "0";

    private ProcessOwner() {}

    /** Whether {@code owner} is that user, or root; true as well where nobody can tell. */
    static boolean isOrRoot(UserPrincipal owner, FileSystem files) {
        UserPrincipalLookupService users = files.getUserPrincipalLookupService();
        try {
            return owner.equals(users.lookupPrincipalByName(ROOT)) || owner.equals(users.lookupPrincipalByName(name()));
        } catch (IOException e) {
            return true; // A user without a name, and no number either.
        }
    }

    /** Linux says it by number, which is there in containers too whose users have no names. */
    private static String name() {
        String number = numberOf(STATUS);
        return number == null ? System.getProperty("user.name") : number;
    }

    private static @Nullable String numberOf(Path status) {
        try {
            for (String line : Files.readAllLines(status)) {
                List<String> words = List.of(line.split("\t", -1));
                if (words.size() > EFFECTIVE && words.getFirst().equals(USER_IDS)) return words.get(EFFECTIVE);
            }
        } catch (IOException e) {
            return null; // Not Linux.
        }
        return null;
    }
}
