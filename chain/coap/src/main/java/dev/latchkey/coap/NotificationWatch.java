package dev.latchkey.coap;

import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Response;

/** Follows one notification on its way, so that {@link AddressProof} learns what became of it. */
final class NotificationWatch extends MessageObserverAdapter {
    private final ServerObservation observation;
    private final Response notification;

    NotificationWatch(ServerObservation observation, Response notification) {
        this.observation = observation;
        this.notification = notification;
    }

    @Override
    public void onAcknowledgement() {
        proof().acknowledged(notification);
    }

    /** Before it is sent again: to an address that is not proved goes the newest state instead, if anything. */
    @Override
    public void onRetransmission() {
        if (!proof().mayRepeat(observation.link().address(), notification)) {
            notification.cancel();
            observation.run();
        }
    }

    @Override
    public void onCancel() {
        failed();
    }

    @Override
    protected void failed() {
        proof().failed(notification);
    }

    private AddressProof proof() {
        return observation.link().proof();
    }
}
