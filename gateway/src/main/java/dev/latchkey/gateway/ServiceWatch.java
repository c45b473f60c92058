package dev.latchkey.gateway;

import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.ReplicaListener;
import dev.latchkey.transaction.Policy;
import java.util.function.Consumer;

/** Hands what the replica tells to those whom it concerns. */
record ServiceWatch(Notifier notifier, Runnable newHead, Consumer<Policy> newPolicy) implements ReplicaListener {
    @Override
    public void memberEnded(MemberHandle handle) {
        notifier.memberEnded(handle);
    }

    @Override
    public void policyChanged(Policy policy) {
        newPolicy.accept(policy);
    }

    @Override
    public void headChanged(Head head) {
        notifier.headChanged();
        newHead.run();
    }
}
