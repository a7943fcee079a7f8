package dev.headgate.engine;

import java.lang.System.Logger.Level;

/** Sends failures to the platform's logger. */
final class LoggingErrorListener implements LoopErrorListener {
    private static final System.Logger LOGGER = System.getLogger("dev.headgate.engine");

    @Override
    public void onFailure(int loopIndex, String where, Throwable failure) {
        LOGGER.log(Level.ERROR, "event=loop_failure loop=" + loopIndex + " where=" + where, failure);
    }
}
