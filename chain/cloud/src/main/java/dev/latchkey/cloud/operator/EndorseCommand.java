package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.PrivateDirectory;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Join;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator endorse}. */
@Command(
        name = "endorse",
        mixinStandardHelpOptions = true,
        description = {
            "Endorses the keys of many devices with one signature of the admin: a CSV of names and public keys in, a small"
                    + " file for each device out, with which that device and no other joins.",
            "The CSV begins with the line name,sig,kex,dtls,next-key; a key is a compressed P-256 point in hexadecimal or"
                    + " base64url; the last field may be empty."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator endorse devices.csv --dir net/operator --out tickets",
            "  latchkey operator endorse devices.csv --dir net/operator --days 7 \\",
            "      --chain tacoma --out tickets --yes"
        })
final class EndorseCommand implements Callable<Integer> {
    private static final int MAX_DAYS = 3_650;
    private static final int SHOWN = 10;

    @Parameters(paramLabel = "CSV", description = "Names and public keys.")
    private Path csv;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "The operator's directory.")
    private Path directory;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory to make; must not exist.")
    private Path out;

    @Option(
            names = "--chain",
            paramLabel = "NAME",
            description = "The sub-network, if it is not the first one of network.conf.")
    private String chainName;

    @Option(names = "--days", defaultValue = "30", description = "How long it is good (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            description = "Where devices reach the gateway, if not where network.conf says.")
    private HostPort gateway;

    @Option(names = "--yes", description = "Sign without asking.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        if (days < 1 || days > MAX_DAYS) {
            throw new UsageFault("--days must be 1 to " + MAX_DAYS);
        }
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageFault("the directory is there already, nothing was written: " + out);
        }
        OperatorFiles files = OperatorFiles.read(directory);
        NetworkChain chain = files.chain(Optional.ofNullable(chainName));
        List<Join> joins = EndorsedKeys.read(csv);
        Instant notAfter = Instant.now().plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS);
        show(files, chain, joins, notAfter);
        if (!Consent.given(yes, "sign?")) {
            System.out.println("nothing was signed");
            return Cli.FAILED;
        }
        List<BatchTicket> places = BatchEndorsement.issue(
                chain.id(),
                joins.stream().map(Join::body).toList(),
                notAfter,
                IdentityDirectory.load(files.adminKeys(chain)).sig());
        write(files, chain, joins, places);
        System.out.println("wrote " + joins.size() + (joins.size() == 1 ? " ticket" : " tickets") + " to " + out);
        System.out.println("next, on each device, beside its keys");
        System.out.println("  ./latchkey device join --ticket "
                + out.resolve(joins.get(0).name() + ".ticket") + " --dir DEVICE-DIR");
        return Cli.OK;
    }

    private void show(OperatorFiles files, NetworkChain chain, List<Join> joins, Instant notAfter) {
        Wording wording = Wording.headed("endorse " + joins.size() + (joins.size() == 1 ? " join" : " joins")
                        + " in sub-network " + chain.name() + " of network " + files.network())
                .line("chain", chain.id().toHex())
                .line("until", notAfter.toString())
                .all(
                        "members",
                        joins.stream()
                                .limit(SHOWN)
                                .map(join -> join.name() + ", sig "
                                        + join.keys().sig().kid())
                                .toList());
        if (joins.size() > SHOWN) {
            wording.line(
                    "",
                    "and " + (joins.size() - SHOWN) + " more, to "
                            + joins.get(joins.size() - 1).name());
        }
        wording.line("signed by", "admin " + files.adminKeys(chain)).print(System.out);
    }

    private void write(OperatorFiles files, NetworkChain chain, List<Join> joins, List<BatchTicket> places)
            throws IOException {
        HostPort address = gateway == null ? files.gateway() : gateway;
        Bytes secret = files.secret();
        PrivateDirectory.make(out);
        for (int i = 0; i < joins.size(); i++) {
            Join join = joins.get(i);
            JoinTicket ticket = new JoinTicket(
                    files.network(),
                    chain.name(),
                    chain.id(),
                    files.gatewayName(),
                    address.host(),
                    address.port(),
                    files.gatewayDtls(),
                    join,
                    places.get(i).encode(),
                    Enrolment.presharedKey(secret, JoinTicket.enrolmentId(chain.id(), join)));
            NetworkDirectory.writeSecret(out.resolve(join.name() + ".ticket"), ticket.toText());
        }
    }
}
