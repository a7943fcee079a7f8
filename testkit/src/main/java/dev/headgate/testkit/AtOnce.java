package dev.headgate.testkit;

import dev.headgate.engine.io.WorkPool;

/** Does all work within the call that submits it. */
public enum AtOnce implements WorkPool {
    /** The only one: it has no state. */
    POOL;

    @Override
    public boolean submit(Runnable work) {
        work.run();
        return true;
    }

    @Override
    public void close() {}
}
