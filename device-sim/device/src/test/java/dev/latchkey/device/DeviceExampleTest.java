package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the class comment of Device is code that compiles. */
class DeviceExampleTest {
    private static final Path SOURCE = Path.of("src", "main", "java", "dev", "latchkey", "device", "Device.java");

    /** In the types that the example names; a user's editor adds these. */
    private static final String IMPORTS = """
            import dev.latchkey.cose.StrictEcVerifier;
            import dev.latchkey.device.*;
            import dev.latchkey.protocol.HandOver;
            import dev.latchkey.senml.Pack;
            import dev.latchkey.senml.Record;
            import java.math.BigDecimal;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.time.Instant;
            """;

    @TempDir
    Path temp;

    private static List<String> example() throws Exception {
        String source = Files.readString(SOURCE);
        String begin = " * <pre>{@code\n";
        int from = source.indexOf(begin);
        int to = source.indexOf(" * }</pre>", from);
        assertThat(from).as("the example begins").isPositive();
        assertThat(to).as("the example ends").isGreaterThan(from);
        assertThat(from).as("it stands in the class comment").isLessThan(source.indexOf("public final class Device"));
        return source.substring(from + begin.length(), to)
                .lines()
                .map(line -> line.replaceFirst("^ \\* ?", ""))
                .toList();
    }

    private String errors(String body) {
        String unit = IMPORTS + "final class Example {\n  static void run(HandOver handOver) throws Exception {\n"
                + body + "\n  }\n}\n";
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return unit;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        boolean compiled = compiler.getTask(
                        output,
                        null,
                        null,
                        List.of(
                                "-d",
                                temp.toString(),
                                "-proc:none",
                                "--release",
                                "17",
                                "-cp",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(file))
                .call();
        return compiled ? "" : output.toString();
    }

    @Test
    void theExampleInTheClassCommentCompilesAndShowsTheThreeThingsThatADeviceDoes() throws Exception {
        String body = example().stream().collect(Collectors.joining("\n"));
        assertThat(errors(body)).isEmpty();
        assertThat(body).contains("Device.join(", ".receive(", ".send(");
        assertThat(example()).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void anExampleThatDoesNotFitTheLibraryIsNoticed() throws Exception {
        String body = example().stream().collect(Collectors.joining("\n"));
        assertThat(errors(body.replace("device.send(", "device.sendOff("))).contains("sendOff");
    }
}
