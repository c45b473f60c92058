package dev.latchkey.sim.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signatures, key derivation, CBOR and work: every published vector through the command. */
class PrimitiveVectorsTest {
    @Test
    void ecdsaAsProjectWycheproofExpects() throws Exception {
        Cases cases = new Cases("ecdsa-p1363");
        for (Vectors group : Vectors.json("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json")
                .at("testGroups")
                .each()) {
            for (Vectors test : group.at("tests").each()) {
                cases.add(
                        test.at("tcId").node().toString(),
                        Cases.verdict(test.at("result").text().equals("valid")),
                        "pub",
                        group.at("publicKey", "uncompressed").text(),
                        "msg",
                        test.at("msg").text(),
                        "sig",
                        test.at("sig").text());
            }
        }
        assertThat(cases.size()).isEqualTo(127);
        cases.check();
    }

    @Test
    void hkdfAsProjectWycheproofExpects() throws Exception {
        Cases cases = new Cases("hkdf");
        for (Vectors group : Vectors.json("wycheproof/hkdf_sha256_test.json")
                .at("testGroups")
                .each()) {
            for (Vectors test : group.at("tests").each()) {
                cases.add(
                        test.at("tcId").node().toString(),
                        test.at("result").text().equals("valid")
                                ? test.at("okm").text()
                                : "reject",
                        "ikm",
                        test.at("ikm").text(),
                        "salt",
                        test.at("salt").text(),
                        "info",
                        test.at("info").text(),
                        "size",
                        test.at("size").node());
            }
        }
        assertThat(cases.size()).isEqualTo(86);
        cases.check();
    }

    /**
     * Refused beside what is not deterministic: what Latchkey's profile has no use for, namely all tags but 4, undefined,
     * and simple values other than false, true and null.
     */
    @Test
    void cborThatIsDeterministicAndInOurProfile() throws Exception {
        Cases cases = new Cases("cbor-strict");
        int accepted = 0;
        for (Vectors item : Vectors.json("cbor/appendix_a.json").each()) {
            String hex = item.at("hex").text();
            boolean fits = item.at("roundtrip").isTrue() && isInProfile(Bytes.fromHex(hex));
            cases.add(hex, Cases.verdict(fits), "cbor", hex);
            accepted += fits ? 1 : 0;
        }
        assertThat(cases.size()).isEqualTo(82);
        assertThat(accepted).isEqualTo(53);
        cases.check();
    }

    private static boolean isInProfile(Bytes encoded) {
        int initial = encoded.get(0) & 0xff;
        return initial >>> 5 != 6 && initial != 0xf7 && initial != 0xf0 && initial != 0xf8;
    }

    @Test
    void workOfBitcoinsFirstHeaders() throws Exception {
        Cases cases = new Cases("pow-header");
        List<String> headers = Files.readAllLines(Vectors.directory().resolve("bitcoin/headers.txt"));
        assertThat(headers).hasSize(20);
        for (int height = 0; height < headers.size(); height++) {
            String header = headers.get(height);
            String nonce = header.substring(152);
            String otherNonce = nonce.equals("00000000") ? "00000001" : "00000000";
            cases.add("good " + height, "accept", "header", header);
            cases.add("nonce " + height, "reject", "header", header.substring(0, 152) + otherNonce);
            cases.add("short " + height, "reject", "header", header.substring(2));
        }
        cases.check();
    }
}
