package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.AtomicFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each verb once against a real node, one operator. */
class OperatorVerbsTest {
    @TempDir
    static Path directory;

    private static RunningNetwork network;

    @BeforeAll
    static void start() throws Exception {
        network = new RunningNetwork(directory);
    }

    @AfterAll
    static void stop() {
        network.close();
    }

    private void done(String... verb) {
        assertThat(network.run(verb)).as(network::err).isZero();
    }

    private void refused(int code, String part, String... verb) {
        assertThat(network.run(verb)).isEqualTo(code);
        assertThat(network.err().lines().filter(line -> line.startsWith("latchkey: ")))
                .hasSize(1)
                .first()
                .asString()
                .contains(part);
    }

    private String file(String name) {
        return network.file(name).toString();
    }

    @Test
    void anAuditorIsTakenInSuspendedResumedAndPutOut() {
        done("auditor", "auditor-1", "--out", file("auditor-1"), "--yes");
        assertThat(network.out())
                .contains("take in auditor auditor-1 in sub-network seattle of network city")
                .contains("signed by   its new keys")
                .containsPattern("done: height [0-9]+, transaction [0-9a-f]{64}");
        done("suspend", "auditor-1", "--yes");
        assertThat(network.out()).contains("suspend auditor-1").contains("signed by   admin");
        refused(1, "unknown-member", "suspend", "auditor-1", "--yes");
        done("resume", "auditor-1", "--yes", "--by-operators");
        assertThat(network.out()).contains("signed by   operator");
        done("revoke", "auditor-1", "--yes");
        done("status", "auditor-1");
        assertThat(network.out()).contains("auditor, revoked, sequence 4");
    }

    @Test
    void withoutATerminalNothingIsSignedThatNobodyAgreedTo() {
        refused(2, "--yes", "suspend", "gateway-1");
        assertThat(network.out()).contains("suspend gateway-1").contains("signed by   operator");
        done("status", "gateway-1");
        assertThat(network.out()).contains("gateway, active, sequence 1");
    }

    @Test
    void whoIsNotThereIsSaid() {
        refused(1, "nobody of the name d-nobody", "suspend", "d-nobody", "--yes");
        refused(2, "not a name", "revoke", "D!", "--yes");
        refused(2, "network.conf names no sub-network olympia", "revoke", "d-one", "--chain", "olympia", "--yes");
    }

    @Test
    void aSecondGatewayJoinsAndBecomesAWitness() throws Exception {
        done("gateway", "gateway-2", "--listen", "127.0.0.1:0", "--out", file("gateway-2"), "--yes");
        assertThat(network.out()).contains("./latchkey gateway --config");
        assertThat(Files.readString(network.file("gateway-2").resolve("gateway.conf")))
                .contains("name = \"seattle\"");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(network.file("gateway-2").resolve("enrolment.secret"))))
                .isEqualTo("rw-------");
        done("policy", "change", "--add-witness", "gateway-2", "--witness-quorum", "1", "--yes");
        assertThat(network.out()).contains("+ witness gateway-2").contains("- witnesses: 0 of 1 asked for");
        done("policy", "show");
        assertThat(network.out()).contains("witnesses: 1 of 2 asked for");
        refused(2, "nothing would change", "policy", "change", "--yes");
        refused(2, "no such policy", "policy", "change", "--difficulty", "25", "--yes");
        refused(2, "no operator 00", "policy", "change", "--remove-operator", "00", "--yes");
        refused(2, "not a public key", "policy", "change", "--add-operator", "00", "--yes");
        refused(2, "only an active gateway", "policy", "change", "--add-witness", "admin-1", "--yes");
    }

    @Test
    void aFurtherAdminLosesItsKeysAndGetsNewOnes() {
        done("admin", "admin-2", "--out", file("admin-2"), "--yes");
        done("recover", "admin-2", "--keys", file("admin-2-new"), "--yes");
        assertThat(network.out()).contains("72 h of header time").contains("takes effect in the first block from 20");
        refused(1, "recovery", "recover", "admin-2", "--keys", file("admin-2-newer"), "--yes");
        refused(2, "not a part", "recover", "admin-2", "--request", file("net/cloud/cloud.conf"), "--yes");
    }

    @Test
    void aNameThatIsTakenIsRefusedWithAdvice() {
        refused(1, "name-taken", "auditor", "gateway-1", "--out", file("thief"), "--yes");
        assertThat(network.err()).contains("choose another name");
    }

    @Test
    void aNodeThatIsNoReplicaIsNotTrustedAndOneThatIsAwayIsNamed() throws Exception {
        done("status");
        assertThat(network.out()).contains("sub-network seattle").contains("by 1 of 1 replicas");
        String[] away = {"status", "--dir", network.net().resolve("operator").toString(), "--cloud", "127.0.0.1:1"};
        assertThat(network.runApart(away)).isEqualTo(1);
        assertThat(network.err()).contains("cannot reach the node at https://127.0.0.1:1");
        String[] nowhere = {"status", "--dir", network.net().resolve("operator").toString()};
        assertThat(network.runApart(nowhere)).isEqualTo(2);
        assertThat(network.err()).contains("--cloud HOST:PORT");
    }

    @Test
    void aFurtherSubNetworkBeginsAndBothAreSiblings() throws Exception {
        refused(2, "--name must be", "chain", "--name", "Tacoma", "--yes");
        done("chain", "--name", "tacoma", "--moves-in", "--own-admin", "--yes");
        assertThat(network.out())
                .contains("begin the chain in sub-network tacoma of network city")
                .contains("+ sibling tacoma")
                .contains("done: sub-network tacoma has begun");
        assertThat(Files.readString(network.net().resolve("gateway/gateway.conf")))
                .contains("name = \"tacoma\"");
        done("policy", "show", "--chain", "tacoma");
        assertThat(network.out()).contains("sibling seattle").contains("members move in freely");
        refused(2, "names a sub-network tacoma already", "chain", "--name", "tacoma", "--yes");
        done("auditor", "auditor-2", "--chain", "tacoma", "--out", file("auditor-2"), "--yes");
        done("suspend", "auditor-2", "--chain", "tacoma", "--yes");
        assertThat(network.out()).contains("admin-tacoma");
        done("status");
        assertThat(network.out()).contains("sub-network seattle").contains("sub-network tacoma");
        done("policy", "change", "--remove-sibling", "tacoma", "--yes");
        done("policy", "change", "--add-sibling", "tacoma", "--yes");
        assertThat(network.out()).contains("+ sibling tacoma").contains("an admin lets members in");
    }

    @Test
    void aKeyFileIsMadeOnceAndShowsItsPublicHalf() throws Exception {
        assertThat(network.runApart("key", file("operator-9/operator.pem"), "--new"))
                .isZero();
        assertThat(network.out()).containsPattern("public key 0[23][0-9a-f]{64}\nkey id     [0-9a-f]{16}\n");
        assertThat(network.runApart("key", file("operator-9/operator.pem"), "--new"))
                .isEqualTo(2);
        AtomicFile.write(network.file("garbage"), Bytes.utf8("latchkey1-part.AAAA"), AtomicFile.Mode.PRIVATE);
        assertThat(network.runApart("sign", file("garbage"), "--key", file("operator-9/operator.pem"), "--yes"))
                .isEqualTo(2);
        assertThat(network.err()).contains("not a part of a transaction");
    }
}
