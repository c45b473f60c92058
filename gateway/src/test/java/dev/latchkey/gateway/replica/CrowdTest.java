package dev.latchkey.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.ledger.ChainState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway opens on its stored state, or on its blocks, and is the same either way. */
class CrowdTest {
    private static final int MEMBERS = 600;
    private static final int TAIL = 300;

    @TempDir
    Path directory;

    @Test
    void opensOnItsStateAndTheBlocksAfterIt() throws Exception {
        Crowd crowd = CrowdStore.fill(directory, MEMBERS, TAIL, state -> {});
        assertThat(opened()).isEqualTo(seen(crowd.state()));
        Files.delete(stateFile());
        assertThat(opened()).isEqualTo(seen(crowd.state()));
        assertThat(stateFile()).as("written at a clean stop").exists();
        assertThat(opened()).isEqualTo(seen(crowd.state()));

        byte[] whole = Files.readAllBytes(stateFile());
        Random random = new Random(3);
        for (int i = 0; i < 4; i++) {
            byte[] damaged = i == 0 ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(stateFile(), damaged);
            assertThat(opened()).isEqualTo(seen(crowd.state()));
            assertThat(Files.readAllBytes(stateFile()))
                    .as("replaced after the replay")
                    .isEqualTo(whole);
        }
    }

    @Test
    void theHeadThatWasHandedOutLastIsAnswerableAfterAStart() throws Exception {
        ChainState[] older = {null};
        Crowd crowd =
                CrowdStore.fill(directory, TAIL, 0, state -> older[0] = state.height() == TAIL - 9 ? state : older[0]);
        Files.delete(stateFile());
        try (Store store = Store.open(directory.resolve("store"), Runnable::run)) {
            Replica replica = CrowdStore.open(directory, store);
            replica.offer(crowd.checkpoint(older[0]));
            await().until(() -> replica.heads().newest().isPresent());
            replica.close();
        }
        assertThat(stateFile()).exists();
        try (Store store = Store.open(directory.resolve("store"), Runnable::run)) {
            Replica replica = CrowdStore.open(directory, store);
            assertThat(replica.state().orElseThrow().height()).isEqualTo(TAIL);
            assertThat(replica.heads().newest()).map(Head::height).contains(older[0].height());
            replica.close();
        }
    }

    @Test
    void damagedBlocksBehindTheStateAreFound() throws Exception {
        Crowd crowd = CrowdStore.fill(directory, TAIL, 0, state -> {});
        try (Store store = Store.open(directory.resolve("store"), Runnable::run)) {
            ChainRows rows = ChainRows.of(store, crowd.chain().bytes());
            for (long height = 0; height < TAIL; height++) {
                Key key = Key.start().number(height);
                store.submit(draft -> {
                            rows.put(
                                    draft,
                                    Table.BLOCKS,
                                    key.end(),
                                    crowd.blockZero().slice(0, 40));
                            return null;
                        })
                        .join();
            }
        }
        assertThatThrownBy(this::opened)
                .isInstanceOf(DamagedReplicaException.class)
                .hasMessageStartingWith("the stored chain is damaged at height");
    }

    /** What issue and design ask of a gateway with a million members; takes two minutes and more. */
    @Test
    @Tag("long")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void aMillionMembersOpenInTenSecondsInOneGibibyte() throws Exception {
        String members = System.getProperty("latchkey.members", "1000000");
        assertThat(run("-Xmx3g", "fill", directory.toString(), members)).contains("apply at");
        String figures = run("-Xmx1g", "open", directory.toString());
        // Not the seconds on the wall: they are printed as well, but what else the machine does is in them.
        assertThat(number(figures, "CPU seconds: this thread ")).isLessThan(10);
        assertThat(number(figures, "heap MiB ")).isLessThan(1_000);
        assertThat(number(figures, "bytes p50 [0-9]+, p99 ")).isLessThan(1_000);
    }

    private static double number(String figures, String before) {
        var found = java.util.regex.Pattern.compile(before + "([0-9.]+)").matcher(figures);
        assertThat(found.find()).as(figures).isTrue();
        return Double.parseDouble(found.group(1));
    }

    private static String run(String heap, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                OpenCrowd.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        StringBuilder out = new StringBuilder();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                out.append(line).append('\n');
            }
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return out.toString();
    }

    private String opened() throws IOException {
        try (Store store = Store.open(directory.resolve("store"), Runnable::run)) {
            Replica replica = CrowdStore.open(directory, store);
            try {
                ChainState state = replica.state().orElseThrow();
                assertThat(replica.history().root(state.height() + 1)).isEqualTo(state.historyRoot());
                assertThat(replica.members().size()).isEqualTo(state.memberCount());
                String name = Crowd.name(1);
                var keys = replica.members().byName(name).orElseThrow().keys();
                MemberHandle handle = replica.members().byDtlsKey(keys.dtls()).orElseThrow();
                assertThat(replica.members().byDtlsKey(keys.dtls())).containsSame(handle);
                assertThat(replica.members().byDtlsKey(keys.sig())).isEmpty();
                assertThat(replica.members().byExchangeKid(keys.kex().kid())).containsExactly(name);
                return seen(state);
            } finally {
                replica.close();
            }
        }
    }

    private static String seen(ChainState state) {
        return state.checkpoint() + " " + state.memberCount() + " " + state.transactionCount();
    }

    private Path stateFile() throws IOException {
        return directory
                .resolve("store")
                .resolve("states")
                .resolve(Files.readString(directory.resolve("chain")) + ".state");
    }
}
