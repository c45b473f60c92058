/**
 * What a run of the simulator measures about itself, second by second, and how that is shown: live on the screen, as
 * tables, as JSON, and as a page with plots that needs neither network nor script.
 *
 * <p>Knows no device and no scenario: it is told. May import {@code dev.latchkey.console} and HdrHistogram.
 */
package dev.latchkey.sim.measure;
