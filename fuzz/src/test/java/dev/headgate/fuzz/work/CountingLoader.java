package dev.headgate.fuzz.work;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.List;

/** Loads our classes anew, with code that counts their {@link Work}. The product itself is not touched. */
final class CountingLoader extends ClassLoader {
    private static final List<String> COUNTED =
            List.of("dev.headgate.http.", "dev.headgate.forward.", "dev.headgate.route.");
    private static final String PROBES = "dev.headgate.fuzz.work.Probe";
    private static final ClassDesc WORK = ClassDesc.of("dev.headgate.fuzz.work.Work");

    CountingLoader() {
        super(CountingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        boolean isCounted = COUNTED.stream().anyMatch(name::startsWith);
        if (!isCounted && !name.startsWith(PROBES)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = bytesOf(name);
            byte[] defined = isCounted ? counting(bytes) : bytes;
            return defineClass(name, defined, 0, defined.length);
        }
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

    private byte[] counting(byte[] bytes) {
        ClassFile file = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(getParent())
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        return file.transformClass(
                file.parse(bytes), ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Counting::new)));
    }

    private static final class Counting implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            count(code);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof BranchInstruction
                    || element instanceof TableSwitchInstruction
                    || element instanceof LookupSwitchInstruction) {
                count(code);
            }
            code.with(element);
        }

        private static void count(CodeBuilder code) {
            code.getstatic(WORK, "count", ConstantDescs.CD_long)
                    .lconst_1()
                    .ladd()
                    .putstatic(WORK, "count", ConstantDescs.CD_long);
        }
    }
}
