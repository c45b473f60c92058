package dev.latchkey.gateway.admin;

/** One thing of a gateway that administrators can look at or steer; safe for use by many threads. */
public interface AdminResource {
    /** Adds its paths and methods. */
    void addTo(AdminRoutes routes);
}
