package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the class comment of {@link Consumer}. That it runs, the tests of a whole network show. */
class ConsumerExampleTest {
    private static final Path SOURCE = Path.of("src", "main", "java", "dev", "latchkey", "device", "Consumer.java");

    @TempDir
    Path temp;

    @Test
    void itCompilesAndHasTenLines() throws Exception {
        String source = Files.readString(SOURCE);
        String begin = " * <pre>{@code\n";
        int from = source.indexOf(begin);
        List<String> lines = source.substring(from + begin.length(), source.indexOf(" * }</pre>", from))
                .lines()
                .map(line -> line.replaceFirst("^ \\* ?", ""))
                .toList();
        assertThat(lines).hasSizeLessThanOrEqualTo(10);
        String unit = "import dev.latchkey.cose.StrictEcVerifier;\nimport dev.latchkey.device.*;\n"
                + "import java.net.URI;\nimport java.nio.file.Path;\nimport java.time.Duration;\n"
                + "import java.util.List;\nfinal class Example {\n"
                + "  static void run(Path directory, List<URI> nodes) throws Exception {\n"
                + String.join("\n", lines) + "\n  }\n}\n";
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return unit;
                    }
                };
        StringWriter output = new StringWriter();
        String path = System.getProperty("java.class.path");
        List<String> options = List.of("-d", temp.toString(), "-proc:none", "--release", "17", "-cp", path);
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(output, null, null, options, null, List.of(file))
                .call();
        assertThat(compiled).as("%s", output).isTrue();
    }
}
