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
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.List;

/**
 * Loads all our classes anew, the product's with code that counts their {@link Work}. The product itself is not touched, and what only
 * tests have counts for nothing.
 */
final class CountingLoader extends ClassLoader {
    private static final String OURS = "dev.headgate.";
    private static final List<String> OF_TESTS = List.of("dev.headgate.testkit.", "dev.headgate.fuzz.");
    private static final String SAMPLE = "dev.headgate.fuzz.work.UnseededTable";
    private static final String COUNT = "dev.headgate.fuzz.work.Work"; // the one that the test reads
    private static final ClassDesc WORK = ClassDesc.of(COUNT);

    CountingLoader() {
        super(CountingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.equals(COUNT)) {
            return super.loadClass(name, resolve);
        }
        boolean isCounted = name.startsWith(SAMPLE) || OF_TESTS.stream().noneMatch(name::startsWith);
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
            count(code, "count");
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof BranchInstruction
                    || element instanceof TableSwitchInstruction
                    || element instanceof LookupSwitchInstruction) {
                count(code, "count");
            } else if (element instanceof InvokeInstruction call && isHashing(call)) {
                count(code, "hashed");
            }
            code.with(element);
        }

        private static boolean isHashing(InvokeInstruction call) {
            String owner = call.owner().asInternalName();
            boolean isTable = owner.startsWith("java/util/")
                    && (owner.endsWith("Map") || owner.endsWith("Set") || owner.endsWith("Hashtable"));
            return isTable || call.name().equalsString("hashCode");
        }

        private static void count(CodeBuilder code, String counter) {
            code.getstatic(WORK, counter, ConstantDescs.CD_long)
                    .lconst_1()
                    .ladd()
                    .putstatic(WORK, counter, ConstantDescs.CD_long);
        }
    }
}
