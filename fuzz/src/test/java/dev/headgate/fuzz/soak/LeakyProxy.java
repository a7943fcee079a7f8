package dev.headgate.fuzz.soak;

import dev.headgate.fuzz.sim.MutantLoader;
import java.util.Arrays;

/** A {@link SoakProxy} of which one class has a method that leaves a call out: what the soak is there to find. */
public final class LeakyProxy {
    private LeakyProxy() {}

    /** The first three arguments name class, method and call; the others are those of {@link SoakProxy}. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        var mutant = new MutantLoader.Mutant(arguments[0], arguments[1], arguments[2], null);
        new MutantLoader(mutant)
                .loadClass(SoakProxy.class.getName())
                .getMethod("main", String[].class)
                .invoke(null, (Object) Arrays.copyOfRange(arguments, 3, arguments.length));
    }
}
