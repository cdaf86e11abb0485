/** Control bits of a TCP header, RFC 9293 section 3.1. */

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;
export const URG = 32;
/** The bits that open and close connections. */
export const CONTROL = FIN | SYN | RST;
