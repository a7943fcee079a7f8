package dev.headgate.architecture;

import dev.headgate.Headgate;
import dev.headgate.balancer.Picker;
import dev.headgate.engine.Engine;
import dev.headgate.http.FieldSection;
import dev.headgate.tls.transport.TlsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The class files of the modules that make up the proxy, from folders or jars, as this test runs on them. */
final class OurClasses {
    private static final List<Class<?>> ONE_OF_EACH_MODULE =
            List.of(Engine.class, FieldSection.class, TlsServer.class, Picker.class, Headgate.class);

    private OurClasses() {}

    static List<ClassFileView> read() {
        List<ClassFileView> classes = new ArrayList<>();
        for (Class<?> anchor : ONE_OF_EACH_MODULE) {
            Path place = placeOf(anchor);
            if (Files.isDirectory(place)) {
                addAll(classes, place);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(place)) {
                    addAll(classes, jar.getPath("/"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return classes;
    }

    private static Path placeOf(Class<?> anchor) {
        try {
            URI location =
                    anchor.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(location);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static void addAll(List<ClassFileView> classes, Path root) {
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(OurClasses::isClass).toList()) {
                classes.add(ClassFileView.parse(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isClass(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".class") && !name.equals("module-info.class") && !name.equals("package-info.class");
    }
}
