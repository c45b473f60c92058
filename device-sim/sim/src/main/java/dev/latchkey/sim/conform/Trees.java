package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.directory.DirectoryProof;
import dev.latchkey.directory.DirectoryProof.Terminal;
import dev.latchkey.directory.NodeHashing;
import dev.latchkey.merkle.Rfc9162;
import java.util.List;
import java.util.Optional;

/** Logs (RFC 9162, section 2.1) and the directory's prefix tree. Stateless. */
final class Trees {
    /** Public sparse Merkle vectors have the tags 00 and 01; a chain's directory has 02 and 03. */
    private static final NodeHashing PUBLIC_TAGS = new NodeHashing((byte) 0x00, (byte) 0x01);

    private Trees() {}

    static Answer inclusion(Case given) throws MalformedCaseException {
        return Answer.of(Rfc9162.includes(
                given.comparand("root"),
                given.unsigned("index"),
                given.unsigned("size"),
                given.comparand("leafHash"),
                path(given)));
    }

    static Answer consistency(Case given) throws MalformedCaseException {
        return Answer.of(Rfc9162.isConsistent(
                given.unsigned("size1"),
                given.comparand("root1"),
                given.unsigned("size2"),
                given.comparand("root2"),
                path(given)));
    }

    /** Suites write a path without elements as null. */
    private static List<Digest> path(Case given) throws MalformedCaseException {
        return given.has("proof") ? given.digests("proof") : List.of();
    }

    static Answer merkleRoot(Case given) throws MalformedCaseException {
        List<Digest> leaves =
                given.list("leaves").stream().map(Rfc9162::leafHash).toList();
        Bytes root = Rfc9162.root(leaves).bytes();
        return Answer.of(root);
    }

    static Answer directory(Case given) throws MalformedCaseException {
        Digest path = given.digest("path");
        Digest root = given.digest("root");
        Case proof = given.object("proof");
        List<Digest> siblings = proof.digests("siblings");
        Optional<Digest> found = switch (given.text("state")) {
            case "present" -> {
                Digest valueHash = given.digest("valueHash");
                yield ownLeaf(proof, path, valueHash)
                        ? proof(siblings, new Terminal.Itself())
                                .flatMap(whole -> whole.rootIfPresent(PUBLIC_TAGS, path, valueHash))
                        : Optional.empty();
            }
            case "absent" -> {
                if (given.has("valueHash")) {
                    throw new MalformedCaseException("valueHash", "what is absent has no value");
                }
                yield proof(siblings, wayEnd(proof)).flatMap(whole -> whole.rootIfAbsent(PUBLIC_TAGS, path));
            }
            default -> throw new MalformedCaseException("state", "neither present nor absent");
        };
        return Answer.of(found.filter(root::equals).isPresent());
    }

    private static boolean ownLeaf(Case proof, Digest path, Digest valueHash) throws MalformedCaseException {
        return wayEnd(proof) instanceof Terminal.Foreign leaf
                && leaf.path().equals(path)
                && leaf.valueHash().equals(valueHash);
    }

    private static Terminal wayEnd(Case proof) throws MalformedCaseException {
        return switch (proof.text("terminal")) {
            case "empty" -> new Terminal.Nothing();
            case "leaf" -> new Terminal.Foreign(proof.digest("leafPath"), proof.digest("leafValueHash"));
            default -> throw new MalformedCaseException("terminal", "neither leaf nor empty");
        };
    }

    /** Nothing if the siblings are those of no tree: too many, or an empty one next to the terminal. */
    private static Optional<DirectoryProof> proof(List<Digest> siblings, Terminal terminal) {
        try {
            return Optional.of(DirectoryProof.of(siblings, terminal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
