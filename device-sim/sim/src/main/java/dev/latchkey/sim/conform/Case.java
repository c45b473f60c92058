package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of one case. An accessor says what the kind expects; null counts as absent.
 *
 * @param fields text, integers, lists and maps of these, and other things that no accessor takes
 */
record Case(Map<String, Object> fields) {
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(Long.SIZE);
    private static final Bytes NO_HASH = Bytes.utf8("latchkey conform: no hash");

    boolean has(String field) {
        return fields.get(field) != null;
    }

    String text(String field) throws MalformedCaseException {
        if (required(field) instanceof String text) {
            return text;
        }
        throw new MalformedCaseException(field, "not a text");
    }

    /** A byte string in hexadecimal digits. */
    Bytes bytes(String field) throws MalformedCaseException {
        return hex(field, required(field));
    }

    Optional<Bytes> optionalBytes(String field) throws MalformedCaseException {
        return has(field) ? Optional.of(bytes(field)) : Optional.empty();
    }

    /** A hash of 32 bytes. */
    Digest digest(String field) throws MalformedCaseException {
        return digest(field, bytes(field));
    }

    /**
     * A hash that is only compared. Suites also give there what is none; it stands for a hash that equals nothing else
     * but itself.
     */
    Digest comparand(String field) throws MalformedCaseException {
        Bytes value = bytes(field);
        return value.size() == Digest.SIZE ? Digest.of(value) : Digest.sha256(NO_HASH, value);
    }

    /** An integer from 0 to 2^64-1; one above 2^63-1 comes as its two's complement, a negative number. */
    long unsigned(String field) throws MalformedCaseException {
        if (required(field) instanceof BigInteger number && number.signum() >= 0 && number.compareTo(TWO_TO_64) < 0) {
            return number.longValue();
        }
        throw new MalformedCaseException(field, "not an integer from 0 to 2^64-1");
    }

    /** A list of byte strings. */
    List<Bytes> list(String field) throws MalformedCaseException {
        if (!(required(field) instanceof List<?> elements)) {
            throw new MalformedCaseException(field, "not a list");
        }
        List<Bytes> values = new ArrayList<>();
        for (Object element : elements) {
            values.add(hex(field, element));
        }
        return values;
    }

    /** A list of hashes. */
    List<Digest> digests(String field) throws MalformedCaseException {
        List<Digest> digests = new ArrayList<>();
        for (Bytes element : list(field)) {
            digests.add(digest(field, element));
        }
        return digests;
    }

    /** The fields of an object within this one. */
    Case object(String field) throws MalformedCaseException {
        if (!(required(field) instanceof Map<?, ?> map)) {
            throw new MalformedCaseException(field, "not an object");
        }
        Map<String, Object> inner = new HashMap<>();
        map.forEach((name, value) -> inner.put((String) name, value));
        return new Case(inner);
    }

    private Object required(String field) throws MalformedCaseException {
        Object value = fields.get(field);
        if (value == null) {
            throw new MalformedCaseException(field, "missing");
        }
        return value;
    }

    private static Bytes hex(String field, Object value) throws MalformedCaseException {
        if (value instanceof String digits) {
            try {
                return Bytes.fromHex(digits);
            } catch (IllegalArgumentException e) {
                throw new MalformedCaseException(field, "not hexadecimal digits in pairs");
            }
        }
        throw new MalformedCaseException(field, "not a text");
    }

    private static Digest digest(String field, Bytes value) throws MalformedCaseException {
        if (value.size() != Digest.SIZE) {
            throw new MalformedCaseException(field, "not a hash of 32 bytes");
        }
        return Digest.of(value);
    }
}
