package dev.latchkey.cloud.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.audit.Corruptions.Corrupted;
import dev.latchkey.cloud.audit.Forgery.ExportBytes;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.ExportWriter;
import dev.latchkey.host.EcProviders;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two auditors that share no code, one exported chain of 1,000 mixed transactions, and what may be wrong with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {
    private static final long SEED = 20_261_122;
    private static final int TRANSACTIONS = 1_000;

    /** Debian's own: a python3 that stands before it on the PATH does not see Debian's packages. */
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    static Path directory;

    private final EcVerifier verifier = remembering(EcProviders.verifier());
    private MixedChain chain;
    private Path good;
    private Map<String, Corrupted> corrupted;
    private List<String> verdicts; // of the other auditor: the good one's, then the corrupted ones' in order

    @BeforeAll
    void export() throws Exception {
        System.out.println("seed " + SEED);
        chain = new MixedChain(SEED, TRANSACTIONS);
        good = directory.resolve("good.chain");
        try (ChainSource source = source(chain)) {
            ExportWriter.write(source, good, () -> {});
        }
        corrupted = new Corruptions(chain, ExportBytes.read(Bytes.wrap(Files.readAllBytes(good)))).all();
        for (Map.Entry<String, Corrupted> entry : corrupted.entrySet()) {
            Files.write(file(entry.getKey()), entry.getValue().file().toArray());
        }
        if (Files.isExecutable(Path.of(PYTHON))
                && run("-c", "import cbor2, cryptography").isEmpty()) {
            verdicts = otherAuditor();
        }
    }

    private Path file(String corruption) {
        return directory.resolve(corruption.replace(' ', '-'));
    }

    private static ChainSource source(MixedChain chain) {
        return new ChainSource() {
            private int next;

            @Override
            public ChainId chain() {
                return chain.chain;
            }

            @Override
            public long height() {
                return chain.state.height();
            }

            @Override
            public long checkpointHeight() {
                return chain.state.height();
            }

            @Override
            public Optional<Bytes> next() {
                return next < chain.blocks.size() ? Optional.of(chain.blocks.get(next++)) : Optional.empty();
            }

            @Override
            public Bytes checkpoint() {
                return chain.signed(chain.state.checkpoint());
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }

    /** The corrupted exports share almost all signatures; each is worked out once. */
    private static EcVerifier remembering(EcVerifier verifier) {
        record Claim(CoseKey key, Bytes message, Bytes signature) {}
        Map<Claim, Boolean> known = new ConcurrentHashMap<>();
        return (key, message, signature) -> known.computeIfAbsent(
                new Claim(key, message, signature), claim -> verifier.verify(key, message, signature));
    }

    private AuditReport audit(Path file, Optional<ChainId> expected) throws Exception {
        try (ChainSource source = new Place(file.toString(), Optional.empty(), Optional.empty()).open(verifier)) {
            return new Auditor(source, expected, verifier, () -> {}).audit();
        }
    }

    @Test
    void findsTheWholeChainGood() throws Exception {
        AuditReport report = audit(good, Optional.of(chain.chain));
        assertThat(report.transactions()).isEqualTo(TRANSACTIONS);
        assertThat(report.state().blockHash()).isEqualTo(chain.state.blockHash());
        assertThat(report.state().directoryRoot()).isEqualTo(chain.state.directoryRoot());
        assertThat(report.kinds().values())
                .as("every kind there is: %s", report.kinds())
                .allMatch(count -> count > 0);
        assertThat(report.states().keySet())
                .containsExactly("active", "left", "moved", "moving", "revoked", "suspended");
        assertThat(report.signatures()).isGreaterThan(2 * TRANSACTIONS);
    }

    @Test
    void anotherImplementationFindsTheSameRoots() throws Exception {
        requireOtherAuditor();
        AuditReport report = audit(good, Optional.of(chain.chain));
        assertThat(verdicts.get(0))
                .contains("\"good\": true")
                .contains(json("chain", chain.chain.toHex()))
                .contains(json("block_hash", report.state().blockHash().toHex()))
                .contains(json("directory_root", report.state().directoryRoot().toHex()))
                .contains(json("history_root", report.state().historyRoot().toHex()))
                .contains("\"members\": " + report.state().memberCount() + ",")
                .contains("\"active\": " + report.states().get("active") + ",")
                .contains("\"policy\": " + report.state().policy().number() + ",")
                .contains("\"transactions\": " + TRANSACTIONS + ",")
                .contains("\"signatures\": " + report.signatures() + ",");
    }

    private static String json(String name, String value) {
        return "\"" + name + "\": \"" + value + "\"";
    }

    @Test
    void refusesAnotherChainThanTheOneExpected() {
        ChainId other = new ChainId(chain.state.blockHash());
        assertThatThrownBy(() -> audit(good, Optional.of(other)))
                .isInstanceOfSatisfying(
                        AuditFault.class, fault -> assertThat(fault.reason()).startsWith("chain"));
    }

    private static Stream<String> corruptions() {
        return Stream.of(
                "a flipped byte in a transaction",
                "a dropped block",
                "swapped blocks",
                "a forged join",
                "the high-S twin of a signature",
                "a wrong directory root",
                "a wrong history root",
                "a wrong Merkle root",
                "time that goes back",
                "a voucher used too often",
                "an arrival that no sibling vouches for",
                "a checkpoint by a stranger",
                "a checkpoint of another history",
                "a truncated file");
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void finds(String corruption) {
        Corrupted expected = corrupted.get(corruption);
        assertThatThrownBy(() -> audit(file(corruption), Optional.of(chain.chain)))
                .isInstanceOfSatisfying(AuditFault.class, fault -> {
                    assertThat(fault.reason()).startsWith(expected.reason());
                    assertThat(fault.height()).isEqualTo(expected.height());
                });
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void anotherImplementationFinds(String corruption) {
        requireOtherAuditor();
        Corrupted expected = corrupted.get(corruption);
        String verdict = verdicts.get(1 + new ArrayList<>(corrupted.keySet()).indexOf(corruption));
        assertThat(verdict)
                .contains("\"good\": false")
                .contains("\"height\": " + expected.height() + ",")
                .contains("\"reason\": \"" + expected.reason());
    }

    private void requireOtherAuditor() {
        assumeTrue(
                verdicts != null, "no second implementation here: apt-get install python3-cbor2 python3-cryptography");
    }

    private List<String> otherAuditor() throws Exception {
        Path script = directory.resolve("audit_chain.py");
        try (InputStream in = AuditTest.class.getResourceAsStream("/audit_chain.py")) {
            Files.copy(in, script);
        }
        List<String> arguments = new ArrayList<>(List.of(script.toString(), good.toString()));
        corrupted.keySet().forEach(corruption -> arguments.add(file(corruption).toString()));
        List<String> lines = run(arguments.toArray(String[]::new)).lines().toList();
        assertThat(lines).hasSize(1 + corrupted.size());
        return lines;
    }

    private static String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}
