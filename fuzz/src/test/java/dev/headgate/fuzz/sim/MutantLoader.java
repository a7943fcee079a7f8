package dev.headgate.fuzz.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads our classes anew, one of them with a method that leaves a call out. The product itself is not touched. */
public final class MutantLoader extends ClassLoader {
    private static final String OURS = "dev.headgate.";

    private final Mutant mutant;
    private boolean isMade;

    /**
     * A change: within {@code method} of {@code type}, calls of {@code callee} do nothing.
     *
     * @param type without the common prefix of our packages
     * @param result what such a call answers instead; null where it answers nothing
     */
    public record Mutant(
            String type,
            String method,
            String callee,
            @Nullable Integer result) {
        @Override
        public String toString() {
            return type + "." + method + " without " + callee + (result == null ? "" : ", taken as " + result);
        }
    }

    public MutantLoader(Mutant mutant) {
        super(MutantLoader.class.getClassLoader());
        this.mutant = mutant;
    }

    /** Whether there was such a call. */
    public boolean isMade() {
        return isMade;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = bytesOf(name);
        if (name.equals(OURS + mutant.type())) {
            bytes = mutate(bytes);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] bytesOf(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] mutate(byte[] bytes) {
        ClassFile file = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(getParent())
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        return file.transformClass(
                file.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString(mutant.method()), dropping()));
    }

    private CodeTransform dropping() {
        return (code, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString(mutant.callee())) {
                isMade = true;
                drop(code, call);
            } else {
                code.with(element);
            }
        };
    }

    private void drop(CodeBuilder code, InvokeInstruction call) {
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        for (ClassDesc parameter : parameters.reversed()) {
            if (TypeKind.from(parameter).slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }
        if (call.opcode() != Opcode.INVOKESTATIC) {
            code.pop();
        }
        if (mutant.result() != null) {
            code.loadConstant(mutant.result());
        }
    }
}
