package dev.latchkey.sim.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proofs in logs and in the directory: every published vector through the command. */
class TreeVectorsTest {
    @Test
    void inclusionAsTransparencyDevExpects() throws Exception {
        Cases cases = new Cases("inclusion");
        for (Path file : Vectors.files("merkle/inclusion", ".json")) {
            Vectors vector = Vectors.json(file);
            cases.add(
                    file.getFileName().toString(),
                    Cases.verdict(!vector.at("wantErr").isTrue()),
                    "index",
                    vector.at("leafIdx").node(),
                    "size",
                    vector.at("treeSize").node(),
                    "root",
                    vector.at("root").base64(),
                    "leafHash",
                    vector.at("leafHash").base64(),
                    "proof",
                    proof(vector));
        }
        assertThat(cases.size()).isEqualTo(34);
        cases.check();
    }

    @Test
    void consistencyAsTransparencyDevExpects() throws Exception {
        Cases cases = new Cases("consistency");
        for (Path file : Vectors.files("merkle/consistency", ".json")) {
            Vectors vector = Vectors.json(file);
            cases.add(
                    file.getFileName().toString(),
                    Cases.verdict(!vector.at("wantErr").isTrue()),
                    "size1",
                    vector.at("size1").node(),
                    "size2",
                    vector.at("size2").node(),
                    "root1",
                    vector.at("root1").base64(),
                    "root2",
                    vector.at("root2").base64(),
                    "proof",
                    proof(vector));
        }
        assertThat(cases.size()).isEqualTo(34);
        cases.check();
    }

    private static List<Bytes> proof(Vectors vector) {
        return vector.at("proof").each().stream().map(Vectors::base64).toList();
    }

    /** The tree of eight leaves that the test suites of certificate transparency share; roots from RFC 6962's authors. */
    @Test
    void rootsOfTheTreesThatCertificateTransparencyTestsWith() {
        Cases cases = new Cases("merkle-root");
        List<String> leaves = List.of(
                "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
        List<String> roots = List.of(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        for (int size = 0; size < roots.size(); size++) {
            cases.add("size " + size, roots.get(size), "leaves", leaves.subList(0, size));
        }
        cases.check();
    }

    @Test
    void directoryProofsAsIcs23ExpectsAndNoneThatWasChanged() throws Exception {
        Cases cases = new Cases("smt");
        for (String name : List.of("exist_middle", "nonexist_left", "nonexist_middle")) {
            Vectors vector = Vectors.json("directory/" + name + ".json");
            Digest root = Digest.of(Bytes.fromHex(vector.at("root").text()));
            Digest path = Digest.sha256(Bytes.fromHex(vector.at("key").text()));
            Bytes proof = Bytes.fromHex(vector.at("proof").text());
            if (name.startsWith("exist")) {
                Ics23Leaf leaf = Ics23Leaf.existence(proof);
                addChanged(cases, name, root, path, "present", leaf.valueHash(), leaf.siblings(), leaf);
            } else {
                for (Ics23Leaf neighbour : Ics23Leaf.neighbours(proof)) {
                    addAbsence(cases, name + neighbour.path().toHex(), root, path, neighbour);
                }
            }
        }
        assertThat(cases.size()).isGreaterThan(20);
        cases.check();
    }

    /** The neighbour is in the way itself, or where the ways part there is nothing. */
    private static void addAbsence(Cases cases, String id, Digest root, Digest path, Ics23Leaf neighbour) {
        int shared = Ics23Leaf.sharedBits(neighbour.path(), path);
        if (shared >= neighbour.siblings().size()) {
            addChanged(cases, id, root, path, "absent", null, neighbour.siblings(), neighbour);
        } else if (neighbour.sibling(shared).equals(Digest.ZERO)) {
            addChanged(cases, id, root, path, "absent", null, neighbour.siblingsBesides(shared), null);
        }
    }

    /** A good case, and the same with something changed in each place where it must be noticed. */
    private static void addChanged(
            Cases cases,
            String id,
            Digest root,
            Digest path,
            String state,
            Digest valueHash,
            List<Digest> siblings,
            Ics23Leaf leaf) {
        add(cases, id, "accept", root, path, state, valueHash, siblings, leaf);
        add(cases, id + " root", "reject", flipped(root), path, state, valueHash, siblings, leaf);
        add(cases, id + " path", "reject", root, flipped(path), state, valueHash, siblings, leaf);
        String otherState = state.equals("present") ? "absent" : "present";
        add(cases, id + " state", "reject", root, path, otherState, valueHash, siblings, leaf);
        add(cases, id + " fewer", "reject", root, path, state, valueHash, siblings.subList(1, siblings.size()), leaf);
        List<Digest> more = new ArrayList<>(siblings);
        more.add(0, Digest.ZERO);
        add(cases, id + " more", "reject", root, path, state, valueHash, more, leaf);
        for (int i = 0; i < siblings.size(); i++) {
            List<Digest> changed = new ArrayList<>(siblings);
            changed.set(i, flipped(siblings.get(i)));
            add(cases, id + " sibling " + i, "reject", root, path, state, valueHash, changed, leaf);
        }
    }

    private static void add(
            Cases cases,
            String id,
            String answer,
            Digest root,
            Digest path,
            String state,
            Digest valueHash,
            List<Digest> siblings,
            Ics23Leaf leaf) {
        Object proof = Cases.object(
                "terminal", leaf == null ? "empty" : "leaf",
                "leafPath", leaf == null ? null : leaf.path(),
                "leafValueHash", leaf == null ? null : leaf.valueHash(),
                "siblings", siblings);
        cases.add(id, answer, "path", path, "valueHash", valueHash, "root", root, "state", state, "proof", proof);
    }

    private static Digest flipped(Digest digest) {
        byte[] bytes = digest.bytes().toArray();
        bytes[0] ^= (byte) 0x80;
        return Digest.of(Bytes.wrap(bytes));
    }
}
