/**
 * The other roles as processes: started through the launcher, known to be in service by their READY line, stopped with
 * whoever started them.
 *
 * <p>May import nothing of Latchkey's but the console.
 */
package dev.latchkey.sim.process;
