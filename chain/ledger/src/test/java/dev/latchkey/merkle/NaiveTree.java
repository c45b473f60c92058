package dev.latchkey.merkle;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.List;

/** RFC 9162, section 2.1, written down as it is printed there: recursive, and from the leaves each time. */
final class NaiveTree {
    private NaiveTree() {}

    static Digest root(List<Digest> leaves) {
        int n = leaves.size();
        if (n == 0) {
            return Digest.sha256(Bytes.EMPTY);
        }
        if (n == 1) {
            return leaves.get(0);
        }
        int k = split(n);
        return Digest.sha256(
                Bytes.of((byte) 1),
                root(leaves.subList(0, k)).bytes(),
                root(leaves.subList(k, n)).bytes());
    }

    static List<Digest> path(int m, List<Digest> leaves) {
        int n = leaves.size();
        List<Digest> path = new ArrayList<>();
        if (n == 1) {
            return path;
        }
        int k = split(n);
        if (m < k) {
            path.addAll(path(m, leaves.subList(0, k)));
            path.add(root(leaves.subList(k, n)));
        } else {
            path.addAll(path(m - k, leaves.subList(k, n)));
            path.add(root(leaves.subList(0, k)));
        }
        return path;
    }

    static List<Digest> proof(int m, List<Digest> leaves) {
        return subproof(m, leaves, true);
    }

    private static List<Digest> subproof(int m, List<Digest> leaves, boolean whole) {
        int n = leaves.size();
        List<Digest> proof = new ArrayList<>();
        if (m == n) {
            if (!whole) {
                proof.add(root(leaves));
            }
            return proof;
        }
        int k = split(n);
        if (m <= k) {
            proof.addAll(subproof(m, leaves.subList(0, k), whole));
            proof.add(root(leaves.subList(k, n)));
        } else {
            proof.addAll(subproof(m - k, leaves.subList(k, n), false));
            proof.add(root(leaves.subList(0, k)));
        }
        return proof;
    }

    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }
}
