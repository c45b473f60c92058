package dev.latchkey.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * The last records of this process's log, kept in memory beside where the log goes, for whoever asks from elsewhere; safe
 * for use by many threads. It holds what the log's level lets through, so no more than is on standard error.
 */
public final class LogRing implements AutoCloseable {
    /** Longest text of a record, in characters; the rest of it is cut. */
    public static final int MAX_TEXT = 1_000;

    /**
     * One record.
     *
     * @param number counted from 1 since the ring was made, without gaps
     * @param level error, warn, info, debug or trace
     * @param logger the simple name of the class that says it
     * @param text message, values and exception on one line, without control characters
     */
    public record Entry(long number, Instant time, String level, String logger, String text) {}

    private final int kept;
    private final Runnable listener;
    private final Ring appender = new Ring();
    private final Deque<Entry> entries = new ArrayDeque<>(); // guarded by this
    private long last; // guarded by this

    private LogRing(int kept, Runnable listener) {
        this.kept = kept;
        this.listener = listener;
    }

    /**
     * Begins to keep records; stays attached until it is closed or the log goes elsewhere.
     *
     * @param kept how many, at least 1
     * @param listener told after each record; must be quick and log nothing
     */
    public static LogRing open(int kept, Runnable listener) {
        LogRing ring = new LogRing(Math.max(1, kept), listener);
        ring.appender.setContext(context());
        ring.appender.start();
        context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(ring.appender);
        return ring;
    }

    /**
     * Records in the order in which they came.
     *
     * @param after only those with a greater number
     * @param level only those of at least this level: error, warn, info, debug or trace
     * @throws UsageFault if there is no such level
     */
    public List<Entry> entries(long after, String level) {
        int least = Logging.parsed(level).toInt();
        synchronized (this) {
            List<Entry> found = new ArrayList<>();
            for (Entry entry : entries) {
                if (entry.number() > after && Logging.parsed(entry.level()).toInt() >= least) {
                    found.add(entry);
                }
            }
            return found;
        }
    }

    /** The number of the newest record; 0 before the first. */
    public synchronized long last() {
        return last;
    }

    @Override
    public void close() {
        context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(appender);
        appender.stop();
    }

    private void add(ILoggingEvent event) {
        Level level = event.getLevel();
        String logger = event.getLoggerName();
        synchronized (this) {
            last++;
            entries.addLast(new Entry(
                    last,
                    Instant.ofEpochMilli(event.getTimeStamp()),
                    level.toString().toLowerCase(Locale.ROOT),
                    logger.substring(logger.lastIndexOf('.') + 1),
                    text(event)));
            if (entries.size() > kept) {
                entries.removeFirst();
            }
        }
        listener.run();
    }

    private static String text(ILoggingEvent event) {
        StringBuilder text = new StringBuilder(String.valueOf(event.getFormattedMessage()));
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                text.append(' ')
                        .append(pair.key)
                        .append("=\"")
                        .append(pair.value)
                        .append('"');
            }
        }
        if (event.getThrowableProxy() != null) {
            text.append(" | ").append(event.getThrowableProxy().getClassName());
            if (event.getThrowableProxy().getMessage() != null) {
                text.append(": ").append(event.getThrowableProxy().getMessage());
            }
        }
        String line =
                text.toString().strip().replaceAll("\\s*[\\r\\n]+\\s*", " | ").replaceAll("\\p{Cntrl}", "?");
        return line.substring(0, Math.min(line.length(), MAX_TEXT));
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    /** Logback's end of it. */
    private final class Ring extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            add(event);
        }
    }
}
