package dev.latchkey.envelope;

/** What one member of a session sends under: the chain key of its first epoch and the IV of all its readings. */
record SenderSecrets(Secret chain, Secret iv) {
    @Override
    public String toString() {
        return "SenderSecrets";
    }
}
