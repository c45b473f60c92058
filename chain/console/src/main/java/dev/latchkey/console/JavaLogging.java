package dev.latchkey.console;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what libraries write to java.util.logging, gRPC for one, into the log: under its rules, its levels and its format
 * instead of raw on standard error. Safe for use by several threads.
 */
final class JavaLogging extends Handler {
    private static final SimpleFormatter TEXT = new SimpleFormatter();

    /** Puts itself in the place of all other handlers. Nothing below info comes through. */
    static void route() {
        LogManager.getLogManager().reset();
        java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
        root.setLevel(Level.INFO);
        root.addHandler(new JavaLogging());
    }

    @Override
    public void publish(LogRecord event) {
        String name = event.getLoggerName();
        Logger logger = LoggerFactory.getLogger(name == null || name.isEmpty() ? "java" : name);
        int level = event.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            logger.error(TEXT.formatMessage(event), event.getThrown());
        } else if (level >= Level.WARNING.intValue()) {
            logger.warn(TEXT.formatMessage(event), event.getThrown());
        } else if (level >= Level.INFO.intValue()) {
            logger.info(TEXT.formatMessage(event), event.getThrown());
        }
    }

    @Override
    public void flush() {
        // the log writes each event at once
    }

    @Override
    public void close() {
        // nothing is held
    }
}
