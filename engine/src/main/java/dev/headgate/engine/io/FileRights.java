package dev.headgate.engine.io;

import dev.headgate.engine.Immutable;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/**
 * Who may do what with a file or a folder, where the file system knows (POSIX). Others are the members of its group, and everybody else.
 *
 * @param owner whose it is, by name or number
 * @param isOwnerTrusted whether that is the user of this process, or root
 * @param permissions what owner and others may do
 */
@Immutable
public record FileRights(String owner, boolean isOwnerTrusted, Set<PosixFilePermission> permissions) {
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> WRITING_OF_OTHERS = PosixFilePermissions.fromString("----w--w-");

    public FileRights {
        permissions = Set.copyOf(permissions);
    }

    /** Whether others than the owner may do nothing at all. */
    public boolean isOwnersAlone() {
        return OWNERS.containsAll(permissions);
    }

    /** Whether others than the owner may write; into a folder, that is to put files in place of those that are there. */
    public boolean mayOthersWrite() {
        return !Collections.disjoint(permissions, WRITING_OF_OTHERS);
    }

    /** Whether everybody may read, and not just the owner and his group. */
    public boolean mayEverybodyRead() {
        return permissions.contains(PosixFilePermission.OTHERS_READ);
    }

    /** As {@code ls} writes it: {@code rw-r--r--}. */
    public String mode() {
        return PosixFilePermissions.toString(permissions);
    }
}
