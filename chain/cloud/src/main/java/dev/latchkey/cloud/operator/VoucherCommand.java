package dev.latchkey.cloud.operator;

import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey operator voucher}. */
@Command(
        name = "voucher",
        mixinStandardHelpOptions = true,
        description = "Issues a voucher: one small secret file that lets devices join through the gateway.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator voucher --dir net/operator --out voucher-2",
            "  latchkey operator voucher --dir net/operator --name d-abc --days 7 \\",
            "      --out for-d-abc",
            "  latchkey operator voucher --dir net/operator --name 'd-*' --uses 500 \\",
            "      --out for-the-fleet"
        })
final class VoucherCommand implements Callable<Integer> {
    private static final int MAX_DAYS = 3_650;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "The operator's directory.")
    private Path directory;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to make; must not exist.")
    private Path out;

    @Option(
            names = "--name",
            paramLabel = "PATTERN",
            defaultValue = "*",
            description = "Who may join: a name, a prefix and a star, or a star (default: ${DEFAULT-VALUE}).")
    private String pattern;

    @Option(
            names = "--uses",
            defaultValue = "1",
            description = "How many devices may join (default: ${DEFAULT-VALUE}).")
    private long uses;

    @Option(names = "--days", defaultValue = "30", description = "How long it is good (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            description = "Where devices reach the gateway, if not where network.conf says.")
    private HostPort gateway;

    @Option(
            names = "--chain",
            paramLabel = "NAME",
            description = "The sub-network, if it is not the first one of network.conf.")
    private String chainName;

    @Option(names = "--yes", description = "Sign without asking.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        requireSound();
        OperatorFiles files = OperatorFiles.read(directory);
        NetworkChain chain = files.chain(Optional.ofNullable(chainName));
        HandOvers handOvers = new HandOvers(
                files.network(),
                chain.name(),
                chain.id(),
                files.gatewayName(),
                gateway == null ? files.gateway() : gateway,
                files.gatewayDtls(),
                files.secret(),
                IdentityDirectory.load(files.adminKeys(chain)).sig());
        Instant notAfter = Instant.now().plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS);
        Wording.headed("issue a voucher for sub-network " + chain.name() + " of network " + files.network())
                .line("chain", chain.id().toHex())
                .line("names", pattern)
                .line("uses", uses + (uses == 1 ? " device" : " devices"))
                .line("until", notAfter.toString())
                .line("signed by", "admin " + files.adminKeys(chain))
                .print(System.out);
        // A voucher is only a file: who issues one from a script need not say so twice.
        if (!Consent.given(yes || Consent.terminal().isEmpty(), "sign?")) {
            System.out.println("nothing was signed");
            return Cli.FAILED;
        }
        HandOver handOver = handOvers.issue(pattern, uses, notAfter, new SecureRandom());
        NetworkDirectory.writeSecret(out, handOver.toText());
        System.out.println("voucher " + handOver.voucher().id().toHex() + " for " + pattern + ", " + uses
                + (uses == 1 ? " device" : " devices") + ", until " + notAfter);
        System.out.println(out + " is a secret: hand it to nobody but the devices");
        return 0;
    }

    private void requireSound() {
        if (!Names.isPattern(pattern)) {
            throw new UsageFault("--name must be a name, a prefix and a star, or a star: " + pattern);
        }
        if (uses < 1 || uses > Voucher.MAX_USES) {
            throw new UsageFault("--uses must be 1 to " + Voucher.MAX_USES);
        }
        if (days < 1 || days > MAX_DAYS) {
            throw new UsageFault("--days must be 1 to " + MAX_DAYS);
        }
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageFault("the file is there already, nothing was written: " + out);
        }
    }
}
