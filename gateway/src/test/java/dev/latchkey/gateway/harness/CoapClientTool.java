package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs of Debian's that speak DTLS: libcoap's client, whose exit code says nothing, so that its output decides; and
 * OpenSSL's. The arguments are those that gateway/README.md shows.
 */
public final class CoapClientTool {
    /** libcoap on GnuTLS, which knows raw public keys. */
    public static final String GNUTLS = "coap-client-gnutls";

    /** libcoap on OpenSSL, which does not. */
    public static final String OPENSSL = "coap-client-openssl";

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;

    /** What a run left: what it printed, and the bodies of the responses one behind the other. */
    public record Run(String output, Bytes body) {}

    /**
     * Makes a runner.
     *
     * @param directory for its files
     * @param port where the gateway listens on loopback
     */
    public CoapClientTool(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** Whether a program is on the path. */
    public static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(place -> !place.isEmpty() && Files.isExecutable(Path.of(place, program)));
    }

    /** A key as {@code latchkey device join} keeps it. */
    public Path pem(KeyPair key) throws IOException {
        Path file = directory.resolve(key.publicKey().kid() + ".pem");
        if (!Files.exists(file)) {
            KeyFile.write(file, key);
        }
        return file;
    }

    /** A self-signed certificate for a key, as {@code openssl req} makes it. */
    public Path certificate(KeyPair key) throws IOException, InterruptedException {
        Path file = directory.resolve(key.publicKey().kid() + ".crt");
        run(List.of(
                "openssl",
                "req",
                "-x509",
                "-new",
                "-key",
                pem(key).toString(),
                "-subj",
                "/CN=device",
                "-days",
                "3650",
                "-out",
                file.toString()));
        return file;
    }

    /** A file with some bytes. */
    public Path file(Bytes content) throws IOException {
        return Files.write(Files.createTempFile(directory, "body", ".bin"), content.toArray());
    }

    /** One run of a libcoap client, which waits at most 20 s for an answer. */
    public Run coap(String program, String path, String... arguments) throws IOException, InterruptedException {
        Path body = Files.createTempFile(directory, "answer", ".bin");
        Files.delete(body);
        List<String> command = new ArrayList<>(List.of(program, "-B", "20", "-v", "6", "-o", body.toString()));
        command.addAll(Arrays.asList(arguments));
        command.add("coaps://127.0.0.1:" + port + path);
        String output = run(command);
        return new Run(output, Files.exists(body) ? Bytes.wrap(Files.readAllBytes(body)) : Bytes.EMPTY);
    }

    /** The same with a pre-shared key, which is any bytes but 0 and a last line feed: a shell hands it over. */
    public Run coapWithPsk(String program, String path, String identity, Bytes psk, String... arguments)
            throws IOException, InterruptedException {
        Path body = Files.createTempFile(directory, "answer", ".bin");
        Files.delete(body);
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "key=$(cat \"$1\"); shift; exec \"$@\" -k \"$key\" \"coaps://127.0.0.1:" + port + path + "\"",
                "sh",
                file(psk).toString(),
                program,
                "-B",
                "20",
                "-v",
                "6",
                "-o",
                body.toString(),
                "-u",
                identity));
        command.addAll(Arrays.asList(arguments));
        String output = run(command);
        return new Run(output, Files.exists(body) ? Bytes.wrap(Files.readAllBytes(body)) : Bytes.EMPTY);
    }

    /** What openssl s_client printed until it printed what is awaited, or ended; it sends some bytes first. */
    public String openssl(Bytes sent, String awaited, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "openssl", ".txt");
        List<String> command = new ArrayList<>(
                List.of("openssl", "s_client", "-dtls1_2", "-nocommands", "-connect", "127.0.0.1:" + port));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            process.getOutputStream().write(sent.toArray());
            process.getOutputStream().flush();
            org.awaitility.Awaitility.await()
                    .atMost(LONGEST)
                    .until(() -> text(output).contains(awaited) || !process.isAlive());
        } finally {
            process.destroyForcibly();
        }
        return text(output);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(command.get(0) + " did not end: " + text(output));
            }
        } finally {
            process.destroyForcibly();
        }
        return text(output);
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
