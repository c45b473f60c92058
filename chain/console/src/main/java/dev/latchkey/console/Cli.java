package dev.latchkey.console;

import dev.latchkey.host.UnusableKeyException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a picocli command the way every Latchkey command behaves: what went wrong is one line on standard error, and the
 * exit code says whose fault it was. With {@code LATCHKEY_TRACE=1} in the environment the stack trace follows the line.
 *
 * <p>Options may be of type {@link HostPort} ({@code host:port}) and {@link Duration} ({@code 30s}, {@code 90 days}).
 */
public final class Cli {
    /** The work was done. */
    public static final int OK = 0;
    /** The command was right and the work failed. */
    public static final int FAILED = 1;
    /** The command, its settings or its input were wrong. */
    public static final int USAGE = 2;

    private Cli() {}

    /**
     * Parses the arguments and runs the (sub)command they name.
     *
     * @param command an object or class with picocli's {@code Command} annotation
     * @return the code to end the process with: what a {@code Callable<Integer>} returned, else one of this class, or what
     *     the command names as its {@code exitCodeOnExecutionException} instead of {@link #FAILED}
     */
    public static int run(Object command, String... arguments) {
        CommandLine line = new CommandLine(command)
                .registerConverter(HostPort.class, converted(HostPort::parse))
                .registerConverter(Duration.class, converted(Units::duration))
                .registerConverter(BigDecimal.class, converted(Cli::decimal))
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(wrongArguments())
                .setExecutionExceptionHandler(failedWork());
        versioned(line, "latchkey " + version(command));
        int code = line.execute(arguments);
        System.out.flush();
        return code;
    }

    /** Every subcommand answers to --version alike. */
    private static void versioned(CommandLine line, String version) {
        line.getCommandSpec().version(version);
        line.getSubcommands().values().forEach(below -> versioned(below, version));
    }

    /** From the manifest of the command's jar; classes that are not in a jar are of nobody's release. */
    private static String version(Object command) {
        Class<?> type = command instanceof Class<?> given ? given : command.getClass();
        String version = type.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static IParameterExceptionHandler wrongArguments() {
        return (fault, arguments) -> {
            CommandLine command = fault.getCommandLine();
            PrintWriter err = command.getErr();
            err.println("latchkey: " + oneLine(fault.getMessage()));
            UnmatchedArgumentException.printSuggestions(fault, err);
            err.println("          " + command.getCommandSpec().qualifiedName() + " --help shows what it takes");
            err.flush();
            return USAGE;
        };
    }

    private static IExecutionExceptionHandler failedWork() {
        return (Exception thrown, CommandLine command, ParseResult parsed) -> {
            Throwable cause = unwrapped(thrown);
            if (cause instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            PrintWriter err = command.getErr();
            err.println("latchkey: " + oneLine(explained(cause)));
            if ("1".equals(System.getenv("LATCHKEY_TRACE"))) {
                thrown.printStackTrace(err);
            }
            err.flush();
            boolean usage = cause instanceof UsageFault || cause instanceof UnusableKeyException;
            return usage ? USAGE : command.getCommandSpec().exitCodeOnExecutionException();
        };
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause instanceof UncheckedIOException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The JDK's file exceptions carry only the path as their message. */
    private static String explained(Throwable cause) {
        if (cause instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        if (cause instanceof AccessDeniedException denied) {
            return "no permission: " + denied.getFile();
        }
        if (cause instanceof FileAlreadyExistsException there) {
            return "already there: " + there.getFile();
        }
        if (cause instanceof FileSystemException file) {
            return file.getReason() == null
                    ? "file system: " + file.getFile()
                    : file.getFile() + ": " + file.getReason();
        }
        if (cause instanceof InterruptedException) {
            return "interrupted";
        }
        String message = cause.getMessage();
        if (cause instanceof UsageFault || (message != null && !(cause instanceof RuntimeException))) {
            return message;
        }
        String what = cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
        return what + " (LATCHKEY_TRACE=1 shows where)";
    }

    /**
     * Some libraries explain themselves over several lines; the first is the one that says what is wrong. What somebody
     * else said may stand in it, so that no control character is left.
     */
    static String oneLine(String message) {
        String stripped = message == null ? "" : message.strip();
        int end = stripped.indexOf('\n');
        String line = end < 0 ? stripped : stripped.substring(0, end).stripTrailing();
        return line.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    private static BigDecimal decimal(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a decimal number is needed, such as 21.5: " + text, e);
        }
    }

    private static <T> ITypeConverter<T> converted(java.util.function.Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}
