package dev.headgate.fuzz.threats;

import dev.headgate.testkit.ThreatRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the annotated tests of all modules in their class files, as this build has compiled them. */
final class ProofScanner {
    private static final List<String> MODULES = List.of("http-codec", "balancer", "edge", "fuzz");
    private static final String ANNOTATION = ThreatRow.class.descriptorString();

    /** The folder that holds {@code mvnw}. */
    final Path root;

    private final Path testClasses; // within a module

    ProofScanner() {
        Path own = placeOfOwnClasses();
        Path top = own;
        while (!Files.exists(top.resolve("mvnw"))) {
            top = top.getParent();
        }
        root = top;
        testClasses = root.resolve("fuzz").relativize(own);
    }

    private static Path placeOfOwnClasses() {
        try {
            return Path.of(ProofScanner.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** All of them, by class and method. */
    List<Proof> proofs() {
        List<Proof> proofs = new ArrayList<>();
        for (String module : MODULES) {
            Path classes = root.resolve(module).resolve(testClasses);
            if (!Files.isDirectory(classes)) {
                throw new AssertionError("tests of " + module + " are not compiled: run with -am");
            }
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    addAll(proofs, module, ClassFile.of().parse(Files.readAllBytes(file)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        proofs.sort(Comparator.comparing(Proof::source).thenComparing(Proof::method));
        return proofs;
    }

    private void addAll(List<Proof> proofs, String module, ClassModel model) {
        String internalName = model.thisClass().asInternalName();
        String source = module + "/src/test/java/" + internalName.replaceFirst("\\$.*", "") + ".java";
        if (!Files.exists(root.resolve(source))) {
            return; // Left behind by an earlier build.
        }
        for (MethodModel method : model.methods()) {
            method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                    .flatMap(attribute -> attribute.annotations().stream())
                    .filter(annotation -> annotation.className().equalsString(ANNOTATION))
                    .map(annotation -> proof(
                            internalName.replace('/', '.'),
                            source,
                            method.methodName().stringValue(),
                            annotation))
                    .forEach(proofs::add);
        }
    }

    private static Proof proof(String className, String source, String method, Annotation annotation) {
        return new Proof(
                className,
                source,
                method,
                texts(annotation, "value"),
                texts(annotation, "advisory"),
                String.join("", texts(annotation, "outcome")));
    }

    private static List<String> texts(Annotation annotation, String element) {
        return annotation.elements().stream()
                .filter(candidate -> candidate.name().equalsString(element))
                .map(AnnotationElement::value)
                .flatMap(ProofScanner::texts)
                .toList();
    }

    private static Stream<String> texts(AnnotationValue value) {
        return switch (value) {
            case AnnotationValue.OfString text -> Stream.of(text.stringValue());
            case AnnotationValue.OfArray array -> array.values().stream().flatMap(ProofScanner::texts);
            default -> throw new IllegalArgumentException("no text: " + value);
        };
    }
}
