package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of many devices, endorsed at once, and the members that come of them. */
class EndorseTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String HEADER = "name,sig,kex,dtls,next-key\n";

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

    private static String line(String name, MemberKeys keys) {
        return name + "," + PublicKeys.text(keys.sig()) + "," + PublicKeys.text(keys.kex()) + ","
                + PublicKeys.text(keys.dtls()) + ",\n";
    }

    private int endorse(String csv, String out) throws Exception {
        Path file = network.file(out + ".csv");
        Files.writeString(file, csv);
        return network.runApart(
                "endorse",
                file.toString(),
                "--dir",
                network.net().resolve("operator").toString(),
                "--out",
                network.file(out).toString(),
                "--yes");
    }

    @Test
    void aDeviceJoinsByItsTicketAndIsSuspended() throws Exception {
        Identity one = Identity.generate(RANDOM);
        Identity two = Identity.generate(RANDOM);
        Identity next = Identity.generate(RANDOM);
        String second = "d-two,"
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(java.util.HexFormat.of()
                                .parseHex(PublicKeys.text(two.sig().publicKey())))
                + line("", two.keys()).substring(67).replace(",\n", ",")
                + MemberRecord.commitment(next.sig().publicKey()).toHex() + "\r\n";
        assertThat(endorse(HEADER + line("d-one", one.keys()) + second, "tickets"))
                .as(network::err)
                .isZero();
        assertThat(network.out())
                .contains("endorse 2 joins")
                .contains("d-two, sig")
                .contains("signed by   admin");

        Path file = network.file("tickets").resolve("d-two.ticket");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        JoinTicket ticket = JoinTicket.fromText(Files.readString(file));
        assertThat(ticket.join().keys()).isEqualTo(two.keys());
        assertThat(ticket.join().nextKey())
                .contains(MemberRecord.commitment(next.sig().publicKey()));
        assertThat(ticket.gatewayDtls())
                .isEqualTo(IdentityDirectory.load(network.net().resolve("gateway/keys"))
                        .dtls()
                        .publicKey());
        assertThat(ticket.presharedKey())
                .isEqualTo(Enrolment.presharedKey(
                        OperatorFiles.read(network.net().resolve("operator")).secret(), ticket.enrolmentId()));
        join(ticket, two);

        assertThat(network.run("suspend", "d-two", "--yes")).as(network::err).isZero();
        assertThat(network.out()).contains("member, active, sequence 1").contains("signed by   admin");
    }

    private void join(JoinTicket ticket, Identity device) throws Exception {
        CloudLink gateway = network.link(
                IdentityDirectory.load(network.net().resolve("gateway/keys")).dtls(), ticket.chain());
        gateway.post(TransactionSigning.of(ticket.join(), ticket.chain())
                .with(BatchTicket.decode(ticket.batch()))
                .by(device.sig())
                .possessedBy(device.dtls())
                .finish());
    }

    @Test
    void whateverIsNotExactlyAKeyFileIsRefusedWithItsLine() throws Exception {
        String one = line("d-1", Identity.generate(RANDOM).keys());
        String two = line("d-2", Identity.generate(RANDOM).keys());
        String[][] wrong = {
            {one, ":1: the first line has to be"},
            {HEADER, ":1: a file has 1 to"},
            {HEADER + one + "\n" + two, ":3: five fields"},
            {HEADER + one + one, ":3: the name stands on an earlier line"},
            {HEADER + one + one.replace("d-1", "d-3"), ":3: a key stands on an earlier line"},
            {HEADER + one + two.replace("d-2", "D 2"), ":3: a name has"},
            {HEADER + one.replace(",\n", ",00\n"), ":2: next-key is not a digest"},
            {HEADER + one.replaceFirst(",0[23]", ",05"), ":2: sig is not a compressed P-256 point"},
            {HEADER + one.toUpperCase(java.util.Locale.ROOT).replace("D-1", "d-1"), ":2: sig is not"},
            {HEADER + one.replace("d-1,", "d-1, "), ":2: sig is not"},
            {HEADER + one + "# comment\n", ":3: five fields"},
        };
        for (String[] each : wrong) {
            assertThat(endorse(each[0], "none")).isEqualTo(2);
            assertThat(network.err()).contains(each[1]).contains("nothing was signed");
            assertThat(network.file("none")).doesNotExist();
        }
    }
}
