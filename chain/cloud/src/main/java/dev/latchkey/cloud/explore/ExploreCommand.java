package dev.latchkey.cloud.explore;

import dev.latchkey.cloud.export.NodeClient;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.cloud.operator.KnownChains;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code latchkey explore}: what a running node proves about its chains. */
@Command(
        name = "explore",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Shows what a running node proves: its chains, and with a command blocks, members, keys, transactions."
                    + " Every line is verified here, from the chain id on: the policies of the chain, the replicas'"
                    + " signatures, that the history begins at this chain's genesis, and the proof of what is shown.",
            "Anybody may see the chains; keys are shown to members, blocks and the list of members to gateways,"
                    + " admins and auditors: --key, or --dir."
        },
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  all that is shown is proved",
            "  1  the node refuses to show it, or there is no such thing",
            "  2  wrong command",
            "  3  a proof is false: the node lies, or is damaged",
            "  4  nobody answers, none of the chain's replicas, or not now",
            "",
            "Examples:",
            "  latchkey explore https://127.0.0.1:9443",
            "  latchkey explore https://127.0.0.1:9443 --chain ID --remember seattle.seen",
            "  latchkey explore https://127.0.0.1:9443 blocks --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 block 12 --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 members --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 key d-one --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 key d-one --key app --chain ID"
        },
        subcommands = {
            BlocksCommand.class,
            BlockCommand.class,
            TransactionCommand.class,
            MembersCommand.class,
            KeyCommand.class
        })
public final class ExploreCommand implements Callable<Integer> {
    /** A proof was false. */
    static final int FALSE = 3;
    /** Nobody answered. */
    static final int UNREACHABLE = 4;

    private static final int CHAIN_ID_DIGITS = 64;

    @Parameters(index = "0", paramLabel = "URL", description = "A running node: https://host:port.")
    private String url;

    @Option(
            names = "--chain",
            paramLabel = "ID",
            scope = ScopeType.INHERIT,
            description = "The chain's id, as its operator gave it to you; with --dir its name does.")
    private String chain;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The operator's directory: its chains are those to believe in, its admin asks.")
    private Path directory;

    @Option(
            names = "--key",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Identity directory of the member who asks.")
    private Path keys;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON object and nothing else.")
    private boolean json;

    @Option(
            names = "--remember",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Keep the head that was seen in FILE, and demand that the next one continues it.")
    private Path remembered;

    /** Something to show of one chain. */
    interface View {
        /** Proves all of it, then shows it. */
        void show(ProvedChain chain, Shown shown) throws IOException, FalseProofException;
    }

    @Override
    public Integer call() throws IOException {
        if (chain == null) {
            return guarded(() -> overview());
        }
        return show(new SummaryView(json));
    }

    boolean isJson() {
        return json;
    }

    /** Shows something of the chain that the options name, or of the only one; returns the exit code. */
    int show(View view) throws IOException {
        Shown shown = new Shown(Screen.standard());
        return guarded(() -> {
            Optional<KnownChains> known = known();
            Optional<ChainId> named = named(known);
            NodeClient node = node(known, named);
            ChainId id = named.isPresent() ? named.get() : only(node);
            Optional<Remembered> seen = Remembered.read(Optional.ofNullable(remembered), id);
            ProvedChain proved = ProvedChain.open(node, id, EcProviders.verifier());
            if (seen.isPresent()) {
                seen.get().require(proved);
            }
            view.show(proved, shown);
            if (remembered != null) {
                Remembered.write(remembered, proved);
            }
            if (named.isEmpty() && !json) {
                shown.line("");
                shown.line("compare the chain id with the one that the operator gave you: " + id.toHex());
            }
        });
    }

    private interface Work {
        void run() throws IOException, FalseProofException;
    }

    private int guarded(Work work) throws IOException {
        uri(); // a wrong one is a wrong command
        EcProviders.install();
        try {
            work.run();
            return 0;
        } catch (FalseProofException e) {
            return failed(FALSE, "FALSE: " + e.getMessage(), "false", e.getMessage());
        } catch (UnreachableException e) {
            return failed(UNREACHABLE, e.getMessage(), "unreachable", e.getMessage());
        }
    }

    private int failed(int code, String line, String kind, String reason) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("proved", false);
            values.put("fault", kind);
            values.put("reason", Shown.plain(reason));
            Shown.json(values);
        } else {
            System.out.flush();
            System.err.println("latchkey: " + Shown.plain(line));
        }
        return code;
    }

    private void overview() throws IOException, FalseProofException {
        if (remembered != null) {
            throw new UsageFault("--remember is about one chain: name it with --chain");
        }
        Optional<KnownChains> known = known();
        new Overview(node(known, Optional.empty()), known, EcProviders.verifier())
                .show(new Shown(Screen.standard()), json);
    }

    private Optional<KnownChains> known() {
        return Optional.ofNullable(directory).map(KnownChains::of);
    }

    private Optional<ChainId> named(Optional<KnownChains> known) {
        if (chain == null) {
            return known.map(chains -> chains.chains().values().iterator().next());
        }
        if (known.isPresent() && known.get().chains().containsKey(chain)) {
            return Optional.of(known.get().chains().get(chain));
        }
        if (known.isPresent() && chain.length() != CHAIN_ID_DIGITS) {
            throw new UsageFault("network.conf names no sub-network " + chain + "; it names "
                    + String.join(", ", known.get().chains().keySet()));
        }
        return Optional.of(Place.chainId(chain));
    }

    private static ChainId only(NodeClient node) throws IOException, FalseProofException {
        List<NodeClient.Listed> there = Asking.proved("the list of chains", node::listing);
        if (there.size() == 1) {
            return there.get(0).id();
        }
        throw new UsageFault("the node orders " + there.size() + " chains: name one with --chain"
                + String.join(
                        "",
                        there.stream()
                                .map(each ->
                                        ", " + each.name() + " is " + each.id().toHex())
                                .toList()));
    }

    private NodeClient node(Optional<KnownChains> known, Optional<ChainId> named) throws IOException {
        return new NodeClient(uri(), tls(known, named), EcProviders.verifier());
    }

    /** The key of a member; any at all, where everybody may ask. */
    private KeyPair tls(Optional<KnownChains> known, Optional<ChainId> named) throws IOException {
        Optional<Path> own = Optional.ofNullable(keys)
                .or(() -> known.flatMap(chains -> named.flatMap(chains::name)
                        .flatMap(name -> Optional.ofNullable(chains.adminKeys().get(name)))));
        return own.isPresent() ? IdentityDirectory.load(own.get()).dtls() : KeyPair.generate(new SecureRandom());
    }

    private URI uri() {
        try {
            URI uri = URI.create(url);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageFault("not https://host:port: " + url);
        }
        throw new UsageFault("a running node is https://host:port: " + url);
    }
}
