/** Bytes that a QR code of version 40 holds with little correction, less a margin: what is longer is a file alone. */
export const MOST_IN_QR = 2900;
