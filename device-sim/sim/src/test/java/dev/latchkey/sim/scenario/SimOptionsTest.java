package dev.latchkey.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.console.UsageFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SimOptionsTest {
    @TempDir
    private Path directory;

    private static void refusesEvents(ScenarioName scenario, boolean own, String named, String... arguments) {
        EventOptions options = CommandLine.populateCommand(new EventOptions(), arguments);
        assertThatExceptionOfType(UsageFault.class)
                .isThrownBy(() -> options.check(scenario, own))
                .withMessageContaining(named);
    }

    @Test
    void anOptionOfAnotherScenarioIsRefused() {
        refusesEvents(ScenarioName.STORM, true, "--trips is for commute, and this is storm", "--trips", "2");
        refusesEvents(ScenarioName.WEATHER, true, "--changes is for churn", "--changes", "2");
    }

    @Test
    void commuteAtSomebodysGatewayNeedsTheSibling() {
        refusesEvents(ScenarioName.COMMUTE, false, "needs --to CHAIN");
        refusesEvents(ScenarioName.COMMUTE, true, "--to is for --hand-over", "--to", "tacoma");
        CommandLine.populateCommand(new EventOptions(), "--to", "tacoma").check(ScenarioName.COMMUTE, false);
    }

    @Test
    void somebodyElsesGatewayIsNotStopped() {
        refusesEvents(ScenarioName.STORM, false, "somebody else's", "--storm", "gateway");
        EventOptions none = CommandLine.populateCommand(new EventOptions());
        assertThat(none.stormsGateway(true)).isTrue();
        assertThat(none.stormsGateway(false)).isFalse();
    }

    @Test
    void namesTheScenariosThatThereAre() {
        assertThat(ScenarioName.of("lossy")).isEqualTo(ScenarioName.LOSSY);
        assertThatExceptionOfType(UsageFault.class)
                .isThrownBy(() -> ScenarioName.of("rain"))
                .withMessageContaining("no scenario rain")
                .withMessageContaining("weather, csv, host, commute, storm, churn, lossy");
    }

    @Test
    void lossyHasDefaultsThatOptionsChange() {
        Impairments none = CommandLine.populateCommand(new Impairments());
        assertThat(none.any()).isFalse();
        Impairments lossy = CommandLine.populateCommand(new Impairments(), "--loss", "0.2", "--delay", "1ms-3ms");
        lossy.lossy();
        lossy.check();
        assertThat(lossy.eachWay().loss()).isEqualTo(0.2);
        assertThat(lossy.eachWay().duplication()).isEqualTo(0.02);
        assertThat(lossy.eachWay().maxDelay()).isEqualTo(Duration.ofMillis(3));
        assertThat(lossy.eachWay().mtu()).isEqualTo(1_232);
        assertThat(lossy.rebinding()).contains(Duration.ofSeconds(10));
    }

    @Test
    void impairmentsThatLetNothingThroughAreRefused() {
        for (List<String> bad : List.of(
                List.of("--loss", "0.9"),
                List.of("--reordering", "-1"),
                List.of("--mtu", "20"),
                List.of("--delay", "9ms-3ms"),
                List.of("--delay", "fast"))) {
            Impairments options = CommandLine.populateCommand(new Impairments(), bad.toArray(String[]::new));
            assertThatExceptionOfType(UsageFault.class)
                    .isThrownBy(options::check)
                    .withMessageContaining(bad.get(0));
        }
    }

    @Test
    void aFilesFaultIsNamedBeforeAnythingIsSent() throws Exception {
        Path file = directory.resolve("room.csv");
        Files.writeString(file, "time,value\n2024-01-01T00:00:00Z,20.5\n2024-01-01T00:01:00Z,warm\n");
        SourceOptions options =
                CommandLine.populateCommand(new SourceOptions(), "--replay", file.toString(), "--unit", "Cel");
        assertThatExceptionOfType(UsageFault.class)
                .isThrownBy(() -> options.choose(ScenarioName.CSV, 2))
                .withMessageContaining("line 3")
                .withMessageContaining("value");
        SourceOptions missing = CommandLine.populateCommand(new SourceOptions());
        assertThatExceptionOfType(UsageFault.class)
                .isThrownBy(() -> missing.choose(ScenarioName.CSV, 2))
                .withMessageContaining("--replay FILE");
    }

    @Test
    void aRecordingIsReplayedAtItsPace() throws Exception {
        Path file = directory.resolve("room.csv");
        Files.writeString(file, "time,value\n2024-01-01T00:00:00Z,20.5\n2024-01-01T00:01:00Z,20.25\n");
        SourceOptions.Chosen chosen = CommandLine.populateCommand(
                        new SourceOptions(), "--replay", file.toString(), "--unit", "Cel", "--rate", "60x")
                .choose(ScenarioName.CHURN, 2);
        assertThat(chosen.readings()).isEqualTo(2);
        assertThat(chosen.tempo().dueNanos(0)).isZero();
        assertThat(chosen.tempo().dueNanos(1)).isEqualTo(1_000_000_000);
        assertThat(chosen.supply().take(3).origin()).isEqualTo("line 3");
    }

    @Test
    void aReportThatCouldNotBeWrittenIsRefusedAtOnce() {
        SimOptions options = CommandLine.populateCommand(
                new SimOptions(), "--json", directory.resolve("no/where.json").toString());
        assertThatExceptionOfType(UsageFault.class).isThrownBy(options::check).withMessageContaining("--json");
    }

    @Test
    void whoCommutesIsDrawnBySeed() {
        List<String> members = List.of("d-a", "d-b", "d-c", "d-d");
        assertThat(new Commute("tacoma", 0.5, 1, 7).commuters(members))
                .hasSize(2)
                .isEqualTo(new Commute("tacoma", 0.5, 1, 7).commuters(members));
        assertThat(new Commute("tacoma", 0.01, 1, 7).commuters(members)).hasSize(1);
    }
}
