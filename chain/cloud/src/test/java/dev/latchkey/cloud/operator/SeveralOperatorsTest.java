package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of three operators, each with its own key. */
class SeveralOperatorsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int[] APART = {2, 3};

    @TempDir
    static Path directory;

    private static RunningNetwork network;

    @BeforeAll
    static void start() throws Exception {
        network = new RunningNetwork(directory, "--operators", "3", "--threshold", "2");
        Files.createDirectory(network.file("elsewhere"));
    }

    @AfterAll
    static void stop() {
        network.close();
    }

    /** Operators 2 and 3 carry their keys away. */
    private void part() throws IOException {
        for (int operator : APART) {
            Files.move(network.net().resolve("operator-" + operator), elsewhere(operator));
        }
    }

    @AfterEach
    void meetAgain() throws IOException {
        for (int operator : APART) {
            if (Files.exists(elsewhere(operator))) {
                Files.move(elsewhere(operator), network.net().resolve("operator-" + operator));
            }
        }
    }

    private static Path elsewhere(int operator) {
        return network.file("elsewhere").resolve("operator-" + operator);
    }

    private static String key(int operator) {
        return elsewhere(operator).resolve("operator.pem").toString();
    }

    private void done(String... verb) {
        assertThat(network.run(verb)).as(network::err).isZero();
    }

    @Test
    void withAllKeysAtHandItIsOneCommand() {
        assertThat(network.net().resolve("operator/operator.pem")).doesNotExist();
        done("policy", "change", "--difficulty", "1", "--yes");
        assertThat(network.out()).contains("+ difficulty 1 bits").contains("done: height");
    }

    @Test
    void apartATransactionTravelsAsAPart() throws Exception {
        part();
        String part = network.file("suspend.part").toString();
        String[] suspend = {"suspend", "gateway-1", "--part", part, "--yes"};
        done(suspend);
        assertThat(network.out()).contains("then by     1 operator more").contains("./latchkey operator sign " + part);
        assertThat(network.run(suspend)).isEqualTo(2);
        assertThat(network.err()).contains("nothing was signed");

        assertThat(network.run("submit", part)).isEqualTo(1);
        assertThat(network.err()).contains("1 of 2 operators have signed");
        // One more than needed: what is too much is left out.
        for (int operator : APART) {
            assertThat(network.runApart("sign", part, "--key", key(operator))).isEqualTo(2);
            assertThat(network.runApart("sign", part, "--key", key(operator), "--yes"))
                    .isZero();
            assertThat(network.out()).contains("suspend gateway-1 in sub-network seattle of network city");
        }
        // By mistake, with a key that governs nothing: the part is as good as before.
        String strange = network.net().resolve("cloud/replica.pem").toString();
        assertThat(network.runApart("sign", part, "--key", strange, "--yes")).isZero();
        done("submit", part);
        assertThat(network.out()).contains("which is no operator's key").contains("done: height");
        done("status", "gateway-1");
        assertThat(network.out()).contains("gateway, suspended");
        done("submit", part);
    }

    @Test
    void aSubNetworkBeginsByPartsSubmittedByWhoHasNoAdminsKeys() throws Exception {
        part();
        done("chain", "--name", "tacoma", "--yes");
        Path operator = network.net().resolve("operator");
        Path admin = operator.resolve("admin");
        Path kept = network.file("admin-kept");
        Files.move(admin, kept);
        try {
            String founding = operator.resolve("chain-tacoma.part").toString();
            assertThat(network.runApart("sign", founding, "--key", key(3), "--yes"))
                    .isZero();
            assertThat(network.out())
                    .contains("begin the chain in sub-network tacoma")
                    .contains("operators: 2 of 3");
            done("submit", founding);
            assertThat(network.out()).contains("done: sub-network tacoma has begun");
            try (var parts = Files.newDirectoryStream(operator, "policy-seattle-*.part")) {
                for (Path sibling : parts) {
                    assertThat(network.runApart("sign", sibling.toString(), "--key", key(2), "--yes"))
                            .isZero();
                    done("submit", sibling.toString());
                    assertThat(network.out()).contains("done: height");
                }
            }
            assertThat(network.run("status", "gateway-1")).isEqualTo(2);
            assertThat(network.err()).contains("no admin's keys are in");
        } finally {
            Files.move(kept, admin);
        }
        done("policy", "show");
        assertThat(network.out()).contains("sibling tacoma");
    }

    @Test
    void aMemberThatLostItsKeysAsksForNewOnesAndTwoOperatorsAgree() throws Exception {
        OperatorFiles files = OperatorFiles.read(network.net().resolve("operator"));
        ChainId chain = files.chains().get(0).id();
        Identity admin = IdentityDirectory.load(files.adminKeys());
        Identity lost = Identity.generate(RANDOM);
        Join join = new Join("d-one", 1, Role.MEMBER, lost.keys(), Optional.empty(), Optional.empty());
        network.link(admin.dtls(), chain)
                .post(TransactionSigning.joinEndorsed(join, chain, lost, List.of(admin.sig())));
        Identity renewed = Identity.generate(RANDOM);
        Path request = network.file("request");
        for (long sequence : new long[] {7, 2}) {
            RecoverByOperators recover = new RecoverByOperators("d-one", sequence, renewed.keys(), Optional.empty());
            PartFile.write(
                    PartTransaction.unsigned("city", "seattle", chain, recover).signedBy(renewed), request);
            int code = network.run("recover", "d-one", "--request", request.toString(), "--yes");
            assertThat(code).as(network::err).isEqualTo(sequence == 2 ? 0 : 2);
        }
        assertThat(network.out())
                .contains("give new keys to d-one")
                .contains("record      member, active, sequence 1")
                .contains("takes effect in the first block from");
        assertThat(network.run("recover", "d-two", "--request", request.toString(), "--yes"))
                .isEqualTo(1);
    }
}
