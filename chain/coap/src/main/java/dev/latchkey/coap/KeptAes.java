package dev.latchkey.coap;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import javax.security.auth.Destroyable;

/**
 * AES, one block after the other, of the provider that was there before, with the key schedules of the keys used lately:
 * Scandium makes its AES-CCM of it and begins each record with {@code init}, so that a server of many connections computed
 * a schedule for each record in and out, which cost more than the record itself. What is kept is forgotten when its key is
 * garbage or destroyed. For one thread, as every cipher.
 */
final class KeptAes extends CipherSpi {
    static final String NAME = "LatchkeyAes";

    private static final String AES = "AES/ECB/NoPadding";
    private static final int BLOCK_BYTES = 16;

    /** Each some 2.5 KB when used, in each thread. */
    private static final int PLACES = 4_096;

    /**
     * Where a key may be: at the place that follows from its identity or at one of the next ones. With one place each, of
     * 800 keys every fifth would share its own with another and be set up anew for each record.
     */
    private static final int WAYS = 4;

    private final Provider below;
    private final Kept[] places = new Kept[PLACES];
    private final ReferenceQueue<Key> garbage = new ReferenceQueue<>();
    private Optional<Kept> current = Optional.empty();
    private int displaced;

    /** A key and the cipher that was set up with it. */
    private static final class Kept extends WeakReference<Key> {
        private final int place;
        private final int mode;
        private final Cipher cipher;
        private final Optional<Kept> itself = Optional.of(this);
        private boolean midBlock;

        Kept(Key key, int place, int mode, Cipher cipher, ReferenceQueue<Key> garbage) {
            super(key, garbage);
            this.place = place;
            this.mode = mode;
            this.cipher = cipher;
        }
    }

    private KeptAes(Provider below) {
        this.below = below;
    }

    /** Puts it in front of what this process has; to call it again changes nothing. */
    static synchronized void install() {
        if (Security.getProvider(NAME) == null) {
            try {
                Security.insertProviderAt(new Ours(Cipher.getInstance(AES).getProvider()), 1);
            } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
                throw new IllegalStateException("the platform has no AES", e);
            }
        }
    }

    private static final class Ours extends Provider {
        private static final long serialVersionUID = 1;

        Ours(Provider below) {
            super(NAME, "1.0", "AES/ECB/NoPadding that keeps key schedules");
            putService(new Service(this, "Cipher", AES, KeptAes.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new KeptAes(below);
                }
            });
        }
    }

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
        forgetGarbage();
        int place = place(key, mode);
        Kept kept = places[place];
        if (!isOf(kept, key, mode) || kept.midBlock || isDestroyed(key)) {
            places[place] = null;
            kept = new Kept(key, place, mode, initialised(mode, key, random), garbage);
            places[place] = kept;
        }
        current = kept.itself;
    }

    /** Where the key is; else where it should be, if need be in another's stead. */
    private int place(Key key, int mode) {
        int first = System.identityHashCode(key);
        int free = -1;
        for (int way = 0; way < WAYS; way++) {
            int place = first + way & PLACES - 1;
            if (isOf(places[place], key, mode)) {
                return place;
            }
            if (free < 0 && places[place] == null) {
                free = place;
            }
        }
        return free >= 0 ? free : first + (displaced++ & WAYS - 1) & PLACES - 1;
    }

    private static boolean isOf(Kept kept, Key key, int mode) {
        return kept != null && kept.refersTo(key) && kept.mode == mode;
    }

    private Cipher initialised(int mode, Key key, SecureRandom random) throws InvalidKeyException {
        try {
            Cipher cipher = Cipher.getInstance(AES, below);
            cipher.init(mode, key, random);
            return cipher;
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw new IllegalStateException("a provider has lost its AES", e);
        }
    }

    private static boolean isDestroyed(Key key) {
        return key instanceof Destroyable && ((Destroyable) key).isDestroyed();
    }

    private void forgetGarbage() {
        for (Object gone = garbage.poll(); gone != null; gone = garbage.poll()) {
            Kept kept = (Kept) gone;
            if (places[kept.place] == kept) {
                places[kept.place] = null;
            }
        }
    }

    private Cipher cipher() {
        return current.orElseThrow(() -> new IllegalStateException("the cipher has no key")).cipher;
    }

    @Override
    protected int engineUpdate(byte[] input, int from, int size, byte[] output, int to) throws ShortBufferException {
        // Part of a block would be waiting for whoever uses the key next.
        if (size % BLOCK_BYTES != 0) {
            current.ifPresent(kept -> kept.midBlock = true);
        }
        return cipher().update(input, from, size, output, to);
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int from, int size) {
        current.ifPresent(kept -> kept.midBlock = true);
        return cipher().update(input, from, size);
    }

    @Override
    protected byte[] engineDoFinal(byte[] input, int from, int size)
            throws IllegalBlockSizeException, BadPaddingException {
        return cipher().doFinal(input, from, size);
    }

    @Override
    protected int engineDoFinal(byte[] input, int from, int size, byte[] output, int to)
            throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
        return cipher().doFinal(input, from, size, output, to);
    }

    @Override
    protected int engineGetBlockSize() {
        return BLOCK_BYTES;
    }

    @Override
    protected int engineGetOutputSize(int size) {
        return cipher().getOutputSize(size);
    }

    @Override
    protected int engineGetKeySize(Key key) throws InvalidKeyException {
        return key.getEncoded().length * Byte.SIZE;
    }

    @Override
    protected byte[] engineGetIV() {
        return null;
    }

    @Override
    protected AlgorithmParameters engineGetParameters() {
        return null;
    }

    @Override
    protected void engineInit(int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new InvalidAlgorithmParameterException("ECB takes no parameters");
        }
        engineInit(mode, key, random);
    }

    @Override
    protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new InvalidAlgorithmParameterException("ECB takes no parameters");
        }
        engineInit(mode, key, random);
    }

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
        throw new NoSuchAlgorithmException(mode);
    }

    @Override
    protected void engineSetPadding(String padding) throws NoSuchPaddingException {
        throw new NoSuchPaddingException(padding);
    }
}
