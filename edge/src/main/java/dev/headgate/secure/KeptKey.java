package dev.headgate.secure;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether a key that lies in the state folder is the proxy's alone. Whoever can read it can be the server; whoever can write it, or into its folder,
 * could have put there a key of theirs. The folder is looked at first: what nobody else can write to stays as it was seen.
 */
final class KeptKey {
    private KeptKey() {}

    /** What is wrong and what is to be done about it, or null; what is not there yet is fine. */
    static @Nullable String problemWith(FileAccess files, Path key) throws IOException {
        Path folder = key.getParent();
        if (folder == null || !files.exists(folder)) {
            return null;
        }
        FileRights ofFolder = files.rights(folder).orElse(null);
        String problem = ofFolder == null ? null : problemWithFolder(folder, ofFolder);
        if (problem != null || !files.exists(key)) {
            return problem;
        }
        FileRights ofKey = files.rights(key).orElse(null);
        return ofKey == null ? null : problemWithFile(key, ofKey);
    }

    private static @Nullable String problemWithFolder(Path folder, FileRights rights) {
        if (!rights.isOwnerTrusted()) {
            return "the folder " + folder + " belongs to " + rights.owner()
                    + ", who is neither the user of this process nor root, and can put a key there: chown it";
        }
        return rights.mayOthersWrite()
                ? "others than its owner may write into the folder " + folder + " (" + rights.mode()
                        + "), and so put a key of theirs there: chmod go-w " + folder
                : null;
    }

    private static @Nullable String problemWithFile(Path key, FileRights rights) {
        if (!rights.isOwnerTrusted()) {
            return key + " holds a key, and belongs to " + rights.owner()
                    + ", who is neither the user of this process nor root: delete it, and the next start makes another, or chown it if you know the key";
        }
        return rights.isOwnersAlone()
                ? null
                : key + " holds a key, and others than its owner may use the file (" + rights.mode() + "): chmod 600 "
                        + key
                        + " keeps the key; if somebody may have read it, delete the file, and the next start makes another";
    }
}
