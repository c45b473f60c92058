package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import dev.latchkey.sim.process.Launcher;
import dev.latchkey.sim.scenario.SimCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A recording that cannot be replayed: line and column are named, and nothing is sent. There is no launcher in this
 * process, so a command that began to start a network would say that and nothing else.
 */
final class SimInputIT {
    private static final String HEAD = "when,t\n2026-01-01T00:00:00Z,1.5\n";

    @TempDir
    private Path directory;

    private Launcher.Result sim(String recording, String... more) throws Exception {
        Path file = Files.writeString(directory.resolve("room.csv"), recording);
        String[] arguments = new String[more.length + 3];
        arguments[0] = "csv";
        arguments[1] = "--replay";
        arguments[2] = file.toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return ByHand.run(() -> Cli.run(new SimCommand(), arguments));
    }

    private void refused(String recording, String unit, String value, String... named) throws Exception {
        Launcher.Result result = sim(recording, "--time", "when", "--value", value, "--unit", unit);
        assertThat(result.errors()).hasLineCount(1).contains("room.csv").contains(named);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).isEmpty();
    }

    @Test
    void aMissingColumnIsNamed() throws Exception {
        refused(HEAD, "Cel", "temperature", "temperature");
    }

    @Test
    void aBadNumberIsNamedWithItsLineAndColumn() throws Exception {
        refused(HEAD + "2026-01-01T00:01:00Z,warm\n", "Cel", "t", "line 3", "\"t\"", "warm");
    }

    @Test
    void aTimeThatGoesBackIsNamedWithItsLineAndColumn() throws Exception {
        refused(HEAD + "2025-12-31T00:00:00Z,1.6\n", "Cel", "t", "line 3", "\"when\"");
    }

    @Test
    void anUnknownUnitIsNamed() throws Exception {
        refused(HEAD, "Fahrenheit", "t", "Fahrenheit");
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws Exception {
        Launcher.Result result =
                ByHand.run(() -> Cli.run(new SimCommand(), "csv", "--replay", "nowhere.csv", "--unit", "Cel"));
        assertThat(result.errors()).hasLineCount(1).contains("nowhere.csv");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void aGoodRecordingGetsAsFarAsTheNetwork() throws Exception {
        Launcher.Result result = sim(HEAD, "--time", "when", "--value", "t", "--unit", "Cel");
        assertThat(result.errors()).hasLineCount(1).contains("run it through the launcher");
    }
}
