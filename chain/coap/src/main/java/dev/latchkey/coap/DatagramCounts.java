package dev.latchkey.coap;

import org.eclipse.californium.scandium.DtlsHealth;

/** Counts what Scandium says of records; safe for use by many threads. Handshakes are counted where they are bounded. */
final class DatagramCounts implements DtlsHealth {
    private final Tally tally;

    DatagramCounts(Tally tally) {
        this.tally = tally;
    }

    @Override
    public boolean isEnabled() {
        return true;
    }

    /** Called for each datagram with false, and again with true for what of it is dropped. */
    @Override
    public void receivingRecord(boolean drop) {
        (drop ? tally.recordsDropped : tally.recordsReceived).increment();
    }

    @Override
    public void receivingMacError() {
        tally.macErrors.increment();
    }

    @Override
    public void dump() {}

    @Override
    public void startHandshake() {}

    @Override
    public void endHandshake(boolean success) {}

    @Override
    public void sendingRecord(boolean drop) {}

    @Override
    public void setMaxConnections(int max) {}

    @Override
    public void setConnections(int count) {}

    @Override
    public void setPendingIncomingJobs(int count) {}

    @Override
    public void setPendingOutgoingJobs(int count) {}

    @Override
    public void setPendingHandshakeJobs(int count) {}

    @Override
    public void applicationAuthorizationRejected(boolean rejected) {}
}
