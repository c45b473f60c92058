package dev.latchkey.gateway.directory;

/**
 * How far registrations may grow.
 *
 * @param bytes of all registrations, as they are stored
 * @param bytesPerMember of the links of one registration, of which each member has one
 * @param linksPerMember links of one registration
 */
public record DirectoryBounds(long bytes, int bytesPerMember, int linksPerMember) {}
