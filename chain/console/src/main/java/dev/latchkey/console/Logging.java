package dev.latchkey.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes and how much of it: one event per line, with an ISO 8601 time in UTC, to standard error or to a
 * file that is rolled by size. The level is that of Latchkey's own classes; libraries are asked for warnings, and for
 * more only when everything is. What they write to java.util.logging comes here too.
 *
 * <p>Until one of the methods is called only warnings appear, on standard error: logback finds this class as its
 * configurator. Line breaks within an event are written as {@code |}, so that no text from outside can look like an
 * event of its own.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    /** Five old files of this size beside the current one. */
    private static final FileSize FILE_SIZE = new FileSize(16L << 20);

    private static final int OLD_FILES = 5;
    /** Of a stack trace, so that an event has an end. */
    private static final int FRAMES = 30;

    private static final String EVENT =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0}: %msg %kvp%n%ex{" + FRAMES + "}";
    private static final String PATTERN =
            "%replace(%replace(" + EVENT + "){'\\s+$', ''}){'\\s*[\\r\\n]+\\s*', ' | '}%nopex%n";

    /** For logback, which makes one by {@link java.util.ServiceLoader} when the first logger is asked for. */
    public Logging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, standardError(context), Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Logs to standard error.
     *
     * @param level error, warn, info, debug or trace
     */
    public static void toStandardError(String level) {
        LoggerContext context = context();
        install(context, standardError(context), parsed(level));
    }

    /**
     * Asks for more or less from now on; where the log goes stays.
     *
     * @param level error, warn, info, debug or trace
     * @throws UsageFault if it is none of them, and nothing changes
     */
    public static void level(String level) {
        levels(context(), parsed(level));
    }

    /** Logs to a file, made with its directory when it is not there. */
    public static void toFile(Path file, String level) throws IOException {
        Level parsed = parsed(level);
        Files.createDirectories(file.toAbsolutePath().getParent());
        LoggerContext context = context();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());

        FixedWindowRollingPolicy old = new FixedWindowRollingPolicy();
        old.setContext(context);
        old.setParent(appender);
        old.setFileNamePattern(file + ".%i");
        old.setMinIndex(1);
        old.setMaxIndex(OLD_FILES);
        old.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> full = new SizeBasedTriggeringPolicy<>();
        full.setContext(context);
        full.setMaxFileSize(FILE_SIZE);
        full.start();
        appender.setRollingPolicy(old);
        appender.setTriggeringPolicy(full);
        install(context, appender, parsed);
    }

    private static OutputStreamAppender<ILoggingEvent> standardError(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        return appender;
    }

    private static void install(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, Level level) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        appender.setEncoder(encoder);
        appender.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        JavaLogging.route();
        levels(context, level);
    }

    private static void levels(LoggerContext context, Level level) {
        // Of libraries never more: below that some write the bytes of messages, joins among them.
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level == Level.TRACE ? Level.INFO : Level.WARN);
        context.getLogger("dev.latchkey").setLevel(level);
        // what a client sends is answered, and counted; a line for each would be his to fill the disk with
        context.getLogger("org.eclipse.jetty.http").setLevel(Level.ERROR);
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    static Level parsed(String level) {
        switch (level.toLowerCase(Locale.ROOT)) {
            case "error":
                return Level.ERROR;
            case "warn":
                return Level.WARN;
            case "info":
                return Level.INFO;
            case "debug":
                return Level.DEBUG;
            case "trace":
                return Level.TRACE;
            default:
                throw new UsageFault("no log level " + level + ": it is error, warn, info, debug or trace");
        }
    }
}
