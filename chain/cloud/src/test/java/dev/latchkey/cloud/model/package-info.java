/** Random streams of all transaction kinds over three chains, against a model that knows only who should stand where. */
package dev.latchkey.cloud.model;
