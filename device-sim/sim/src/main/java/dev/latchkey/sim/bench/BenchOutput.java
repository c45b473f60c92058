package dev.latchkey.sim.bench;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where figures go beside the screen. */
final class BenchOutput {
    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to a file, as JSON")
    private Path json;

    void write(Report report) throws IOException {
        if (json != null) {
            report.writeTo(json);
        }
    }
}
