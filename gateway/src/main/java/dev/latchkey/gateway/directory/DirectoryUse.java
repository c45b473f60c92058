package dev.latchkey.gateway.directory;

/**
 * How much of the resource directory is taken, and how it is used.
 *
 * @param registrations kept, also those that are over and not swept yet
 * @param bytes they take, as they are stored
 * @param bound of these bytes
 * @param lookups answered since the start
 * @param refused registrations and renewals for which there was no room, since the start
 */
public record DirectoryUse(long registrations, long bytes, long bound, long lookups, long refused) {}
