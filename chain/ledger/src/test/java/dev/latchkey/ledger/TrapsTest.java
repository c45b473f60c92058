package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.BlockFaultException.Fault;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Traps in which others were caught, and which no other test is named for; and the table that names all of them. */
class TrapsTest {
    private static final Path ROOT = Path.of(System.getProperty("latchkey.root"));
    private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT))\\.(\\w+)`");
    private static final List<String> MODULES = List.of(
            "ledger",
            "envelope",
            "coap",
            "host",
            "console",
            "cloud",
            "../gateway",
            "../device-sim/device",
            "../device-sim/sim");
    private static final long HALF_AN_HOUR = 1_800_000;

    private final TestNetwork network = new TestNetwork();

    @Test
    void anEditThatChangesNothingIsSignedLikeAnyOther() throws Exception {
        Policy before = network.state.policy();
        Policy same = new Policy(
                1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                before.difficulty(),
                before.limits(),
                before.siblings(),
                before.blockVersion());
        TransactionSigning byAdmin =
                TransactionSigning.of(new PolicyChange(same), network.chain).by(network.admin.sig());
        assertThat(network.admit(byAdmin.finish().encode())).isEqualTo(new Outcome.Refused(Refusal.MISSING_SIGNATURE));

        byte[] forged = TransactionSigning.of(new PolicyChange(same), network.chain)
                .by(network.operator)
                .finish()
                .encode()
                .toArray();
        forged[forged.length - 1] ^= 1;
        assertThat(network.admit(Bytes.wrap(forged))).isEqualTo(new Outcome.Refused(Refusal.BAD_SIGNATURE));
        ChainState parent = network.state;
        Bytes block = network.apply(Bytes.wrap(forged)).block().orElseThrow().encoded();
        BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
        assertThat(catchThrowableOfType(BlockFaultException.class, () -> verifier.verify(parent, block))
                        .fault())
                .isEqualTo(Fault.SIGNATURE);
    }

    @Test
    void aMoveIsNotCancelledByAnAbsenceProofFromBeforeItsDeadline() {
        TestNetwork there = new TestNetwork("tacoma");
        Identity device = network.joined("d-1");
        network.befriend(there, true);
        there.befriend(network, true);
        long deadline = network.state.header().timeMillis() + HALF_AN_HOUR;
        network.apply(TransactionSigning.of(new RelocateOut("d-1", 2, there.chain, "d-1", deadline), network.chain)
                .by(device.sig())
                .finish()
                .encode());
        Carried notThereYet = there.carried("d-1");
        Bytes arrival = TransactionSigning.of(
                        new RelocateIn("d-1", 3, network.chain, network.carried("d-1")), there.chain)
                .by(device.sig())
                .possessedBy(device.dtls())
                .finish()
                .encode();
        assertThat(there.apply(arrival).outcomes().get(0)).isInstanceOf(Outcome.Applied.class);

        network.pass(2 * HALF_AN_HOUR);
        Bytes cancel = TransactionSigning.of(new RelocateCancel("d-1", 3, notThereYet), network.chain)
                .by(device.sig())
                .finish()
                .encode();

        assertThat(network.apply(cancel).outcomes()).containsExactly(new Outcome.Refused(Refusal.DEADLINE));
        assertThat(network.state.member("d-1").orElseThrow().isActive())
                .as("active in both chains")
                .isFalse();
    }

    @Test
    void everyTestThatTheTableOfTrapsNamesIsThere() throws Exception {
        String page = Files.readString(ROOT.resolve("chain/README.md"));
        String table = page.substring(page.indexOf("## Traps"));
        Matcher named = NAMED_TEST.matcher(table.substring(0, table.indexOf("\n## ")));
        List<String> missing = new ArrayList<>();
        int found = 0;
        while (named.find()) {
            found++;
            Pattern method = Pattern.compile("\\bvoid " + named.group(2) + "\\(");
            if (sources(named.group(1))
                    .noneMatch(source -> method.matcher(source).find())) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(50);
    }

    /** The texts of the test classes of that name. */
    private static Stream<String> sources(String test) throws Exception {
        List<String> texts = new ArrayList<>();
        for (String module : MODULES) {
            Path tests = ROOT.resolve("chain").resolve(module).resolve("src/test/java");
            try (Stream<Path> files = Files.find(tests, 8, (file, attributes) -> file.endsWith(test + ".java"))) {
                for (Path file : files.toList()) {
                    texts.add(Files.readString(file));
                }
            }
        }
        return texts.stream();
    }
}
