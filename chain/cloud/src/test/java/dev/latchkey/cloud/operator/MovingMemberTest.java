package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator does about members between two sub-networks. */
class MovingMemberTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path directory;

    private static void join(CloudLink link, ChainId chain, Identity device, Identity admin) throws Exception {
        Join join = new Join("d-one", 1, Role.MEMBER, device.keys(), Optional.empty(), Optional.empty());
        link.post(TransactionSigning.joinEndorsed(join, chain, device, List.of(admin.sig())));
    }

    @Test
    void whoIsRevokedOnItsWayNeverArrives() throws Exception {
        try (RunningNetwork network = new RunningNetwork(directory)) {
            assertThat(network.run("chain", "--name", "tacoma", "--moves-in", "--yes"))
                    .as(network::err)
                    .isZero();
            List<NetworkChain> chains =
                    OperatorFiles.read(network.net().resolve("operator")).chains();
            ChainId seattle = chains.get(0).id();
            ChainId tacoma = chains.get(1).id();
            Identity device = Identity.generate(RANDOM);
            Identity admin = IdentityDirectory.load(network.net().resolve("operator/admin"));
            CloudLink link = network.link(admin.dtls(), seattle);
            join(link, seattle, device, admin);
            long deadline = System.currentTimeMillis() + 1_800_000;
            link.post(TransactionSigning.of(new RelocateOut("d-one", 2, tacoma, "d-uno", deadline), seattle)
                    .by(device.sig())
                    .finish());
            RelocateIn arrival = new RelocateIn("d-uno", 3, seattle, link.carried("d-one"));

            assertThat(network.run("status", "d-one")).isZero();
            assertThat(network.out()).contains("member, moving to chain " + tacoma.toHex() + " as d-uno until");
            assertThat(network.run("revoke", "d-one", "--yes")).as(network::err).isZero();
            assertThat(network.out())
                    .contains("also        then shown to sub-network tacoma")
                    .containsPattern("done: height[^\n]*\nfiled in sub-network tacoma too\ndone: height");
            assertThatThrownBy(() -> network.link(admin.dtls(), tacoma)
                            .post(TransactionSigning.of(arrival, tacoma)
                                    .by(device.sig())
                                    .possessedBy(device.dtls())
                                    .finish()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("tombstone");
            String[] again = {"revoke", "d-one", "--tell", "seattle", "--name-there", "d-uno", "--yes"};
            assertThat(network.run(again)).isEqualTo(1);
            assertThat(network.err())
                    .contains("sub-network seattle was not told")
                    .contains("not-sibling");
        }
    }
}
