package dev.headgate.architecture;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeInvisibleAnnotationsAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One class file: its name, the names it mentions, and its code. Names are binary names with dots.
 *
 * @param name of the class
 * @param types classes that the constant pool mentions, also within descriptors and signatures
 * @param members methods and fields that code uses, as {@code owner.name}
 * @param isHotPath whether the class itself says {@code @HotPath}
 * @param hotMethods methods of a hot class, or that say so themselves, without constructors and class set-up
 */
record ClassFileView(
        String name, Set<String> types, Set<String> members, boolean isHotPath, List<HotMethod> hotMethods) {
    private static final String HOT_PATH = "Ldev/headgate/engine/HotPath;";
    private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

    /** A method that must not make garbage, and its instructions in order. */
    record HotMethod(String className, String method, List<Instruction> instructions) {
        /** With the class, and without the number that the compiler gives to lambdas. */
        String fullName() {
            return className + "." + method.replaceFirst("\\$\\d+$", "");
        }
    }

    static ClassFileView parse(byte[] bytes) {
        ClassModel model = ClassFile.of().parse(bytes);
        String name = dotted(model.thisClass().asInternalName());
        boolean hot = isHot(model.findAttribute(Attributes.runtimeInvisibleAnnotations())
                .map(RuntimeInvisibleAnnotationsAttribute::annotations)
                .orElse(List.of()));
        Set<String> types = new TreeSet<>();
        Set<String> members = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> types.add(elementName(type));
                case MemberRefEntry member ->
                    members.add(
                            elementName(member.owner()) + "." + member.name().stringValue());
                case Utf8Entry text -> addTypesIn(text.stringValue(), types);
                default -> {}
            }
        }
        List<HotMethod> methods = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            boolean says = isHot(method.findAttribute(Attributes.runtimeInvisibleAnnotations())
                    .map(RuntimeInvisibleAnnotationsAttribute::annotations)
                    .orElse(List.of()));
            String methodName = method.methodName().stringValue();
            if ((hot || says) && !methodName.startsWith("<")) {
                methods.add(new HotMethod(name, methodName, instructions(method)));
            }
        }
        return new ClassFileView(name, types, members, hot, methods);
    }

    private static boolean isHot(List<java.lang.classfile.Annotation> annotations) {
        return annotations.stream()
                .anyMatch(annotation -> annotation.className().equalsString(HOT_PATH));
    }

    private static List<Instruction> instructions(MethodModel method) {
        List<Instruction> instructions = new ArrayList<>();
        method.code().ifPresent(code -> {
            for (CodeElement element : code) {
                if (element instanceof Instruction instruction) {
                    instructions.add(instruction);
                }
            }
        });
        return instructions;
    }

    private static void addTypesIn(String text, Set<String> types) {
        Matcher matcher = TYPE_IN_DESCRIPTOR.matcher(text);
        while (matcher.find()) {
            types.add(dotted(matcher.group(1)));
        }
    }

    private static String elementName(ClassEntry type) {
        ClassDesc desc = type.asSymbol();
        while (desc.isArray()) {
            desc = desc.componentType();
        }
        String descriptor = desc.descriptorString();
        return desc.isPrimitive() ? descriptor : dotted(descriptor.substring(1, descriptor.length() - 1));
    }

    static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }

    String packageName() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    boolean isIn(String packageName) {
        return name.startsWith(packageName + ".");
    }
}
