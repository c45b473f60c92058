package dev.latchkey.sim.conform;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.MalformedCborException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a run of cases tests; one judge each. */
enum Kind {
    ECDSA_P1363(Primitives::ecdsa),
    ECDH(Primitives::ecdh),
    HKDF(Primitives::hkdf),
    AES_CCM(Primitives::aesCcm),
    INCLUSION(Trees::inclusion),
    CONSISTENCY(Trees::consistency),
    MERKLE_ROOT(Trees::merkleRoot),
    SMT(Trees::directory),
    COSE_SIGN1(CoseCases::sign1),
    COSE_ENCRYPT0(CoseCases::encrypt0),
    COSE_ENCRYPT(CoseCases::encrypt),
    CBOR_STRICT(Kind::cbor),
    POW_HEADER(Kind::work);

    private final Judge judge;

    Kind(Judge judge) {
        this.judge = judge;
    }

    /** The kind as the command line names it, for instance {@code ecdsa-p1363}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Kind> labelled(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }

    Judge judge() {
        return judge;
    }

    private static Answer cbor(Case given) throws MalformedCaseException, MalformedCborException {
        Cbor.decode(given.bytes("cbor"), InputLines.MAX_BYTES);
        return Answer.ACCEPT;
    }

    private static Answer work(Case given) throws MalformedCaseException {
        return Answer.of(BitcoinHeader.read(given.bytes("header")).hasItsWork());
    }
}
