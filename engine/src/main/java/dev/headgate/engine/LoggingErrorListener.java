package dev.headgate.engine;

import java.lang.System.Logger.Level;

/** Sends failures to the platform's logger. */
final class LoggingErrorListener implements LoopErrorListener {
    @Override
    public void onFailure(int loopIndex, String where, Throwable failure) {
        // Asked for only now: an engine whose owner listens to failures starts without the platform's logging.
        System.Logger logger = System.getLogger("dev.headgate.engine");
        logger.log(Level.ERROR, "event=loop_failure loop=" + loopIndex + " where=" + where, failure);
    }
}
