/**
 * The resources that devices see, each as one handler: who may ask, what is answered, which code stands for which
 * refusal. Imports {@code coap} and the parts of the gateway that do the work; holds no state of its own.
 */
package dev.latchkey.gateway.tree;
