/** What clients of a cluster saw, and whether a single log that nothing was lost from could have answered them so. */
package dev.latchkey.cloud.history;
